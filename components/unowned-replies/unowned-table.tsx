'use client';

import { useMemo } from 'react';
import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { staffTimeZone, type ListPage, type ListProblem } from '@/lib/lists/schema';
import { LiveIndicator } from '@/components/live/live-indicator';
import { replyLooks } from '@/components/messages/reply-looks';
import { EmptyState } from '@/components/ui/empty-state';
import { PhoneNumber } from '@/components/ui/phone-number';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { UnownedList, UnownedReply } from '@/lib/unowned-replies/list';
import type { UnownedActions } from './unowned-decision';
import { UnownedDetail, UnownedStateBadge } from './unowned-detail';

const looks: LooksOf<UnownedList> = {
  reply: replyLooks.reply,
  state: {
    width: 'w-48',
    from: undefined,
    card: 'aside',
    cell: ({ state }) => <UnownedStateBadge state={state} />,
  },
  account: { cell: ({ accountName }) => accountName },
  sender: {
    from: 'lg',
    card: 'foot-aside',
    cell: ({ senderNumber }) => (
      <span className="text-ink-soft">
        to <PhoneNumber msisdn={senderNumber} />
      </span>
    ),
  },
};

interface UnownedTableProps {
  list: UnownedList;
  page: ListPage<UnownedReply>;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
  decide: UnownedActions;
}

/** Replies that belonged to no account when they came. */
export function UnownedTable({ decide, ...table }: UnownedTableProps) {
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
      {...table}
      looks={looks}
      timeZone={staffTimeZone}
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
