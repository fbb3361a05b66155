'use client';

import { useMemo } from 'react';
import type { ColumnLook, ListLooks } from '@/components/data-table/compose-columns';
import { DataTable, type DataTableProps } from '@/components/data-table/data-table';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import { ButtonLink } from '@/components/ui/button-link';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { RelativeTime } from '@/components/ui/relative-time';
import { Time } from '@/components/ui/time';
import { describeNext } from '@/lib/removal-requests/labels';
import type { QueueRow, RequestList, RequestRow } from '@/lib/removal-requests/list';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { getRequestHref, type Audience } from './audience';
import { LeavingTime } from './leaving-time';
import { RequestStateBadge } from './request-state-badge';

/** A request in a list: what all lists know of it, and what only those of the staff do. */
type Row = RequestRow & Partial<QueueRow>;

/** How the columns of requests look, whichever of them a list has. */
function composeLooks(audience: Audience, timeZone: string) {
  return {
    number: {
      cell: (row) => (
        <Link
          href={getRequestHref(audience, row)}
          tabIndex={-1}
          className="rounded-sm font-medium underline-offset-4 hover:underline"
        >
          <PhoneNumber msisdn={row.msisdn} />
        </Link>
      ),
    },
    account: { width: undefined, from: undefined, card: 'foot', cell: (row) => <AccountName row={row} /> },
    block: {
      width: 'w-40',
      from: '2xl',
      cell: ({ blockText }) => blockText ?? <span className="text-ink-faint">No reply</span>,
    },
    answer: { width: 'w-40', from: 'lg', card: 'body', cell: ({ answerText }) => answerText },
    state: {
      width: audience === 'staff' ? 'w-44' : 'w-52',
      from: undefined,
      card: audience === 'staff' ? 'aside' : 'foot',
      cell: ({ state }) => <RequestStateBadge audience={audience} state={state} />,
    },
    next: {
      from: 'lg',
      card: 'body',
      cell: (row) => (
        <span className="text-ink-soft" data-tip={describeNext(row)}>
          {describeNext(row)}
        </span>
      ),
    },
    expires: {
      from: 'md',
      card: 'foot-aside',
      cell: ({ expiresAt, finishedAt }) =>
        expiresAt && !finishedAt ? (
          <>
            {/* On a card no heading says what it is. */}
            <span className="block text-right text-xs text-ink-faint sm:hidden">Expires</span>
            <Time value={expiresAt} timeZone={timeZone} />
          </>
        ) : (
          <span className="text-ink-faint max-sm:hidden">–</span>
        ),
    },
    requested: audience === 'staff' ? { from: 'md', card: 'foot-aside' } : { from: undefined, card: 'aside' },
    since: {
      width: 'w-28',
      align: 'end',
      from: undefined,
      card: 'aside',
      cell: ({ createdAt, waitingSince = createdAt }) => (
        <span className="text-ink-soft max-sm:text-xs">
          <RelativeTime value={waitingSince} timeZone={timeZone} />
        </span>
      ),
    },
  } satisfies Record<string, ColumnLook<Row>>;
}

type RequestsTableProps<Id extends string, Control extends string, Shown extends RequestRow> = Omit<
  DataTableProps<Shown, Id, Control>,
  'looks' | 'detail'
> & {
  audience: Audience;
  /** Opens the page of the request at once, without the panel at the side. */
  opensPage?: boolean;
};

/** Removal requests, for whoever looks at them. */
export function RequestsTable<Shown extends RequestRow, Id extends string, Control extends string>({
  audience,
  opensPage = false,
  ...table
}: RequestsTableProps<Id, Control, Shown>) {
  const { timeZone } = table;
  const looks = useMemo(() => composeLooks(audience, timeZone), [audience, timeZone]);
  const getHref = (row: RequestRow) => getRequestHref(audience, row);
  return (
    <DataTable<Shown, Id, Control>
      {...table}
      looks={looks as object as ListLooks<Shown, Id, Control>}
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        ...(opensPage
          ? { getHref }
          : {
              render: (row: RequestRow) => (
                <RequestSummary row={row} audience={audience} timeZone={timeZone} />
              ),
            }),
      }}
    />
  );
}

const skeletonLooks = composeLooks('customer', 'UTC');

export function RequestsTableSkeleton({ list }: { list: RequestList }) {
  return <DataTableSkeleton list={list} looks={skeletonLooks} />;
}

function AccountName({ row: { accountName, accountId } }: { row: Row }) {
  return (
    <>
      {accountName} <span className="text-ink-faint tabular-nums">W{accountId}</span>
    </>
  );
}

function RequestSummary({ row, audience, timeZone }: { row: Row; audience: Audience; timeZone: string }) {
  return (
    <>
      {row.answerText && <QuotedText>{row.answerText}</QuotedText>}
      <DetailList>
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        {row.accountName !== undefined && (
          <Detail name="Account">
            <AccountName row={row} />
          </Detail>
        )}
        <Detail name="State">
          <RequestStateBadge audience={audience} state={row.state} />
          {audience === 'customer' && <p className="mt-1 text-ink-soft">{describeNext(row)}</p>}
        </Detail>
        {row.decisionReason && <Detail name="Reason">{row.decisionReason}</Detail>}
        {row.blockText && <Detail name="Opted out with">{row.blockText}</Detail>}
        <Detail name="Requested">
          <Time value={row.createdAt} timeZone={timeZone} />
        </Detail>
        {row.consentDueAt && (
          <Detail name="Consent SMS">
            {row.consentSentAt ? (
              <>
                Sent <Time value={row.consentSentAt} timeZone={timeZone} />
              </>
            ) : row.finishedAt ? (
              'Not sent'
            ) : (
              <>
                Leaves <LeavingTime dueAt={row.consentDueAt} timeZone={timeZone} />
              </>
            )}
          </Detail>
        )}
        {row.answeredAt && (
          <Detail name="Answered">
            <Time value={row.answeredAt} timeZone={timeZone} />
          </Detail>
        )}
        {row.finishedAt ? (
          <Detail name="Ended">
            <Time value={row.finishedAt} timeZone={timeZone} />
          </Detail>
        ) : (
          row.expiresAt && (
            <Detail name="Expires">
              <Time value={row.expiresAt} timeZone={timeZone} />
            </Detail>
          )
        )}
      </DetailList>
      <div className="px-5 py-4">
        <ButtonLink href={getRequestHref(audience, row)} variant="primary">
          Open the request
        </ButtonLink>
      </div>
    </>
  );
}
