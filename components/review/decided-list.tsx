'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { PhoneNumber } from '@/components/ui/phone-number';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { RecentDecision } from './review-decisions';
import { useSecondsLeft } from './use-seconds-left';

interface DecidedListProps {
  decisions: readonly RecentDecision[];
  /** The replies whose decisions are being taken back. */
  undoingIds: ReadonlySet<string>;
  onUndo: (decision: RecentDecision) => void;
}

/** What was decided in the last minutes, with the way back where there is one. */
export function DecidedList({ decisions, undoingIds, onUndo }: DecidedListProps) {
  return (
    <Card title="Decided just now" className="mt-6">
      <ul aria-label="Decided just now" className="divide-y divide-line text-sm">
        {decisions.map((decision) => (
          <DecidedRow
            key={`${decision.replyId} ${decision.decision}`}
            {...decision}
            isUndoing={undoingIds.has(decision.replyId)}
            onUndo={() => onUndo(decision)}
          />
        ))}
      </ul>
    </Card>
  );
}

function DecidedRow({
  msisdn,
  text,
  decision,
  canUndo,
  toldInMs,
  isUndoing,
  onUndo,
}: RecentDecision & { isUndoing: boolean; onUndo: () => void }) {
  // One moment for both, so that server and browser begin with the same second.
  const [{ now, until }] = useState(() => {
    const now = Date.now();
    return { now, until: toldInMs === null ? null : now + toldInMs };
  });
  const secondsLeft = useSecondsLeft(until, now);
  const isTold = !canUndo || secondsLeft === 0;
  return (
    <li className="flex min-h-12 items-center gap-3 px-4 py-2">
      <div className="min-w-0 grow sm:flex sm:items-baseline sm:gap-3">
        <p className="shrink-0 sm:w-72">
          <span className="font-medium">
            <PhoneNumber msisdn={msisdn} />
          </span>{' '}
          <span className="whitespace-nowrap text-ink-soft">
            {decision === 'OPTED_OUT' ? 'is opted out' : 'is not an opt-out'}
          </span>
        </p>
        <p className="truncate text-ink-soft">{text && `“${text}”`}</p>
      </div>
      {isTold ? (
        <p className="shrink-0 text-xs text-ink-faint">Told by SMS</p>
      ) : (
        <>
          {secondsLeft !== null && (
            <p className="shrink-0 text-xs text-ink-faint tabular-nums max-sm:sr-only">
              SMS leaves in {secondsLeft} s
            </p>
          )}
          <Button
            size="small"
            pending={isUndoing}
            onClick={onUndo}
            aria-label={`Undo: ${formatMsisdn(msisdn)}`}
          >
            Undo
          </Button>
        </>
      )}
    </li>
  );
}
