'use client';

import { useRef, useState } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useOnce } from '@/components/actions/use-once';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { PhoneNumber } from '@/components/ui/phone-number';
import { showToast } from '@/components/ui/toast';
import type { RemoveOptOutResult } from '@/lib/opt-outs/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { AddOptOuts, RemoveOptOuts } from './actions';

const listedAtMost = 8;

interface RemoveDialogProps {
  open: boolean;
  onClose: () => void;
  /** What is to be removed; one or more. */
  msisdns: readonly string[];
  remove: RemoveOptOuts;
  /** Some were removed. */
  onRemoved: (msisdns: string[]) => void;
}

/** Delete Opt-Out Number: says what it means, then does it, and says what could not be. */
export function RemoveDialog({ open, onClose, msisdns, remove, onRemoved }: RemoveDialogProps) {
  const [refusals, setRefusals] = useState<{ title?: string; lines: string[] } | null>(null);
  /** Removed perhaps, by a call that got no answer. */
  const isUnsure = useRef(false);
  const [first = ''] = msisdns;
  const isOne = msisdns.length === 1;
  const what = isOne ? formatMsisdn(first) : 'these numbers';
  const { run, isPending, problem } = useAction({
    undone: `Nothing was removed; ${what} ${isOne ? 'is' : 'are'} still on the list.`,
    unsure: `We do not know whether ${what} ${isOne ? 'was' : 'were'} removed. Try again: that does no harm.`,
  });

  function press() {
    run(
      prepareCall(remove, [...msisdns]),
      (answer) => {
        const isGone = (result: RemoveOptOutResult | undefined) =>
          result?.ok === true || (isUnsure.current && result?.ok === false && result.reason === 'not-there');
        const removed = msisdns.filter((_, index) => isGone(answer.results[index]));
        if (removed.length > 0) onRemoved(removed);
        const refused = answer.results.filter((result) => !isGone(result)).filter(isRefused);
        if (refused.length === 0) {
          onClose();
          return;
        }
        setRefusals({
          title: isOne
            ? undefined
            : `${formatCount(refused.length)} of ${formatNumberOf(msisdns.length, 'number')} could not be removed`,
          lines: refused.map(({ message }) => message),
        });
      },
      { onFailure: (failure) => (isUnsure.current ||= !failure.isUndone) },
    );
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
        {!refusals && (
          <p className="text-sm text-ink-soft">
            Your account can then write to {isOne ? 'this number' : 'these numbers'} again. If the recipient
            has asked you not to, leave {isOne ? 'it' : 'them'} on the list. The removal is kept in the story
            of the number, with your name.
          </p>
        )}
        <ProblemCallout problem={problem} />
        {refusals && (
          <Callout tone="warn" announce title={refusals.title}>
            {refusals.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </Callout>
        )}
        <div className="flex justify-end gap-2 max-sm:*:grow">
          {refusals ? (
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

/** Undoes a removal as soon as it is there, and says so when that fails. */
export function AddAgain({ msisdns, add }: { msisdns: readonly string[]; add: AddOptOuts }) {
  const { run, problem } = useAction({
    undone: 'Nothing was added again: what you removed is not opted out.',
    unsure: 'We do not know whether what you removed is opted out again. Try again: that does no harm.',
  });
  useOnce(() =>
    run(prepareCall(add, msisdns.join('\n')), () => {
      showToast('Added again, by hand');
      return undefined;
    }),
  );
  return (
    problem && (
      <div className="mb-3">
        <ProblemCallout problem={problem} />
      </div>
    )
  );
}
