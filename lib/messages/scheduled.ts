import type { Pool } from 'pg';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { giveCreditsSql } from '@/lib/credits/ledger';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';
import { splitLocalTime } from './local-time';
import type { MessagePurpose, ScheduledBatch } from './schema';

/**
 * Of an account's messages those that wait for their time. Once one has been tried, it is a message like
 * any other that waits to be tried again.
 */
const isScheduledSql = (accountId: string) => `
  message.account_id = ${accountId} and message.scheduled_at is not null and message.next_attempt_at is not null
    and message.status = 'QUEUED' and message.attempts = 0`;

/** The furthest ahead that anything can be scheduled. */
export const maxDaysAhead = 365;

const listSql = statement({
  name: 'list-scheduled-messages',
  values: { accountId: 'int4', offset: 'int8', limit: 'int8' },
  columns: columnsOf('Message', 'id', 'msisdn', 'createdAt', 'scheduledAt', 'cost'),
  sql: ($) => `
    select id, msisdn, created_at as "createdAt", scheduled_at as "scheduledAt", cost from message
    where ${isScheduledSql($.accountId)}
    order by scheduled_at, id offset ${$.offset} limit ${$.limit}`,
});

const countSql = statement({
  name: 'count-scheduled-messages',
  values: { accountId: 'int4' },
  columns: { count: 'float8' },
  sql: ($) => `select count(*)::float8 as count from message where ${isScheduledSql($.accountId)}`,
});

export interface ScheduledMessage {
  id: string;
  msisdn: string;
  createdAt: Date;
  scheduledAt: Date;
  cost: number;
}

/** Messages that wait for their time, the next first, and how many there are in all. */
export async function listScheduledMessages(
  pool: Pool,
  { accountId }: AccountReadScope,
  page: { offset: number; limit: number },
): Promise<{ messages: ScheduledMessage[]; total: number }> {
  const [messages, { count }] = await Promise.all([
    listSql.all(pool, { accountId, ...page }),
    countSql.only(pool, { accountId }),
  ]);
  return { messages: messages as ScheduledMessage[], total: count };
}

const listBatches = statement({
  name: 'list-scheduled-batches',
  values: { accountId: 'int4', limit: 'int8' },
  columns: {
    ...columnsOf('MessageBatch', 'createdAt'),
    text: 'text',
    batchId: 'MessageBatch.id',
    scheduledAt: 'timestamptz',
    messages: 'int4',
    credits: 'float8',
    createdBy: 'User.name?',
    purpose: 'MessagePurpose?',
  },
  sql: ($) => `
    select batch.id as "batchId", waiting.text, batch.created_at as "createdAt", waiting.scheduled_at as "scheduledAt",
      waiting.messages, waiting.credits, waiting.purpose, portal_user.name as "createdBy"
    from (
      select batch_id, min(scheduled_at) as scheduled_at, count(*)::int as messages, sum(cost)::float8 as credits,
        -- theirs is kept for as long as they wait, that of the batch may be written over before (lib/privacy)
        min(text) as text, min(purpose) as purpose
      from message where ${isScheduledSql($.accountId)}
      group by batch_id order by 2, 1 limit ${$.limit}
    ) as waiting
    join message_batch as batch on batch.account_id = ${$.accountId} and batch.id = waiting.batch_id
    left join portal_user on portal_user.id = batch.created_by
    order by waiting.scheduled_at, batch.id`,
});

/** As many batches as the page shows. */
export const shownBatches = 100;

/** What waits for its time, a press of Send each, the next first; at most {@link shownBatches}. */
export async function listScheduledBatches(
  pool: Pool,
  { accountId }: AccountReadScope,
  timeZone: string,
): Promise<ScheduledBatch[]> {
  const rows = await listBatches.all(pool, { accountId, limit: shownBatches });
  const pad = (value: number) => String(value).padStart(2, '0');
  return rows.map(({ scheduledAt, createdAt, ...row }) => {
    const { year, month, day, hour, minute } = splitLocalTime(scheduledAt, timeZone);
    return {
      ...row,
      scheduledAt: scheduledAt.toISOString(),
      createdAt: createdAt.toISOString(),
      date: `${year}-${pad(month)}-${pad(day)}`,
      time: `${pad(hour)}:${pad(minute)}`,
    };
  });
}

/** Cancels in one statement, so that each message is given back once, whoever asks how often. */
const cancelSql = (accountId: string, condition: string) => `
  with found as (
    select id, msisdn, cost from message where ${isScheduledSql(accountId)} and ${condition}
    order by id for update
  ), cancelled as (
    update message set status = 'CANCELLED', cost = 0, next_attempt_at = null, finished_at = now()
    from found where message.account_id = ${accountId} and message.id = found.id
    returning message.id, found.msisdn, found.cost, message.kind, message.batch_id
  ), delivery as (
    ${deliverStatusSql({ from: 'cancelled', accounts: accountId, status: `'CANCELLED'`, reason: 'null::text' })}
  ), refund as (
    select coalesce(sum(cost), 0)::bigint as credits from cancelled
  ), ${giveCreditsSql({
    accountId,
    from: 'refund',
    kind: 'REFUND',
    entry: { note: `'Scheduled messages cancelled'` },
  })}
  select id, msisdn, cost from cancelled`;

const cancelByIds = statement({
  name: 'cancel-scheduled-messages',
  values: { accountId: 'int4', ids: 'int8[]' },
  columns: columnsOf('Message', 'id', 'msisdn', 'cost'),
  sql: ($) => cancelSql($.accountId, `message.id = any (${$.ids})`),
});

const cancelByBatch = statement({
  name: 'cancel-scheduled-batch',
  values: { accountId: 'int4', batchId: 'int8' },
  columns: columnsOf('Message', 'id', 'msisdn', 'cost'),
  sql: ($) => cancelSql($.accountId, `message.batch_id = ${$.batchId}`),
});

/**
 * Cancels scheduled messages and gives their credits back; answers with those that it cancelled, and what
 * they had cost.
 */
export async function cancelScheduled(
  pool: Pool,
  { accountId }: AccountScope,
  which: { ids: readonly number[] } | { batchId: string },
): Promise<{ id: string; msisdn: string; cost: number }[]> {
  return withTransaction(pool, async (client) => {
    const cancelled = await ('ids' in which
      ? cancelByIds.all(client, { accountId, ids: which.ids })
      : cancelByBatch.all(client, { accountId, batchId: which.batchId }));
    if (cancelled.length > 0) await tellAccounts(client, [accountId], ['messages', 'credits']);
    return cancelled;
  });
}

const moveBatch = statement({
  name: 'reschedule-batch',
  values: { accountId: 'int4', batchId: 'int8', sendAt: 'timestamptz', purpose: 'MessagePurpose?' },
  sql: ($) => `
    with found as (
      select id from message where ${isScheduledSql($.accountId)} and batch_id = ${$.batchId} order by id for update
    )
    update message set scheduled_at = ${$.sendAt}, next_attempt_at = ${$.sendAt},
      purpose = coalesce(${$.purpose}, message.purpose)
    from found where message.account_id = ${$.accountId} and message.id = found.id`,
});

/**
 * Gives what is left of a scheduled batch another time, and another purpose; answers with how many messages
 * that were.
 *
 * @param change.purpose null or left out: the one that it has
 */
export async function rescheduleBatch(
  pool: Pool,
  { accountId }: AccountScope,
  { batchId, sendAt, purpose = null }: { batchId: string; sendAt: Date; purpose?: MessagePurpose | null },
): Promise<number> {
  return withTransaction(pool, async (client) => {
    const moved = await moveBatch.run(client, { accountId, batchId, sendAt, purpose });
    if (moved > 0) await tellAccounts(client, [accountId], ['messages']);
    return moved;
  });
}
