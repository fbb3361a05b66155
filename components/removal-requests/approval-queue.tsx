'use client';

import { Check, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { focusRow } from '@/components/data-table/table-rows';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { Kbd } from '@/components/ui/kbd';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { RelativeTime } from '@/components/ui/relative-time';
import { showToast } from '@/components/ui/toast';
import type { Decision, DecisionResult, QueueRow } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { composeDecisionPrompt, type Decide, type Decided } from './decision-prompt';
import { staffTimeZone } from '@/components/platform/staff-time-zone';
import { usePageKeys } from '@/components/data-table/use-page-keys';
import { usePrompt } from '@/components/actions/use-prompt';

interface ApprovalQueueProps {
  /** Awaiting approval, the oldest first. */
  rows: readonly QueueRow[];
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

function getHref({ accountId, id }: QueueRow): string {
  return `/admin/removal-requests/${accountId}/${id}`;
}

/** The requests that wait for a decision: read, select, approve, reject, with the mouse or without. */
export function ApprovalQueue({ rows, more, decide }: ApprovalQueueProps) {
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const [hasDecided, setHasDecided] = useState(false);
  const [missed, setMissed] = useState<readonly Missed[]>([]);
  const { ask, dialog } = usePrompt<Decided>();
  // Of what was picked, someone else may have decided some meanwhile.
  const selected = rows.filter((row) => picked.has(row.id));
  const activeIndex = Math.min(active, rows.length - 1);

  usePageKeys({
    j: () => focusRow(body.current, activeIndex),
    k: () => focusRow(body.current, activeIndex),
  });

  useEffect(() => {
    // The row that had the focus is gone with its request: the next one takes its place.
    if (hasDecided && document.activeElement === document.body) focusRow(body.current, activeIndex);
  }, [rows, hasDecided, activeIndex]);

  function toggle(id: string) {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  }

  function open(decision: Decision['decision'], targets: readonly QueueRow[]) {
    if (targets.length === 0) return;
    const requests = targets.map(({ id, accountId, msisdn, accountName }) => ({
      accountId,
      requestId: id,
      msisdn,
      accountName,
    }));
    ask(composeDecisionPrompt(decision, requests, decide, (results) => tell(decision, targets, results)));
  }

  function tell(
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
    setPicked(new Set());
    setHasDecided(true);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, row: QueueRow, index: number) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onControl = event.target !== event.currentTarget;
    const targets = selected.length > 0 ? selected : [row];
    const move = (to: number) => focusRow(body.current, to);
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(index + 1),
      ArrowUp: () => move(index - 1),
      j: () => move(index + 1),
      k: () => move(index - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      x: () => toggle(row.id),
      a: () => open('approve', targets),
      r: () => open('reject', targets),
      Escape: () => setPicked(new Set()),
      ...(!onControl && { Enter: () => router.push(getHref(row)), ' ': () => toggle(row.id) }),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function onRowClick(event: MouseEvent, row: QueueRow) {
    const isControl = event.target instanceof Element && event.target.closest('a, button, label, input');
    if (!isControl && window.getSelection()?.isCollapsed !== false) router.push(getHref(row));
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
      <section aria-label="Awaiting approval" className="rounded-lg border border-line bg-surface">
        {rows.length === 0 ? (
          <EmptyState kind="nothing-yet" title="Nothing waits for you">
            A request appears here as soon as its recipient has answered YES.
          </EmptyState>
        ) : (
          <>
            <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
              <label className="flex items-center gap-3 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  ref={(box) => {
                    if (box) box.indeterminate = selected.length > 0 && selected.length < rows.length;
                  }}
                  checked={selected.length === rows.length}
                  onChange={(event) =>
                    setPicked(new Set(event.target.checked ? rows.map(({ id }) => id) : []))
                  }
                />
                {selected.length === 0 ? 'Select all' : `${selected.length} selected`}
              </label>
              <span className="ml-auto flex gap-2">
                <Button
                  size="small"
                  aria-haspopup="dialog"
                  disabled={selected.length === 0}
                  onClick={() => open('reject', selected)}
                >
                  <X aria-hidden="true" className="size-4" />
                  Reject
                </Button>
                <Button
                  size="small"
                  variant="primary"
                  aria-haspopup="dialog"
                  disabled={selected.length === 0}
                  onClick={() => open('approve', selected)}
                >
                  <Check aria-hidden="true" className="size-4" />
                  Approve
                </Button>
              </span>
            </div>
            {/* The roles are written out because display: grid, on a phone, would take them away. */}
            <table
              role="table"
              aria-label="Awaiting approval"
              className="w-full table-fixed text-sm max-sm:block"
            >
              <thead role="rowgroup" className="text-xs text-ink-faint max-sm:sr-only">
                <tr
                  role="row"
                  className="*:border-b *:border-line *:px-3 *:py-2 *:text-left *:font-medium *:first:pl-4 *:last:pr-4"
                >
                  <th role="columnheader" scope="col" className="w-11">
                    <span className="sr-only">Selected</span>
                  </th>
                  <th role="columnheader" scope="col" className="w-44">
                    Number
                  </th>
                  <th role="columnheader" scope="col" className="w-64 max-lg:hidden">
                    Account
                  </th>
                  <th role="columnheader" scope="col" className="w-40">
                    Opted out with
                  </th>
                  <th role="columnheader" scope="col">
                    Answered
                  </th>
                  <th role="columnheader" scope="col" className="w-28 text-right!">
                    Waiting since
                  </th>
                </tr>
              </thead>
              <tbody role="rowgroup" ref={body} className="max-sm:block">
                {rows.map((row, index) => (
                  <tr
                    key={row.id}
                    role="row"
                    tabIndex={index === activeIndex ? 0 : -1}
                    aria-selected={picked.has(row.id)}
                    onFocus={() => setActive(index)}
                    onKeyDown={(event) => onKeyDown(event, row, index)}
                    onClick={(event) => onRowClick(event, row)}
                    className="cursor-default scroll-mt-28 border-line not-last:border-b hover:bg-canvas focus-visible:bg-canvas focus-visible:-outline-offset-2 aria-selected:bg-accent-soft max-sm:grid max-sm:grid-cols-[1.75rem_minmax(0,1fr)_auto] max-sm:gap-x-2 max-sm:gap-y-1 max-sm:px-4 max-sm:py-3 sm:h-12 sm:*:px-3 sm:*:first:pl-4 sm:*:last:pr-4"
                  >
                    <td role="cell" className="max-sm:row-span-3">
                      <label className="flex size-5 items-center">
                        <input
                          type="checkbox"
                          tabIndex={-1}
                          aria-label={`Select ${formatMsisdn(row.msisdn)}`}
                          checked={picked.has(row.id)}
                          onChange={() => toggle(row.id)}
                          className="size-4 accent-accent"
                        />
                      </label>
                    </td>
                    <td role="cell">
                      <Link
                        href={getHref(row)}
                        tabIndex={-1}
                        className="font-medium underline-offset-4 hover:underline"
                      >
                        <PhoneNumber msisdn={row.msisdn} />
                      </Link>
                      <span className="block truncate text-xs text-ink-faint lg:hidden">
                        {row.accountName}
                      </span>
                    </td>
                    <td role="cell" className="truncate max-lg:hidden">
                      {row.accountName} <span className="text-ink-faint tabular-nums">W{row.accountId}</span>
                    </td>
                    <td role="cell" className="truncate text-ink-soft max-sm:col-start-2 max-sm:row-start-2">
                      {row.blockText ?? <span className="text-ink-faint">No reply</span>}
                    </td>
                    <td role="cell" className="truncate font-medium max-sm:col-start-2 max-sm:row-start-3">
                      {row.answerText}
                    </td>
                    <td
                      role="cell"
                      className="text-right text-ink-soft max-sm:col-start-3 max-sm:row-start-1 max-sm:text-xs"
                    >
                      <RelativeTime value={row.answeredAt ?? row.createdAt} timeZone={staffTimeZone} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div className="flex flex-wrap items-center gap-x-5 gap-y-1 border-t border-line px-4 py-2.5 text-xs text-ink-faint">
              <span>
                {more ? `The ${rows.length} oldest; more follow` : formatNumberOf(rows.length, 'request')}
              </span>
              <span className="ml-auto flex flex-wrap gap-x-4 gap-y-1 max-sm:hidden">
                <Hint keys={['J', 'K']}>move</Hint>
                <Hint keys={['X']}>select</Hint>
                <Hint keys={['Enter']}>open</Hint>
                <Hint keys={['A']}>approve</Hint>
                <Hint keys={['R']}>reject</Hint>
              </span>
            </div>
          </>
        )}
      </section>
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
