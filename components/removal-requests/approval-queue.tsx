'use client';

import { Check, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { usePrompt } from '@/components/actions/use-prompt';
import { focusTable } from '@/components/data-table/table-rows';
import { useMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { Kbd } from '@/components/ui/kbd';
import { showToast } from '@/components/ui/toast';
import { staffTimeZone } from '@/lib/lists/schema';
import type { QueueList, QueueRow } from '@/lib/removal-requests/list';
import type { Decision, DecisionResult } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { composeDecisionPrompt, type Decide, type Decided } from './decision-prompt';
import { RequestsTable } from './requests-table';

interface ApprovalQueueProps {
  list: QueueList;
  /** Awaiting approval, the oldest first. */
  rows: QueueRow[];
  /** There are more than these. */
  more: boolean;
  decide: Decide;
}

/** What was not decided, and why: someone else was first. */
interface Missed {
  msisdn: string;
  message: string;
}

const verbs = { approve: 'approved', reject: 'rejected' };

/** The requests that wait for a decision: read, select, approve, reject, with the mouse or without. */
export function ApprovalQueue({ list, rows, more, decide }: ApprovalQueueProps) {
  const [hasDecided, setHasDecided] = useState(false);
  const [missed, setMissed] = useState<readonly Missed[]>([]);
  const { ask, dialog } = usePrompt<Decided>();
  const mayDecide = useMay('removal-requests.decide');

  useEffect(() => {
    // The row that had the focus is gone with its request: the next one takes its place.
    if (hasDecided) focusTable(list.label);
  }, [rows, hasDecided, list.label]);

  function open(decision: Decision['decision'], targets: readonly QueueRow[], clear?: () => void) {
    if (!mayDecide) return;
    const requests = targets.map(({ id, accountId, msisdn, accountName }) => ({
      accountId,
      requestId: id,
      msisdn,
      accountName,
    }));
    ask(
      composeDecisionPrompt(decision, requests, decide, (results) => {
        showResults(decision, targets, results);
        clear?.();
      }),
    );
  }

  function showResults(
    decision: Decision['decision'],
    targets: readonly QueueRow[],
    results: readonly DecisionResult[],
  ) {
    const failures = results.flatMap((result) =>
      result.ok
        ? []
        : [
            {
              msisdn: targets.find(({ id }) => id === result.requestId)?.msisdn ?? '',
              message: result.message,
            },
          ],
    );
    const done = results.length - failures.length;
    if (done > 0) showToast(`${formatNumberOf(done, 'request')} ${verbs[decision]}.`);
    setMissed(failures);
    setHasDecided(true);
  }

  return (
    <div className="grid gap-4">
      {missed.length > 0 && (
        <Callout
          tone="warn"
          announce
          title={`${formatNumberOf(missed.length, 'request')} left as ${missed.length === 1 ? 'it was' : 'they were'}`}
        >
          <ul className="space-y-0.5">
            {missed.map(({ msisdn, message }) => (
              <li key={msisdn}>
                {formatMsisdn(msisdn)}: {message}
              </li>
            ))}
          </ul>
        </Callout>
      )}
      <RequestsTable
        list={list}
        audience="staff"
        timeZone={staffTimeZone}
        page={{ rows, newer: null, older: null }}
        hiddenColumns={[]}
        opensPage
        empty={
          <EmptyState kind="nothing-yet" title="Nothing waits for you">
            A request appears here as soon as its recipient has answered YES.
          </EmptyState>
        }
        keys={(targets) => ({ a: () => open('approve', targets), r: () => open('reject', targets) })}
        selection={
          mayDecide
            ? (selected, clear) => (
                <>
                  <Button size="small" aria-haspopup="dialog" onClick={() => open('reject', selected, clear)}>
                    <X aria-hidden="true" className="size-4" />
                    Reject
                  </Button>
                  <Button
                    size="small"
                    variant="primary"
                    aria-haspopup="dialog"
                    onClick={() => open('approve', selected, clear)}
                  >
                    <Check aria-hidden="true" className="size-4" />
                    Approve
                  </Button>
                </>
              )
            : undefined
        }
        foot={
          <div className="flex flex-wrap items-center gap-x-5 gap-y-1 px-4 py-2.5 text-xs text-ink-faint">
            <span>
              {more ? `The ${rows.length} oldest; more follow` : formatNumberOf(rows.length, 'request')}
            </span>
            <span className="ml-auto flex flex-wrap gap-x-4 gap-y-1 max-sm:hidden">
              <Hint keys={['J', 'K']}>move</Hint>
              {mayDecide && <Hint keys={['X']}>select</Hint>}
              <Hint keys={['Enter']}>open</Hint>
              {mayDecide && (
                <>
                  <Hint keys={['A']}>approve</Hint>
                  <Hint keys={['R']}>reject</Hint>
                </>
              )}
            </span>
          </div>
        }
      />
      {dialog}
    </div>
  );
}

function Hint({ keys, children }: { keys: readonly string[]; children: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
      {children}
    </span>
  );
}
