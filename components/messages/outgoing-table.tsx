'use client';

import { IfMay } from '@/components/permissions/permissions';
import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { RowLink } from '@/components/data-table/row-link';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import { Detail, DetailList, QuotedText, StoryLink } from '@/components/data-table/detail-list';
import type { ListPage, ListProblem } from '@/lib/lists/schema';
import { LiveIndicator } from '@/components/live/live-indicator';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { ListedTime } from '@/components/ui/time';
import { purposeLabels, purposeTexts } from '@/lib/messages/labels';
import type { MessageList, MessageRow } from '@/lib/messages/list';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { readWaitsUntil } from './list-steps';
import { StatusBadge } from './status-badge';
import { StatusTimeline } from './status-timeline';

const kindWords: Record<MessageRow['kind'], { label: string; tip: string } | null> = {
  NORMAL: null,
  CONFIRMATION: {
    label: 'Confirmation',
    tip: 'Sent by itself to tell the recipient that they are opted out. It costs nothing.',
  },
  CONSENT: {
    label: 'Consent',
    tip: 'Asks the recipient whether they want messages again. It costs nothing.',
  },
  SERVICE: {
    label: 'Service',
    tip: 'A code for somebody who registers or recovers a password, or a word about a change. It costs nothing.',
  },
};

const looks: LooksOf<MessageList> = {
  message: {
    width: undefined,
    from: undefined,
    card: 'body',
    cell: ({ kind, text }) => {
      const words = kindWords[kind];
      return (
        <>
          {words && (
            <span className="mr-2">
              <Badge tip={words.tip}>{words.label}</Badge>
            </span>
          )}
          {text}
        </>
      );
    },
  },
  purpose: { width: 'w-28', from: 'xl' },
  status: {
    from: undefined,
    card: 'aside',
    cell: (row, timeZone) => {
      const { status, reason, isFirstPart, msisdn } = row;
      const waitsUntil = readWaitsUntil(row);
      return (
        <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <StatusBadge status={status} reason={reason} isFirstPart={isFirstPart} />
          {waitsUntil && (
            <span className="text-xs text-ink-soft">
              until <ListedTime value={waitsUntil} timeZone={timeZone} />
            </span>
          )}
          {status === 'BLOCKED' && (
            <RowLink
              href={`/messages/opt-outs/${msisdn}`}
              label={`Why ${formatMsisdn(msisdn)} is blocked`}
              className="rounded-sm text-xs text-accent-text underline-offset-4 hover:underline"
            >
              Why?
            </RowLink>
          )}
        </span>
      );
    },
  },
};

interface OutgoingTableProps {
  list: MessageList;
  page: ListPage<MessageRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
}

export function OutgoingTable(props: OutgoingTableProps) {
  const { timeZone } = props;
  return (
    <DataTable
      {...props}
      looks={looks}
      aside={<LiveIndicator topics={['messages']} />}
      empty={
        <EmptyState
          kind="nothing-yet"
          title="No messages yet"
          action={
            <IfMay may="messages.send">
              <ButtonLink href="/send" variant="primary">
                Send a message
              </ButtonLink>
            </IfMay>
          }
        >
          What you send appears here, with its way to the recipient.
        </EmptyState>
      }
      detail={{
        title: (row) => formatMsisdn(row.msisdn),
        render: (row) => <MessageDetail row={row} timeZone={timeZone} />,
      }}
    />
  );
}

function MessageDetail({ row, timeZone }: { row: MessageRow; timeZone: string }) {
  const kind = kindWords[row.kind];
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      <DetailList>
        <Detail name="Status">
          <StatusTimeline message={row} timeZone={timeZone} />
        </Detail>
        {kind && (
          <Detail name="Kind">
            {kind.label}
            <p className="mt-0.5 text-ink-faint">{kind.tip}</p>
          </Detail>
        )}
        {row.purpose && (
          <Detail name="Purpose">
            {purposeLabels[row.purpose]}
            <p className="mt-0.5 text-ink-faint">{purposeTexts[row.purpose]}</p>
          </Detail>
        )}
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
          <StoryLink msisdn={row.msisdn} />
        </Detail>
        <Detail name="Sender number">
          <PhoneNumber msisdn={row.senderNumber} />
        </Detail>
        <Detail name="Length">{formatNumberOf(row.segments, 'segment')}</Detail>
        <Detail name="Cost">{formatNumberOf(row.cost, 'credit')}</Detail>
      </DetailList>
    </>
  );
}

export function OutgoingTableSkeleton({ list }: { list: MessageList }) {
  return <DataTableSkeleton list={list} looks={looks} />;
}
