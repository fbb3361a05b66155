import type { ReactNode } from 'react';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { ReplyRow } from '@/lib/replies/list';
import { VerdictBadge } from './verdict-badge';

/** One reply in a short list. */
export function ReplyLine({ reply, time }: { reply: ReplyRow; time: ReactNode }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:grid-cols-[9rem_minmax(0,1fr)_6.5rem_8rem]">
      <span className="font-medium">
        <PhoneNumber msisdn={reply.msisdn} />
      </span>
      <span className="truncate max-sm:order-3 max-sm:col-span-2">
        {reply.text || <span className="text-ink-faint italic">Empty text</span>}
      </span>
      <span className="max-sm:order-2">
        <VerdictBadge verdict={reply.verdict} />
      </span>
      <span className="text-ink-faint max-sm:order-4 max-sm:text-xs sm:text-right">{time}</span>
    </li>
  );
}
