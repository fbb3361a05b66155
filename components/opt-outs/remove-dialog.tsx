'use client';

import { unstable_rethrow } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { RemoveOptOutResult, RemoveOptOutsAnswer } from '@/lib/opt-outs/schema';

const listedAtMost = 8;

interface RemoveDialogProps {
  open: boolean;
  onClose: () => void;
  /** What is to be removed; one or more. */
  msisdns: readonly string[];
  remove: (msisdns: string[]) => Promise<RemoveOptOutsAnswer>;
  /** Some were removed. */
  onRemoved: (msisdns: string[]) => void;
}

/** Delete Opt-Out Number: says what it means, then does it, and says what could not be. */
export function RemoveDialog({ open, onClose, msisdns, remove, onRemoved }: RemoveDialogProps) {
  const [isPending, startTransition] = useTransition();
  const [problem, setProblem] = useState<{ title?: string; lines: string[]; isOver: boolean } | null>(null);
  const [first = ''] = msisdns;
  const isOne = msisdns.length === 1;

  function press() {
    startTransition(async () => {
      try {
        const answer = await remove([...msisdns]);
        if (!answer.ok) return setProblem({ lines: [answer.message], isOver: false });
        const removed = msisdns.filter((_, index) => answer.results[index]?.ok);
        if (removed.length > 0) onRemoved(removed);
        const refused = answer.results.filter(isRefused);
        if (refused.length === 0) return onClose();
        setProblem({
          title: isOne
            ? undefined
            : `${formatCount(refused.length)} of ${formatNumberOf(msisdns.length, 'number')} could not be removed`,
          lines: refused.map(({ message }) => message),
          isOver: true,
        });
      } catch (error) {
        // A redirect to the sign-in page travels as an error, and is none.
        unstable_rethrow(error);
        setProblem({
          lines: ['The server could not be reached, so this may not have been done. Try again.'],
          isOver: false,
        });
      }
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={isOne ? 'Delete Opt-Out Number' : 'Delete Opt-Out Numbers'}
      description={
        isOne ? (
          <>
            Remove{' '}
            <strong className="font-semibold text-ink">
              <PhoneNumber msisdn={first} />
            </strong>{' '}
            from <span className="whitespace-nowrap">Auto Opt-Outs</span>?
          </>
        ) : (
          `Remove ${formatCount(msisdns.length)} numbers from Auto Opt-Outs?`
        )
      }
    >
      <div className="grid gap-4 px-5 pt-1 pb-5">
        {!isOne && (
          <ul className="grid grid-cols-2 gap-x-4 gap-y-0.5 text-sm tabular-nums">
            {msisdns.slice(0, listedAtMost).map((msisdn) => (
              <li key={msisdn}>
                <PhoneNumber msisdn={msisdn} />
              </li>
            ))}
            {msisdns.length > listedAtMost && (
              <li className="text-ink-faint">and {formatCount(msisdns.length - listedAtMost)} more</li>
            )}
          </ul>
        )}
        {!problem?.isOver && (
          <p className="text-sm text-ink-soft">
            Your account can then write to {isOne ? 'this number' : 'these numbers'} again. If the recipient
            has asked you not to, leave {isOne ? 'it' : 'them'} on the list. The removal is kept in the story
            of the number, with your name.
          </p>
        )}
        {problem && (
          <Callout tone={problem.isOver ? 'warn' : 'bad'} announce title={problem.title}>
            {problem.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </Callout>
        )}
        <div className="flex justify-end gap-2 max-sm:*:grow">
          {problem?.isOver ? (
            <Button variant="primary" onClick={onClose}>
              Close
            </Button>
          ) : (
            <>
              <Button data-autofocus onClick={onClose}>
                Cancel
              </Button>
              <Button variant="danger" pending={isPending} onClick={press}>
                {isOne ? 'Delete' : `Delete ${formatNumberOf(msisdns.length, 'number')}`}
              </Button>
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function isRefused(result: RemoveOptOutResult): result is Extract<RemoveOptOutResult, { ok: false }> {
  return !result.ok;
}
