'use client';

import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList, QuotedText, StoryLink } from '@/components/data-table/detail-list';
import type { ListPage, ListProblem } from '@/lib/lists/schema';
import { LiveIndicator } from '@/components/live/live-indicator';
import { CutNote } from '@/components/ui/cut-note';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import type { ReplyList, ReplyRow } from '@/lib/replies/list';
import { isWritable } from '@/lib/sms/written-number';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { replyLooks } from './reply-looks';
import { VerdictBadge } from './verdict-badge';

const looks: LooksOf<ReplyList> = {
  ...replyLooks,
  rule: { ...replyLooks.rule, width: 'w-52', from: 'lg', card: 'foot-aside' },
};

interface IncomingTableProps {
  list: ReplyList;
  page: ListPage<ReplyRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
}

export function IncomingTable(props: IncomingTableProps) {
  const { timeZone } = props;
  return (
    <DataTable
      {...props}
      looks={looks}
      aside={<LiveIndicator topics={['replies']} />}
      announce={(row) => `New reply from ${formatMsisdn(row.msisdn)}.`}
      empty={
        <EmptyState kind="nothing-yet" title="No replies yet">
          What recipients reply appears here at once, with how it was understood.
        </EmptyState>
      }
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <ReplyDetail row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function describeVerdict({ verdict, msisdn }: ReplyRow): string {
  switch (verdict) {
    case 'OPT_OUT':
      return isWritable(msisdn)
        ? 'Certainly an opt-out: the number was blocked at once.'
        : 'Reads like an opt-out, but there is no number to block.';
    case 'REVIEW':
      return 'Probably an opt-out: a person decides.';
    case 'NONE':
      return 'An ordinary reply; nothing was done.';
  }
}

function ReplyDetail({ row, timeZone }: { row: ReplyRow; timeZone: string }) {
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      {row.wholeLength !== null && (
        <div className="-mt-3 mb-4 px-5">
          <CutNote text={row.text} wholeLength={row.wholeLength} href={`/api/texts/reply/${row.id}`} />
        </div>
      )}
      <DetailList>
        <Detail name="Verdict">
          <VerdictBadge verdict={row.verdict} />
          <p className="mt-1 text-ink-soft">{describeVerdict(row)}</p>
          {row.verdict === 'REVIEW' && (
            <Link
              href="/messages/review"
              className="mt-1 inline-block text-accent-text underline-offset-4 hover:underline"
            >
              Replies to review
            </Link>
          )}
        </Detail>
        {row.rule && <Detail name="Rule">{describeRule(row.rule)}</Detail>}
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
          {isWritable(row.msisdn) && <StoryLink msisdn={row.msisdn} />}
        </Detail>
        <Detail name="Replied to">
          <PhoneNumber msisdn={row.senderNumber} />
        </Detail>
        <Detail name="When">
          <Time value={row.receivedAt} timeZone={timeZone} />
        </Detail>
      </DetailList>
    </>
  );
}
