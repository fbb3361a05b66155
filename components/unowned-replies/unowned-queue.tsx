'use client';

import { useState } from 'react';
import { Card } from '@/components/ui/card';
import { Dialog } from '@/components/ui/dialog';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { unownedStateLabels } from '@/lib/unowned-replies/labels';
import type { UnownedReply } from '@/lib/unowned-replies/list';
import type { UnownedState, WaitingCounts } from '@/lib/unowned-replies/schema';
import { staffTimeZone } from '@/lib/lists/schema';
import type { UnownedActions } from './unowned-decision';
import { UnownedDetail, UnownedStateBadge } from './unowned-detail';

interface UnownedQueueProps {
  /** The certain ones first, and of each the longest waiting. */
  replies: readonly UnownedReply[];
  counts: WaitingCounts;
  decide: UnownedActions;
}

/** The replies without an owner that a member of staff is to decide about. */
export function UnownedQueue({ replies, counts, decide }: UnownedQueueProps) {
  const [opened, setOpened] = useState<{ reply: UnownedReply; isOpen: boolean } | null>(null);
  const close = () => setOpened((current) => current && { ...current, isOpen: false });
  return (
    <Card title="Waiting for a decision" className="mb-4">
      <ul className="divide-y divide-line">
        {replies.map((reply) => (
          <li key={`${reply.msisdn} ${reply.id}`}>
            <button
              type="button"
              aria-haspopup="dialog"
              onClick={() => setOpened({ reply, isOpen: true })}
              className="flex w-full flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5 text-left text-sm hover:bg-canvas focus-visible:-outline-offset-2"
            >
              <span className="font-medium">
                <PhoneNumber msisdn={reply.msisdn} />
              </span>
              <span className="line-clamp-2 min-w-0 grow wrap-anywhere max-sm:order-last max-sm:basis-full sm:basis-40">
                {reply.text}
              </span>
              <span className="max-sm:ml-auto">
                <UnownedStateBadge state={reply.state} />
              </span>
              <span className="w-24 text-right text-xs text-ink-faint max-sm:hidden">
                <RelativeTime value={reply.receivedAt} timeZone={staffTimeZone} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {counts.certain + counts.unsure > replies.length && (
        <p className="flex flex-wrap gap-x-5 gap-y-1 border-t border-line px-4 py-2.5 text-sm">
          <AllOf state="WAITING" count={counts.certain} />
          <AllOf state="UNSURE" count={counts.unsure} />
        </p>
      )}
      <Dialog
        placement="end"
        open={opened?.isOpen ?? false}
        onClose={close}
        title={opened ? formatMsisdn(opened.reply.msisdn) : ''}
      >
        {opened && <UnownedDetail key={opened.reply.id} row={opened.reply} decide={decide} onDone={close} />}
      </Dialog>
    </Card>
  );
}

function AllOf({ state, count }: { state: UnownedState; count: number }) {
  if (count === 0) return null;
  return (
    <Link
      href={`/admin/replies?state=${state}`}
      className="text-accent-text underline-offset-4 hover:underline"
    >
      {unownedStateLabels[state]}: all {count > 99 ? '99+' : formatCount(count)}
    </Link>
  );
}
