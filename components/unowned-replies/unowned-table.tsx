'use client';

import { useMemo, useState } from 'react';
import { createColumns } from '@/components/data-table/column';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import type { ListFilter } from '@/components/data-table/filters';
import type { ListPage, ListProblem } from '@/components/data-table/list-page';
import { LiveIndicator } from '@/components/live/live-indicator';
import { VerdictBadge } from '@/components/messages/verdict-badge';
import { Badge, type Tone } from '@/components/ui/badge';
import { CutNote } from '@/components/ui/cut-note';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import { verdictLabels } from '@/lib/replies/labels';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import { unownedStateLabels } from '@/lib/unowned-replies/labels';
import type { UnownedReply, UnownedState } from '@/lib/unowned-replies/schema';
import { staffTimeZone } from '@/components/platform/staff-time-zone';
import { UnownedDecision, type UnownedActions } from './unowned-decision';

const column = createColumns<UnownedReply>();

const columns = [
  column.display({
    id: 'number',
    header: 'Number',
    enableHiding: false,
    meta: { width: 'w-40', card: 'title' },
    cell: ({ row }) => <PhoneNumber msisdn={row.original.msisdn} />,
  }),
  column.display({
    id: 'reply',
    header: 'Reply',
    meta: { card: 'body' },
    cell: ({ row }) => row.original.text || <span className="text-ink-faint italic">Empty text</span>,
  }),
  column.display({
    id: 'state',
    header: 'State',
    enableHiding: false,
    meta: { width: 'w-40', card: 'aside' },
    cell: ({ row }) => <UnownedStateBadge state={row.original.state} />,
  }),
  column.display({
    id: 'account',
    header: 'Account',
    meta: { width: 'w-44', from: 'xl' },
    cell: ({ row }) => row.original.decision?.account?.name,
  }),
  column.display({
    id: 'sender',
    header: 'Sender number',
    meta: { width: 'w-36', from: 'lg', card: 'foot-aside' },
    cell: ({ row }) => (
      <span className="text-ink-soft">
        to <PhoneNumber msisdn={row.original.senderNumber} />
      </span>
    ),
  }),
  column.display({
    id: 'when',
    header: 'When',
    meta: { width: 'w-36', from: 'md', card: 'foot', isOrder: true },
    cell: ({ row }) => <Time value={row.original.receivedAt} timeZone={staffTimeZone} />,
  }),
];

const filters: ListFilter[] = [
  {
    kind: 'several',
    name: 'state',
    label: 'State',
    options: Object.entries(unownedStateLabels).map(([value, label]) => ({ value, label })),
  },
  {
    kind: 'several',
    name: 'verdict',
    label: 'Verdict',
    options: Object.entries(verdictLabels).map(([value, label]) => ({ value, label })),
  },
  { kind: 'days', label: 'Date', timeZone: staffTimeZone },
];

interface UnownedTableProps {
  page: ListPage<UnownedReply>;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
  decide: UnownedActions;
}

/** Replies that belonged to no account when they came. */
export function UnownedTable({ decide, ...list }: UnownedTableProps) {
  const detail = useMemo(
    () => ({
      title: (row: UnownedReply) => formatMsisdn(row.msisdn),
      render: (row: UnownedReply, close: () => void) => (
        <UnownedDetail key={row.id} row={row} decide={decide} onDone={close} />
      ),
    }),
    [decide],
  );
  return (
    <DataTable
      {...list}
      name="unowned-replies"
      label="Replies without an owner"
      columns={columns}
      filters={filters}
      search={{ label: 'Search by number or reply', placeholder: 'Number or reply' }}
      aside={<LiveIndicator topics={['unowned-replies']} />}
      announce={(row) => `New reply without an owner from ${formatMsisdn(row.msisdn)}.`}
      empty={
        <EmptyState kind="nothing-yet" title="Every reply has an owner">
          A reply from someone to whom no account has written is kept here.
        </EmptyState>
      }
      detail={detail}
    />
  );
}

const tones: Record<UnownedState, Tone> = {
  WAITING: 'warn',
  ASSIGNED: 'good',
  NOTED: 'neutral',
  KEPT: 'neutral',
};

function UnownedStateBadge({ state }: { state: UnownedState }) {
  return <Badge tone={tones[state]}>{unownedStateLabels[state]}</Badge>;
}

function UnownedDetail({
  row,
  decide,
  onDone,
}: {
  row: UnownedReply;
  decide: UnownedActions;
  onDone: () => void;
}) {
  const { decision } = row;
  // A colleague who is first takes neither what was typed away, nor the sentence that says so.
  const [wasUndecided] = useState(!decision);
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      {row.wholeLength !== null && (
        <div className="-mt-3 mb-4 px-5">
          <CutNote
            text={row.text}
            wholeLength={row.wholeLength}
            href={`/api/admin/texts/unowned/${encodeURIComponent(row.msisdn)}/${row.id}`}
          />
        </div>
      )}
      <DetailList>
        <Detail name="State">
          <UnownedStateBadge state={row.state} />
          {row.state === 'WAITING' && (
            <p className="mt-1 text-ink-soft">
              Certainly an opt-out, but no account is known to have written from this number: nobody is
              blocked by it yet.
            </p>
          )}
        </Detail>
        {decision && (
          <>
            {decision.account && (
              <Detail name="Account">
                <Link
                  href={`/admin/accounts/${decision.account.id}`}
                  className="text-accent-text underline-offset-4 hover:underline"
                >
                  {decision.account.name}
                </Link>{' '}
                <span className="text-ink-soft tabular-nums">W{decision.account.id}</span>
              </Detail>
            )}
            <Detail name="Reason">
              <span className="break-words">{decision.reason}</span>
            </Detail>
            <Detail name="Decided">
              {decision.by}, <Time value={decision.at} timeZone={staffTimeZone} />
            </Detail>
          </>
        )}
        <Detail name="Verdict">
          <VerdictBadge verdict={row.verdict} />
        </Detail>
        {row.rule && <Detail name="Rule">{describeRule(row.rule)}</Detail>}
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        <Detail name="Replied to">
          <PhoneNumber msisdn={row.senderNumber} />
        </Detail>
        <Detail name="When">
          <Time value={row.receivedAt} timeZone={staffTimeZone} />
        </Detail>
      </DetailList>
      {wasUndecided && <UnownedDecision reply={row} actions={decide} onDone={onDone} />}
    </>
  );
}
