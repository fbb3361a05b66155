import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { giveCreditsSql, isOverdrawn, takeCreditsSql } from '@/lib/credits/ledger';
import { readCredits } from '@/lib/credits/queries';
import { enqueueWarning } from '@/lib/credits/warning-commands';
import { withTransaction } from '@/lib/db/client';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement, type Places } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { readGate } from '@/lib/opt-outs/family-queries';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';
import { lawfulHoursReason } from './labels';
import { lawfulTime, openingsSql, opensAtSql, readLawfulTime, zonesOfSql } from './lawful-time';
import { splitLocalTime } from './local-time';
import { findTextProblem } from './marketing-check';
import { readText } from './read-text';
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
    waitsForHours: 'bool',
    leaving: typed<{ at: string; messages: number }[]>('json'),
  },
  sql: ($) => `
    select batch.id as "batchId", waiting.text, batch.created_at as "createdAt", waiting.scheduled_at as "scheduledAt",
      waiting.messages, waiting.credits, waiting.purpose, waiting.waits_for_hours as "waitsForHours", waiting.leaving,
      portal_user.name as "createdBy"
    from (
      select batch_id, min(scheduled_at) as scheduled_at, sum(messages)::int as messages, sum(credits)::float8 as credits,
        min(text) as text, min(purpose) as purpose, bool_or(waits_for_hours) as waits_for_hours,
        json_agg(json_build_object('at', scheduled_at, 'messages', messages) order by scheduled_at) as leaving
      from (
        select batch_id, scheduled_at, count(*) as messages, sum(cost) as credits,
          -- theirs is kept for as long as they wait, that of the batch may be written over before (lib/privacy)
          min(text) as text, min(purpose) as purpose, bool_or(reason is not null) as waits_for_hours
        from message where ${isScheduledSql($.accountId)}
        group by batch_id, scheduled_at
      ) as hour
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
      leaving: row.leaving.map(({ at, messages }) => ({ at: new Date(at).toISOString(), messages })),
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
    update message set status = 'CANCELLED', cost = 0, next_attempt_at = null, reason = null, finished_at = now()
    from found where message.account_id = ${accountId} and message.id = found.id
    returning message.id, found.msisdn, found.cost, message.kind, message.purpose, message.batch_id
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
  scope: AccountScope,
  which: { ids: readonly number[] } | { batchId: string },
): Promise<{ id: string; msisdn: string; cost: number }[]> {
  const { accountId } = scope;
  return withTransaction(pool, async (client) => {
    const cancelled = await ('ids' in which
      ? cancelByIds.all(client, { accountId, ids: which.ids })
      : cancelByBatch.all(client, { accountId, batchId: which.batchId }));
    if (cancelled.length === 0) return cancelled;
    await recordActOf(client, scope, 'scheduled.cancel', { messages: cancelled.length }, new Date());
    await tellAccounts(client, [accountId], ['messages', 'credits']);
    return cancelled;
  });
}

const changeBatch = statement({
  name: 'change-scheduled-batch',
  values: {
    accountId: 'int4',
    batchId: 'int8',
    sendAt: 'timestamptz',
    purpose: 'MessagePurpose?',
    text: 'text?',
    segments: 'int4?',
  },
  columns: { changed: 'int4', dearerBy: 'float8', marketing: 'text?' },
  sql: ($) => `
    with found as (
      select id, cost from message where ${isScheduledSql($.accountId)} and batch_id = ${$.batchId}
      order by id for update
    ), changed as (
      update message set scheduled_at = ${$.sendAt}, next_attempt_at = ${$.sendAt}, reason = null,
        purpose = coalesce(${$.purpose}, message.purpose), text = coalesce(${$.text}, message.text),
        segments = coalesce(${$.segments}::int, message.segments), cost = coalesce(${$.segments}::int, message.cost)
      from found where message.account_id = ${$.accountId} and message.id = found.id
      returning message.cost - found.cost as dearer_by, case when message.purpose = 'MARKETING' then message.text end as marketing
    )
    select count(*)::int as changed, coalesce(sum(dearer_by), 0)::float8 as "dearerBy", max(marketing) as marketing
    from changed`,
});

const putOffBatch = statement({
  name: 'put-off-scheduled-batch',
  values: { accountId: 'int4', batchId: 'int8', ...lawfulTime },
  sql: ($) => `
    with waiting as (
      select id, ${zonesOfSql('msisdn')} as zones from message
      where ${isScheduledSql($.accountId)} and batch_id = ${$.batchId} and purpose = 'MARKETING'
      order by id for update
    ), ${openingsSql('waiting', $)}, put_off as (
      select id, ${opensAtSql('waiting.zones')} as opens_at from waiting
    )
    update message set scheduled_at = opens_at, next_attempt_at = opens_at, reason = '${lawfulHoursReason}'
    from put_off
    where message.account_id = ${$.accountId} and message.id = put_off.id and opens_at > ${$.at}`,
});

/**
 * Puts off what of a scheduled batch is marketing and would leave outside lawful hours, each to the next of
 * its recipient's, so that what waits says until when. It is asked again when it leaves (claim.ts).
 *
 * @param sendAt when all of it was to leave
 */
export async function putOffUnlawful(
  client: PoolClient,
  { accountId }: AccountScope,
  { batchId, sendAt }: { batchId: string; sendAt: Date },
): Promise<void> {
  const now = new Date();
  await putOffBatch.run(client, { accountId, batchId, ...readLawfulTime(sendAt > now ? sendAt : now) });
}

const difference = { accountId: 'int4', batchId: 'int8', credits: 'int8' } as const;
const entry = { batch_id: 'difference.batch_id', note: `'The text of scheduled messages was changed'` };

/** Of their credits: both are of an account, and of a batch that the ledger names. */
const differenceSql = ($: Places<typeof difference>) =>
  `difference as (select ${$.credits}::bigint as credits, ${$.batchId}::bigint as batch_id)`;

const chargeDifference = statement({
  name: 'charge-changed-batch',
  values: difference,
  columns: { warns: 'bool' },
  sql: ($) => `
    with ${differenceSql($)}, ${takeCreditsSql({ accountId: $.accountId, from: 'difference', kind: 'SEND', entry })}
    select warns from taken`,
});

const giveDifference = statement({
  name: 'refund-changed-batch',
  values: difference,
  sql: ($) => `
    with ${differenceSql($)}, ${giveCreditsSql({ accountId: $.accountId, from: 'difference', kind: 'REFUND', entry })}
    select`,
});

/** What a scheduled batch is to be. Null or left out: what it is. */
export interface BatchChange {
  batchId: string;
  sendAt: Date;
  purpose?: MessagePurpose | null;
  text?: string | null;
}

export type BatchChanged =
  /** `credits`: what was charged more; below 0 what was given back. None were changed: they are gone. */
  { ok: true; changed: number; credits: number } | { ok: false; message: string; fields: { text: string } };

/**
 * Changes what is left of a scheduled batch: when it leaves, what it says and what it is for. A text of
 * another length costs more or gives back; where the credits are too few, nothing is changed.
 */
export async function changeScheduled(
  pool: Pool,
  scope: AccountScope,
  { batchId, sendAt, purpose = null, text = null }: BatchChange,
): Promise<BatchChanged> {
  const read = text === null ? null : readText(text);
  if (read?.ok === false) return refuseText(read.message);
  const { accountId } = scope;
  const to = { sendAt, purpose, text: read?.text ?? null, segments: read?.segments ?? null };
  try {
    return await withTransaction(pool, async (client) => {
      const { changed, dearerBy, marketing } = await changeBatch.only(client, { accountId, batchId, ...to });
      // One that only leaves at another time is the message that was accepted.
      if (marketing !== null && (text !== null || purpose !== null)) {
        const gate = await readGate(client, scope, new Date());
        const problem = findTextProblem(gate, marketing);
        if (problem !== null) throw new RefusedTextError(`${problem} Nothing was changed.`);
      }
      if (dearerBy > 0) {
        const { warns } = await chargeDifference.only(client, { accountId, batchId, credits: dearerBy });
        if (warns) await enqueueWarning(client, scope);
      }
      if (dearerBy < 0) await giveDifference.run(client, { accountId, batchId, credits: -dearerBy });
      if (changed > 0) {
        await putOffUnlawful(client, scope, { batchId, sendAt });
        await recordActOf(client, scope, 'scheduled.change', { messages: changed }, new Date());
        await tellAccounts(client, [accountId], ['messages', 'credits']);
      }
      return { ok: true, changed, credits: dearerBy };
    });
  } catch (error) {
    if (error instanceof RefusedTextError) return refuseText(error.message);
    if (!isOverdrawn(error)) throw error;
    const credits = await readCredits(pool, scope);
    return refuseText(
      `There are too few credits for this text: ${credits.toLocaleString('en-ZA')} left. Nothing was changed; shorten it or top up.`,
    );
  }
}

function refuseText(message: string): BatchChanged {
  return { ok: false, message, fields: { text: message } };
}

/** Takes back what the transaction has changed. */
class RefusedTextError extends Error {
  override readonly name = 'RefusedTextError';
}
