import 'server-only';
import type { RemovalRequest } from '@/lib/db/generated/client';
import { listedAccount } from '@/lib/lists/account-list';
import { numberColumn } from '@/lib/lists/columns';
import { computeField, declareColumns, type RowOf } from '@/lib/lists/declare-list';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import { staffStateLabels, stateLabels } from './labels';

const requestedColumn = { id: 'requested', label: 'Requested', type: 'time', table: { order: 9 } } as const;

/** What every list of requests knows of one. */
const shared = {
  from: 'removal_request',
  search: { label: 'Search by number', placeholder: 'Number' },
  narrowing: ['q', 'state'],
  fields: [
    'accountId',
    'isPublic',
    /** When the consent SMS may leave; null while there is none. */
    'consentDueAt',
    'answeredAt',
    'finishedAt',
    'decisionReason',
  ],
} as const;

/** When the consent SMS was sent. */
const consentSentAt = (accountId: string) =>
  computeField<string | null>(
    `(select sent_at from message
    where message.account_id = ${accountId} and message.id = removal_request.consent_message_id)`,
    'timestamptz',
  );

/** @param accountId SQL of whose they are, a value of the statement */
const declareRequests = (accountId: string) =>
  declareColumns<RemovalRequest>()({
    ...shared,
    name: 'removal-requests',
    label: 'Removal requests',
    columns: {
      msisdn: numberColumn,
      state: { label: 'State', type: 'words', words: stateLabels },
      /** When it ends by itself; null when it does not. */
      expiresAt: { id: 'expires', label: 'Expires', type: 'time', table: { order: 8 } },
      createdAt: requestedColumn,
    },
    computed: { consentSentAt: consentSentAt(accountId) },
    controls: { next: { label: 'What happens next', order: 1, canHide: true } },
  });

/** An account's requests. */
export const requestList = declareRequests(listedAccount);

/** What is selected of them by a statement in which the account is another value than the first. */
export const selectRequests = (accountId: string): string => declareRequests(accountId).select;

/** The event that made the block of a request's episode the recipient's wish. */
const blockSql = (value: string) => `(select ${value} from opt_out_event as event
    where event.account_id = removal_request.account_id and event.msisdn = removal_request.msisdn
      and event.episode_id = removal_request.episode_id
      and event.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY') order by event.id desc limit 1)`;

const staffColumns = {
  msisdn: numberColumn,
  accountName: { id: 'account', label: 'Account', type: 'text', sql: 'account.name', isThere: true },
  /** The reply that blocked. */
  blockText: {
    id: 'block',
    label: 'Opted out with',
    type: 'text',
    sql: blockSql(`left(${evidenceFieldSql('evidence', 'text')}, 500)`),
  },
  answerText: {
    id: 'answer',
    label: 'Answered',
    type: 'text',
    sql: `(select left(text, 500) from reply where reply.account_id = removal_request.account_id
      and reply.id = removal_request.answer_reply_id)`,
  },
} as const;

const staffComputed = {
  consentSentAt: consentSentAt('removal_request.account_id'),
  rule: computeField<string | null>(blockSql(evidenceFieldSql('evidence', 'rule')), 'text'),
};

/** The requests of all accounts, read beside their names. */
export const allRequestsList = declareColumns<RemovalRequest>()({
  ...shared,
  name: 'staff-requests',
  label: 'Removal requests',
  columns: {
    ...staffColumns,
    state: { label: 'State', type: 'words', words: staffStateLabels, table: { canHide: false } },
    expiresAt: { label: 'Expires', type: 'time', table: false },
    createdAt: requestedColumn,
  },
  computed: staffComputed,
});

/** What awaits a decision, the longest waiting first. */
export const queueList = declareColumns<RemovalRequest>()({
  ...shared,
  name: 'approval-queue',
  label: 'Awaiting approval',
  search: null,
  columns: {
    ...staffColumns,
    waitingSince: {
      id: 'since',
      label: 'Waiting since',
      type: 'time',
      sql: 'coalesce(removal_request.answered_at, removal_request.created_at)',
      isThere: true,
      table: { order: 9 },
    },
  },
  fields: [...shared.fields, 'state', 'createdAt', 'expiresAt'],
  computed: staffComputed,
});

export type RequestList = typeof requestList.view;
export type AllRequestsList = typeof allRequestsList.view;
export type RequestRow = RowOf<typeof requestList>;
/** A request as staff see it in a list. */
export type StaffRequestRow = RowOf<typeof allRequestsList>;
export type QueueList = typeof queueList.view;
export type QueueRow = RowOf<typeof queueList>;
