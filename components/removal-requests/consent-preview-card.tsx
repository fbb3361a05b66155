import { formatNumberOf } from '@/components/ui/format-count';
import type { ConsentPreview } from '@/lib/removal-requests/schema';
import { LeavingTime } from './leaving-time';
import { SmsBubble } from './sms-bubble';

interface ConsentPreviewCardProps {
  consent: ConsentPreview;
  timeZone: string;
}

/**
 * The consent SMS before anybody agrees to it: its words, its size, when it leaves, how long its answer is
 * waited for.
 */
export function ConsentPreviewCard({ consent, timeZone }: ConsentPreviewCardProps) {
  return (
    <figure className="rounded-md border border-line bg-canvas p-3.5">
      <figcaption className="mb-2 text-sm font-medium">The SMS that asks the recipient</figcaption>
      <SmsBubble>{consent.text}</SmsBubble>
      <p className="mt-2.5 text-sm text-ink-soft">
        It leaves <LeavingTime dueAt={consent.dueAt} timeZone={timeZone} />, once, and costs you nothing. The
        recipient then has {formatNumberOf(consent.expiryDays, 'day')} to answer.
      </p>
      <p className="mt-1 text-xs text-ink-faint">
        {formatNumberOf(consent.segments, 'segment')} · {consent.encoding} · Such an SMS is sent at lawful
        hours only, never on Sundays and public holidays.
      </p>
    </figure>
  );
}
