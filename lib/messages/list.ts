import 'server-only';
import type { Message } from '@/lib/db/generated/client';
import type { IndexPath } from '@/lib/lists/account-list';
import { computeField, declareAccountList, type RowOf } from '@/lib/lists/declare-list';
import { numberColumn, senderColumn, whenColumn } from '@/lib/lists/columns';
import { blockedReason } from '@/lib/opt-outs/gate';
import { firstPartNote, purposeLabels, statusLabels } from './labels';
import { isFirstPartSql } from './receipts';

/** The account's outgoing messages; confirmations are among them. */
export const messageList = declareAccountList<Message>()({
  name: 'outgoing',
  label: 'Outgoing messages',
  file: { name: 'outgoing', sheet: 'Outgoing' },
  from: 'message',
  at: 'created_at',
  search: {
    label: 'Search by number or message',
    placeholder: 'Number or message',
    text: 'text',
    // The indexes on parts of numbers and on texts leave out what waits to be sent: every step on a message's
    // way would write them. The queue's own index finds those.
    findByNumberPart: (condition, fives) => [
      `(message.next_attempt_at is null and ${fives} and ${condition})`,
      `(message.next_attempt_at is not null and ${condition})`,
    ],
    findByText: (condition, pattern) => [
      `(message.next_attempt_at is null and message.batch_id is null and ${condition})`,
      `(message.next_attempt_at is not null and ${condition})`,
      findByBatch(pattern),
    ],
  },
  columns: {
    msisdn: numberColumn,
    senderNumber: senderColumn,
    text: { id: 'message', label: 'Message', type: 'text' },
    purpose: { label: 'Purpose', type: 'words', words: purposeLabels, table: { order: 2 } },
    segments: { label: 'Segments', type: 'integer', table: false },
    cost: { id: 'credits', label: 'Credits', type: 'integer', table: { order: 1 } },
    status: { label: 'Status', type: 'words', words: statusLabels, table: { canHide: false } },
    reason: {
      label: 'Reason',
      type: 'text',
      table: false,
      file: {
        sql: `coalesce(reason, case when ${isFirstPartSql('message')} then '${firstPartNote}' end)`,
      },
    },
    createdAt: { ...whenColumn, file: { id: 'queued', label: 'Queued' } },
    scheduledAt: { id: 'scheduled', label: 'Scheduled for', type: 'time', table: false },
    sentAt: { id: 'sent', label: 'Sent', type: 'time', table: false },
    finishedAt: { id: 'finished', label: 'Finished', type: 'time', table: false },
  },
  fields: ['kind', 'doubtedAt', 'nextAttemptAt'],
  computed: {
    /** It is known of the first part of a long text alone that it was delivered. */
    isFirstPart: computeField<boolean>(isFirstPartSql('message'), 'bool'),
  },
  filters: {
    batch: {
      kind: 'id',
      name: 'batch',
      label: 'One batch',
      // A batch and its messages share one transaction's time, and that has an index.
      where: (id) => [
        `message.created_at = (select created_at from message_batch where account_id = $1 and id = ${id})`,
        `message.batch_id = ${id}`,
      ],
    },
    purpose: {
      kind: 'one',
      name: 'purpose',
      label: 'Purpose',
      words: purposeLabels,
      of: 'purpose',
      type: 'message_purpose',
      // For the account that hardly ever sends one of them; the index is one for parts of the table.
      whenFew: {
        MARKETING: `(purpose is not distinct from 'MARKETING')::int = 1`,
        SERVICE: `(purpose is not distinct from 'SERVICE')::int = 1`,
      },
    },
    statuses: {
      kind: 'several',
      name: 'status',
      label: 'Status',
      words: statusLabels,
      of: 'status',
      type: 'message_status',
      // An index on the status itself would be written at every step of every message; these are there for
      // less (docs/decisions/0012-searching-lists.md).
      whenFew: {
        QUEUED: `status = 'QUEUED' and next_attempt_at is not null`,
        SENDING: `status = 'SENDING' and next_attempt_at is not null`,
        SENT: `(status = 'SENT')::int = 1`,
        DELIVERED: `(status = 'DELIVERED')::int = 1`,
        FAILED: `status = 'FAILED' and reason <> '${blockedReason}'`,
        NO_RECEIPT: `status = 'NO_RECEIPT' and reason <> '${blockedReason}'`,
        BLOCKED: `status = 'BLOCKED' and reason is not null`,
        CANCELLED: `status = 'CANCELLED' and scheduled_at is not null and next_attempt_at is null`,
        IN_DOUBT: `status = 'IN_DOUBT' and doubted_at is not null`,
      },
      branch: (statuses) =>
        statuses.every((status) => ['FAILED', 'NO_RECEIPT', 'BLOCKED'].includes(status))
          ? statuses.includes('BLOCKED')
            ? 'reason is not null'
            : `reason <> '${blockedReason}'`
          : null,
    },
  },
});

export type MessageList = typeof messageList.view;
export type MessageRow = RowOf<typeof messageList>;

/** The messages of the batches with a text; both were written in one statement, and so at the same time. */
function findByBatch(pattern: string): IndexPath {
  return ({ where, order, limit }) => `
    select message.* from (
      select distinct created_at from message_batch
      where account_id = $1 and text ilike ${pattern} order by created_at ${order}
    ) as batch cross join lateral (
      select * from message
      where ${where} and message.created_at = batch.created_at and message.text ilike ${pattern}
      order by message.id ${order} limit ${limit}
    ) as message
    order by batch.created_at ${order}, message.id ${order} limit ${limit}`;
}
