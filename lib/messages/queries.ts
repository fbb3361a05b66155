import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import {
  composeListDownload,
  describeAccountList,
  fillColumns,
  type AccountListQuery,
  type AccountListSource,
  type Way,
} from '@/lib/lists/account-list';
import { readAccountPage } from '@/lib/lists/account-page';
import type { ListPage } from '@/lib/lists/keyset';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileQuery } from '@/lib/lists/file-query';
import { blockedReason } from '@/lib/opt-outs/gate';
import { messageColumns, statusLabels } from './labels';
import type { MessageFilter, MessageRow, MessageStatus } from './schema';

const source: AccountListSource = {
  table: 'message',
  at: 'created_at',
  text: 'text',
  // The indexes on parts of numbers and on texts leave out what waits to be sent: every step on a message's way would write
  // them. The queue's own index finds those.
  findByNumberPart: (condition, fives) => [
    `(message.next_attempt_at is null and ${fives} and ${condition})`,
    `(message.next_attempt_at is not null and ${condition})`,
  ],
  findByText: (condition, pattern) => [
    `(message.next_attempt_at is null and message.batch_id is null and ${condition})`,
    `(message.next_attempt_at is not null and ${condition})`,
    findByBatch(pattern),
  ],
};

/** The messages of the batches with a text; both were written in one statement, and so at the same time. */
function findByBatch(pattern: string): Way {
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

/**
 * How an index finds the messages of a status when they are few. An index on the status itself would be written at every step
 * of every message; these are there for less (docs/decisions/0012-searching-lists.md).
 */
const fewByStatus: Record<MessageStatus, string> = {
  QUEUED: `status = 'QUEUED' and next_attempt_at is not null`,
  SENDING: `status = 'SENDING' and next_attempt_at is not null`,
  SENT: `(status = 'SENT')::int = 1`,
  DELIVERED: `(status = 'DELIVERED')::int = 1`,
  FAILED: `status = 'FAILED' and reason <> '${blockedReason}'`,
  BLOCKED: `status = 'BLOCKED' and reason is not null`,
};

function describeMessages(scope: AccountScope, filter: MessageFilter, timeZone: string): AccountListQuery {
  const { statuses } = filter;
  const list = describeAccountList(source, scope, filter, timeZone, [
    { of: 'status', type: 'message_status', values: statuses },
  ]);
  list.few = statuses.map((status) => fewByStatus[status]);
  // Their indexes have the list's order.
  if (statuses.length > 0 && statuses.every((status) => status === 'FAILED' || status === 'BLOCKED')) {
    list.branches.push(statuses.includes('BLOCKED') ? 'reason is not null' : `reason <> '${blockedReason}'`);
  }
  return list;
}

/** Whole credits the account has left; 0 when it has no balance. */
export async function readCredits(pool: Pool, scope: AccountScope): Promise<number> {
  const { rows } = await pool.query<{ credits: string }>({
    name: 'read-credits',
    text: 'select credits from credit_balance where account_id = $1',
    values: [scope.accountId],
  });
  return Number(rows[0]?.credits ?? 0);
}

/** One page of the account's outgoing messages; confirmations are among them. */
export async function listMessages(
  pool: Pool,
  scope: AccountScope,
  filter: MessageFilter,
  cursor: string | null,
  timeZone: string,
): Promise<ListPage<MessageRow>> {
  const page = await readAccountPage<{
    id: string;
    msisdn: string;
    sender_number: string;
    text: string;
    segments: number;
    cost: number;
    kind: MessageRow['kind'];
    status: MessageRow['status'];
    reason: string | null;
    created_at: Date;
    sent_at: Date | null;
    finished_at: Date | null;
  }>(
    pool,
    describeMessages(scope, filter, timeZone),
    'id, msisdn, sender_number, text, segments, cost, kind, status, reason, created_at, sent_at, finished_at',
    cursor,
  );
  return {
    ...page,
    rows: page.rows.map((row) => ({
      id: row.id,
      msisdn: row.msisdn,
      senderNumber: row.sender_number,
      text: row.text,
      segments: row.segments,
      cost: row.cost,
      kind: row.kind,
      status: row.status,
      reason: row.reason,
      createdAt: row.created_at.toISOString(),
      sentAt: row.sent_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
    })),
  };
}

/** The query of the file of outgoing messages: the rows of the list. */
export function composeMessageDownload(
  scope: AccountScope,
  filter: MessageFilter,
  timeZone: string,
  chosen: readonly string[] | null,
): FileQuery {
  return composeListDownload(
    describeMessages(scope, filter, timeZone),
    fillColumns(messageColumns, {
      number: { type: 'number', sql: 'msisdn' },
      sender: { type: 'number', sql: 'sender_number' },
      message: { type: 'text', sql: 'text' },
      segments: { type: 'integer', sql: 'segments' },
      credits: { type: 'integer', sql: 'cost' },
      status: { type: 'words', sql: labelSql('status', statusLabels) },
      reason: { type: 'text', sql: 'reason' },
      queued: { type: 'time', sql: 'created_at' },
      sent: { type: 'time', sql: 'sent_at' },
      finished: { type: 'time', sql: 'finished_at' },
    }),
    chosen,
    timeZone,
  );
}
