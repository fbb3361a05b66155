import type { Pool, PoolClient } from 'pg';
import { blockedReason } from '@/lib/opt-outs/gate';
import { describeMsisdn, msisdnSql, seedAccounts, senderNumber } from './seed';
import { withoutIndexes } from './seed-lists';

/** The schema in which `message` is cut by months; all else is found in the program's own. */
export const monthlySchema = 'by_month';
/** Has a tenth of all messages; 199 others share the rest. */
export const largeAccountId = 100;
/** Whole months of messages. Their slots are 1 to 13; two more parts are empty. */
export const monthCount = 13;
/** Of ids, for each month: the id says which month a message is of, before there is one. */
const slotSize = 1e10;

const numberCount = 2_000_000;
const otherAccountIds = Array.from({ length: 199 }, (_, index) => 1000 + index);

/** How many messages a month has, of `count` in all. */
export function countOfMonth(count: number): number {
  return Math.floor(count / monthCount);
}

/** A number that the large account has written to in every month. */
export function describeKnownMsisdn(n: number): string {
  return describeMsisdn(10_000 * Math.floor(n / 500) + 1 + (n % 500));
}

export function partitionOf(slot: number): string {
  return `${monthlySchema}.message_${String(slot).padStart(2, '0')}`;
}

/** Where the ids of a month begin. */
export function firstIdOf(slot: number): string {
  return String(slot * slotSize);
}

/** SQL of the first moment of a month. */
export function monthSql(slot: number): string {
  return `(date_trunc('month', now()) + interval '${slot - monthCount - 1} months')`;
}

/**
 * The same messages twice, made set-based: in the table as the migrations leave it, and in one of the same
 * columns, checks, foreign keys and indexes that is cut by months.
 */
export async function seedPartitions(pool: Pool, count: number): Promise<void> {
  await seedAccounts(pool, [largeAccountId, ...otherAccountIds]);
  await createMonthly(pool);
  await onConnection(pool, async (client) => {
    for (let slot = 1; slot <= monthCount; slot++) await insertBatches(client, slot, countOfMonth(count));
    await insertReplies(client, count / 100);
  });
  // before they are taken away
  const indexes = await describeIndexes(pool);
  await Promise.all([
    onConnection(pool, (client) =>
      withoutIndexes(client, 'message', async () => {
        for (let slot = 1; slot <= monthCount; slot++)
          await insertMonth(client, 'message', slot, countOfMonth(count));
      }),
    ),
    onConnection(pool, async (client) => {
      for (let slot = 1; slot <= monthCount; slot++)
        await insertMonth(client, `${monthlySchema}.message`, slot, countOfMonth(count));
      await createMonthlyIndexes(client, indexes);
    }),
  ]);
  // what is accepted then comes into a month that is full, as on its last day
  await pool.query(
    `select setval('message_id_seq', ${firstIdOf(monthCount)} + $1), setval('message_batch_id_seq', $2)`,
    [countOfMonth(count) + 1_000_000, firstIdOf(monthCount + 1)],
  );
  await onConnection(pool, (client) => client.query('vacuum (analyze)'));
}

/** On a connection with time and room for it, which checks no foreign keys. */
async function onConnection(pool: Pool, work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`set statement_timeout = 0`);
    await client.query(`set session_replication_role = replica`);
    await client.query(`set maintenance_work_mem = '1500MB'`);
    await client.query(`set synchronous_commit = off`);
    await work(client);
  } finally {
    client.release(true);
  }
}

async function createMonthly(pool: Pool): Promise<void> {
  await pool.query(`create schema ${monthlySchema}`);
  await pool.query(
    `create table ${monthlySchema}.message (like message including defaults including constraints including storage)
     partition by range (id)`,
  );
  await copyForeignKeys(pool, 'message', `${monthlySchema}.message`);
  for (let slot = 1; slot <= monthCount + 2; slot++) {
    await pool.query(
      `create table ${partitionOf(slot)} partition of ${monthlySchema}.message
       for values from (${firstIdOf(slot)}) to (${firstIdOf(slot + 1)})
       with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02)`,
    );
  }
}

async function copyForeignKeys(pool: Pool, from: string, to: string): Promise<void> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = $1::regclass and contype = 'f'`,
    [from],
  );
  for (const { name, definition } of rows) {
    await pool.query(`alter table ${to} add constraint ${name} ${definition}`);
  }
}

/** Statements that make the indexes of the table as it is, but for its key. */
async function describeIndexes(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ definition: string }>(
    `select pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = 'public.message'::regclass and not indisprimary`,
  );
  return rows.map(({ definition }) => definition);
}

/**
 * The same for the table in parts. One cannot be: a unique index has the column that cuts the table, so "one
 * confirmation per episode" would have to be held elsewhere, and is a plain index here.
 */
async function createMonthlyIndexes(client: PoolClient, indexes: readonly string[]): Promise<void> {
  await client.query(`alter table ${monthlySchema}.message add primary key (account_id, id)`);
  for (const definition of indexes) {
    await client.query(
      definition
        .replace('CREATE UNIQUE INDEX', 'CREATE INDEX')
        .replace('ON public.message', `ON ${monthlySchema}.message`),
    );
  }
  // As removal requests name their consent SMS.
  await client.query(
    `create table ${monthlySchema}.request (account_id int not null, message_id bigint,
       foreign key (account_id, message_id) references ${monthlySchema}.message (account_id, id))`,
  );
}

/** Batches of a thousand: every tenth is the large account's. */
const accountSql = (batch: string) =>
  `case when ${batch} % 10 = 0 then ${largeAccountId} else ${otherAccountIds[0]} + ${batch} % ${otherAccountIds.length} end`;
const batchIdSql = (slot: number, batch: string) => `${slot}000000 + ${batch}`;
const batchTextSql = (slot: number, batch: string) =>
  `'Hi! Offer ' || ${slot} || '-' || ${batch} || ' of Berg & Dal: '
   || (array['coffee beans', 'winter tyres', 'a check-up', 'school shoes'])[1 + ${batch} % 4]
   || ' for less until Friday, only while stocks last. Reply STOP to opt out.'`;
const timeSql = (slot: number, batch: string, count: number) =>
  `${monthSql(slot)} + ${batch} * ((${monthSql(slot + 1)} - ${monthSql(slot)}) / ${Math.floor(count / 1000) + 1})`;
const purposeSql = (batch: string) =>
  `(case when ${batch} % 3 = 0 then 'MARKETING' else 'SERVICE' end)::message_purpose`;

/** What a month's messages belong to. */
export async function insertBatches(
  client: Pick<PoolClient, 'query'>,
  slot: number,
  count: number,
): Promise<void> {
  await client.query(
    `insert into message_batch (account_id, id, idempotency_key, text, purpose, created_at)
     select ${accountSql('b')}, ${batchIdSql(slot, 'b')}, ${batchIdSql(slot, 'b')}, ${batchTextSql(slot, 'b')}, ${purposeSql('b')},
       ${timeSql(slot, 'b', count)}
     from generate_series(0, ${Math.floor(count / 1000)}) as b on conflict do nothing`,
  );
}

/** Fills one month of a table. One message in a thousand is a confirmation, one in fifty was blocked. */
export async function insertMonth(
  client: Pick<PoolClient, 'query'>,
  table: string,
  slot: number,
  count: number,
): Promise<void> {
  const isConfirmation = `k % 1000 = 500`;
  const unlessConfirmation = (sql: string) => `case when ${isConfirmation} then null else ${sql} end`;
  const isBlocked = `k % 50 = 1 and k % 1000 <> 501`;
  await client.query(
    `insert into ${table} (account_id, id, batch_id, kind, purpose, msisdn, sender_number, text, segments, cost, status,
       priority, reason, carrier_message_id, carrier, attempts, episode_id, created_at, sent_at, finished_at)
     select ${accountSql('b')}, ${firstIdOf(slot)} + k, ${unlessConfirmation(batchIdSql(slot, 'b'))},
       (case when ${isConfirmation} then 'CONFIRMATION' else 'NORMAL' end)::message_kind, ${unlessConfirmation(purposeSql('b'))},
       ${msisdnSql(`k % ${numberCount}`)}, $1,
       case when ${isConfirmation} then 'You have opted out of messages from Berg & Dal.' else ${batchTextSql(slot, 'b')} end,
       1, case when ${isConfirmation} or ${isBlocked} then 0 else 1 end,
       (case when ${isBlocked} then 'BLOCKED' when k % 1000 = 501 then 'FAILED' else 'DELIVERED' end)::message_status,
       case when ${isConfirmation} then 0 else 1 end,
       case when ${isBlocked} then '${blockedReason}' when k % 1000 = 501 then 'The phone could not be reached.' end,
       case when not ${isBlocked} then 'sim-' || ${slot} || '-' || k end,
       case when not ${isBlocked} then 'simulator' end, case when ${isBlocked} then 0 else 1 end,
       case when ${isConfirmation} then ${slot} * 10000000::bigint + k end, at,
       case when not ${isBlocked} then at + interval '1 second' end, at + interval '5 seconds'
     from generate_series(1, ${count}) as k, lateral (select k / 1000) as batch (b),
       lateral (select ${timeSql(slot, 'b', count)}) as accepted (at)`,
    [senderNumber],
  );
}

/** What was answered is looked for when texts are erased. */
async function insertReplies(client: PoolClient, count: number): Promise<void> {
  await client.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, message_id, received_at)
     select ${accountSql('n % 1000')}, ${msisdnSql(`n % ${numberCount}`)}, $1, 'Ok, see you on the ' || n % 31 || 'th',
       'NONE', 'simulator', n, ${firstIdOf(1)} + n, now() - make_interval(mins => n)
     from generate_series(1, ${Math.floor(count)}) as n`,
    [senderNumber],
  );
}
