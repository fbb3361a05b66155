import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from './test-database';
import { encodeCursor } from '@/lib/lists/cursor';
import type { ListParams } from '@/lib/lists/list-search';
import type { FileQuery } from '@/lib/lists/file-query';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readList } from '@/lib/lists/read-list';
import { messageList } from '@/lib/messages/list';
import { blockedReason } from '@/lib/opt-outs/gate';
import { optOutList } from '@/lib/opt-outs/list';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { replyList } from '@/lib/replies/list';
import { createAccount, type TestAccount } from './factories';
import { composeListFile } from './list-file';
import { testOnOneServer } from './one-server';

// Whether the queries of the lists use their indexes, asked of PostgreSQL with enough rows for it to matter.
// The bench (bench/lists.ts) shows with ten million what that is worth.

let db: TestDatabase;
let account: TestAccount;

const rowCount = 40_000;
/** What is read of a list before an index is asked (lib/lists/account-page.ts). */
const readFirst = 10_000;
const timeZone = 'Africa/Johannesburg';

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
  const other = await createAccount(db.pool);
  const client = await db.owner.connect();
  // foreign keys of 120,000 rows would take longer than all tests
  await client.query('set session_replication_role = replica');
  for (const [accountId, count] of [
    [account.id, rowCount],
    [other.id, rowCount / 20],
  ]) {
    await client.query(
      `insert into opt_out (account_id, msisdn, kind, reply_text, rule, created_at)
       select $1, '27' || 600000000 + n::bigint * 7919 % 150000000,
         case when n % 5 > 0 then 'REPLY' when n <= 200 then 'STAFF' else 'IMPORT' end::opt_out_kind,
         case when n % 5 > 0 then case when n = 77 then 'Leave Gerald in peace, stop' else 'Stop' end end,
         case when n % 5 > 0 then case when n <= 300 then 'own:exact:genoeg' else 'exact:stop' end end,
         '2026-11-22 10:00:00+02'::timestamptz - make_interval(secs => $2 - n)
       from generate_series(1, $2::int) as n`,
      [accountId, count],
    );
    await client.query(
      `insert into message_batch (account_id, id, idempotency_key, text, created_at)
       select $1, n, n, case when n = 3 then 'Winter tyres until Friday' else 'Coffee of the week ' || n end,
         '2026-11-22 10:00:00+02'::timestamptz - make_interval(secs => $2 - n * 10)
       from generate_series(0, $2::int / 10) as n`,
      [accountId, count],
    );
    await client.query(
      `insert into message (account_id, purpose, batch_id, msisdn, sender_number, text, segments, cost, status, reason, next_attempt_at, created_at)
       select $1, case when n > $2 / 2 then 'MARKETING' end::message_purpose, n / 10, '27' || 600000000 + n::bigint * 7919 % 150000000, '27600100200', batch.text, 1, 0,
         case when n % 500 = 0 then 'FAILED' when n % 50 = 0 then 'BLOCKED' when n > $2 - 100 then 'QUEUED' else 'DELIVERED' end::message_status,
         case when n % 500 = 0 then 'The phone could not be reached.' when n % 50 = 0 then $3 end,
         case when n > $2 - 100 and n % 50 > 0 then now() end, batch.created_at
       from generate_series(1, $2::int) as n
       join message_batch as batch on batch.account_id = $1 and batch.id = n / 10`,
      [accountId, count, blockedReason],
    );
    await client.query(
      `insert into reply (account_id, msisdn, sender_number, text, verdict, rule, carrier, carrier_message_id, received_at)
       select $1, '27' || 600000000 + n::bigint * 7919 % 150000000, '27600100200',
         case when n = 77 then 'Is Gerald there?' else 'Ok, see you there' end,
         case when n % 100 = 0 then 'OPT_OUT' when n = 51 then 'REVIEW' else 'NONE' end::verdict, null, 'test', n,
         '2026-11-22 10:00:00+02'::timestamptz - make_interval(secs => $2 - n)
       from generate_series(1, $2::int) as n`,
      [accountId, count],
    );
  }
  await client.query('insert into opt_out_tally (account_id, change) values ($1, $2)', [
    account.id,
    rowCount,
  ]);
  client.release(true);
  await db.owner.query('vacuum analyze opt_out, message, message_batch, reply, opt_out_tally');
}, 120_000);
afterAll(() => db.close());

interface Query {
  text: string;
  values: unknown[];
}

/** The selects that `work` sends to the database. */
async function listQueries(work: (pool: Pool) => Promise<unknown>): Promise<Query[]> {
  const queries: Query[] = [];
  const watch = <Target extends Pool | PoolClient>(target: Target): Target =>
    new Proxy(target, {
      get(_, name) {
        if (name === 'query') {
          return (config: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
            const { text, ...rest } = typeof config === 'string' ? { text: config, values } : config;
            // Of the settings of its transaction nothing is read.
            if (/^\s*(select(?! set_config)|with)\b/.test(text))
              queries.push({ text, values: rest.values ?? [] });
            return (target as Pool).query(config as string, values);
          };
        }
        if (name === 'connect') return async () => watch(await (target as Pool).connect());
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  await work(watch(db.pool));
  return queries;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

interface Reading {
  indexes: string[];
  /** Tables that were read from end to end. */
  readWhole: string[];
  /** Rows taken from tables. */
  rowsRead: number;
  /** The most rows that were sorted at once. */
  rowsSorted: number;
}

/** What PostgreSQL does for a query, by its own account. */
async function explain(client: Pool | PoolClient, { text, values }: Query): Promise<Reading> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  const reading: Reading = { indexes: [], readWhole: [], rowsRead: 0, rowsSorted: 0 };
  const visit = (node: PlanNode) => {
    const table = node['Relation Name'];
    if (node['Index Name']) reading.indexes.push(node['Index Name']);
    if (node['Node Type'].includes('Seq Scan') && table) reading.readWhole.push(table);
    if (table) {
      const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
      reading.rowsRead += Math.round(each * node['Actual Loops']);
    }
    if (node['Node Type'] === 'Sort')
      reading.rowsSorted = Math.max(reading.rowsSorted, node.Plans?.[0]?.['Actual Rows'] ?? 0);
    node.Plans?.forEach(visit);
  };
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan) visit(plan);
  return reading;
}

const optOuts = (params: ListParams, cursor?: string) => (pool: Pool) =>
  readList(pool, optOutList, account.scope, optOutList.readFilter(params).filter, cursor ?? null, timeZone);
const messages = (params: ListParams, cursor?: string) => (pool: Pool) =>
  readList(pool, messageList, account.scope, messageList.readFilter(params).filter, cursor ?? null, timeZone);
const replies = (params: ListParams, cursor?: string) => (pool: Pool) =>
  readList(pool, replyList, account.scope, replyList.readFilter(params).filter, cursor ?? null, timeZone);

const deep = encodeCursor({
  sort: 'newest',
  direction: 'older',
  at: '2026-11-22 02:00:00+02',
  id: '123456789012345678',
});
const back = encodeCursor({ sort: 'newest', direction: 'newer', at: '2026-11-22 02:00:00+02', id: '1' });

interface Case {
  name: string;
  work: (pool: Pool) => Promise<unknown>;
  /** For each query, the indexes it must use. */
  indexes: string[][];
  /** The most rows that all of them may read. */
  atMost: number;
}

const page = 51;
const optOutOrder = 'opt_out_account_id_created_at_id_idx';
const messageOrder = 'message_account_id_created_at_id_idx';
const replyOrder = 'reply_account_id_received_at_id_idx';

const cases: Case[] = [
  { name: 'opt-outs: first page', work: optOuts({}), indexes: [[optOutOrder]], atMost: page },
  { name: 'opt-outs: deep page', work: optOuts({}, deep), indexes: [[optOutOrder]], atMost: page },
  { name: 'opt-outs: the way back', work: optOuts({}, back), indexes: [[optOutOrder]], atMost: page },
  {
    name: 'opt-outs: oldest first',
    work: optOuts({ sort: 'oldest' }),
    indexes: [[optOutOrder]],
    atMost: page,
  },
  {
    name: 'opt-outs: until a day long ago',
    work: optOuts({ to: '2026-11-21' }),
    indexes: [[optOutOrder]],
    atMost: page,
  },
  { name: 'opt-outs: one digit', work: optOuts({ q: '6' }), indexes: [[optOutOrder]], atMost: readFirst },
  {
    name: 'opt-outs: a common text',
    work: optOuts({ q: 'stop' }),
    indexes: [[optOutOrder]],
    atMost: readFirst,
  },
  {
    name: 'opt-outs: four digits',
    work: optOuts({ q: '4567' }),
    indexes: [[optOutOrder], ['opt_out_number_parts_idx', 'opt_out_reply_text_idx']],
    atMost: readFirst + 200,
  },
  {
    name: 'opt-outs: a beginning',
    work: optOuts({ q: '0600 007' }),
    indexes: [['opt_out_pkey', 'opt_out_reply_text_idx']],
    atMost: 100,
  },
  {
    name: 'opt-outs: digits of the middle',
    work: optOuts({ q: '123 456' }),
    indexes: [['opt_out_number_parts_idx', 'opt_out_reply_text_idx']],
    atMost: 100,
  },
  {
    name: 'opt-outs: a whole number',
    work: optOuts({ q: '+27 600 007 919' }),
    indexes: [['opt_out_pkey', 'opt_out_reply_text_idx']],
    atMost: 10,
  },
  {
    name: 'opt-outs: a rare text',
    work: optOuts({ q: 'gerald' }),
    indexes: [[optOutOrder], ['opt_out_reply_text_idx']],
    atMost: readFirst + 10,
  },
  {
    name: 'opt-outs: a kind',
    work: optOuts({ kind: 'STAFF' }),
    indexes: [['opt_out_account_id_kind_created_at_id_idx']],
    atMost: page,
  },
  {
    name: 'opt-outs: two kinds',
    work: optOuts({ kind: 'STAFF,IMPORT' }),
    indexes: [['opt_out_account_id_kind_created_at_id_idx']],
    atMost: 2 * page,
  },
  {
    name: 'opt-outs: a rule',
    work: optOuts({ rule: 'own' }),
    indexes: [['opt_out_rule_group_idx']],
    atMost: page,
  },
  {
    name: 'opt-outs: a rule with a kind that never has it',
    work: optOuts({ rule: 'own', kind: 'IMPORT' }),
    indexes: [['opt_out_rule_group_idx']],
    atMost: 0,
  },
  {
    name: 'opt-outs: a kind of few, with a common text that none of them has',
    work: optOuts({ kind: 'STAFF', q: 'stop' }),
    indexes: [['opt_out_account_id_kind_created_at_id_idx'], ['opt_out_account_id_kind_created_at_id_idx']],
    atMost: 2 * 40,
  },
  {
    name: 'opt-outs: a day of few, with a text that none of them has',
    work: optOuts({ from: '2026-11-21', to: '2026-11-21', q: 'nobody says this' }),
    indexes: [[optOutOrder], [optOutOrder]],
    atMost: 2 * readFirst,
  },
  {
    name: 'opt-outs: how many',
    work: (pool) => readOptOutTotal(pool, account.scope),
    indexes: [[]],
    atMost: 2,
  },
  { name: 'messages: first page', work: messages({}), indexes: [[messageOrder]], atMost: page },
  { name: 'messages: deep page', work: messages({}, deep), indexes: [[messageOrder]], atMost: page },
  {
    name: 'messages: a common text',
    work: messages({ q: 'coffee' }),
    indexes: [[messageOrder]],
    atMost: readFirst,
  },
  {
    name: 'messages: a rare text',
    work: messages({ q: 'winter tyres' }),
    indexes: [
      [messageOrder],
      ['message_batch_text_idx', 'message_text_idx', 'message_queue_idx', messageOrder],
    ],
    atMost: readFirst + 500,
  },
  {
    name: 'messages: digits of the middle',
    work: messages({ q: '123 456' }),
    indexes: [['message_number_parts_idx', 'message_queue_idx']],
    atMost: 500,
  },
  {
    name: 'messages: a whole number',
    work: messages({ q: '0600007919' }),
    indexes: [['message_account_id_msisdn_id_idx']],
    atMost: 500,
  },
  {
    name: 'messages: failed',
    work: messages({ status: 'FAILED' }),
    indexes: [['message_failed_idx']],
    atMost: page,
  },
  {
    name: 'messages: blocked',
    work: messages({ status: 'BLOCKED' }),
    indexes: [['message_reason_idx']],
    atMost: 2 * page,
  },
  {
    name: 'messages: sent, which none is',
    work: messages({ status: 'SENT' }),
    indexes: [[messageOrder], ['message_status_idx']],
    atMost: readFirst,
  },
  {
    name: 'messages: sent or failed, few of either',
    work: messages({ status: 'SENT,FAILED' }),
    indexes: [[messageOrder], ['message_status_idx', 'message_failed_idx']],
    atMost: readFirst + 2 * page,
  },
  {
    name: 'messages: sent, which none is, with a common text',
    work: messages({ status: 'SENT', q: 'coffee' }),
    indexes: [[messageOrder], ['message_status_idx'], ['message_status_idx']],
    atMost: readFirst,
  },
  {
    name: 'messages: a purpose that none has',
    work: messages({ purpose: 'SERVICE' }),
    indexes: [[messageOrder], ['message_purpose_idx']],
    atMost: readFirst,
  },
  {
    name: 'messages: a purpose that none has, with a status that none has',
    work: messages({ purpose: 'SERVICE', status: 'SENT' }),
    indexes: [[messageOrder], ['message_status_idx']],
    atMost: readFirst,
  },
  {
    name: 'messages: queued, and nothing else is so near the top',
    work: messages({ status: 'QUEUED' }),
    indexes: [[messageOrder]],
    atMost: readFirst,
  },
  { name: 'replies: first page', work: replies({}), indexes: [[replyOrder]], atMost: page },
  { name: 'replies: deep page', work: replies({}, deep), indexes: [[replyOrder]], atMost: page },
  {
    name: 'replies: digits of the middle',
    work: replies({ q: '123 456' }),
    indexes: [['reply_number_parts_idx', 'reply_text_idx']],
    atMost: 100,
  },
  {
    name: 'replies: a rare text',
    work: replies({ q: 'gerald' }),
    indexes: [[replyOrder], ['reply_text_idx']],
    atMost: readFirst + 10,
  },
  {
    name: 'replies: verdicts',
    work: replies({ verdict: 'REVIEW,OPT_OUT' }),
    indexes: [['reply_verdict_idx']],
    atMost: 2 * page,
  },
];

testOnOneServer.each(cases)('$name', async ({ work, indexes, atMost }) => {
  const queries = await listQueries(work);
  expect(queries).toHaveLength(indexes.length);
  const readings = await Promise.all(queries.map((query) => explain(db.pool, query)));
  readings.forEach((reading, index) => {
    expect(reading.indexes).toEqual(expect.arrayContaining(indexes[index] ?? []));
    expect(reading.readWhole.filter((table) => table !== 'opt_out_tally')).toEqual([]);
    expect(reading.rowsSorted).toBeLessThanOrEqual(500);
  });
  expect(readings.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBeLessThanOrEqual(atMost);
});

describe('a file is read in its order, not sorted', () => {
  testOnOneServer.each<[string, () => FileQuery, string]>([
    [
      'opt-outs',
      () => composeListFile(optOutList, account.scope, optOutList.readFilter({}).filter, timeZone, null),
      optOutOrder,
    ],
    [
      'messages',
      () => composeListFile(messageList, account.scope, messageList.readFilter({}).filter, timeZone, null),
      messageOrder,
    ],
    [
      'replies',
      () => composeListFile(replyList, account.scope, replyList.readFilter({}).filter, timeZone, null),
      replyOrder,
    ],
  ])('%s', async (_, compose, index) => {
    const reading = await explain(db.pool, { text: composeCsvSelect(compose()), values: [] });
    expect(reading).toEqual({ indexes: [index], readWhole: [], rowsRead: rowCount, rowsSorted: 0 });
  });

  testOnOneServer('narrowed by part of a number it is found by index', async () => {
    const { filter } = optOutList.readFilter({ q: '123 456' });
    const text = composeCsvSelect(composeListFile(optOutList, account.scope, filter, timeZone, null));
    const reading = await explain(db.pool, { text, values: [] });
    expect(reading.indexes).toEqual(
      expect.arrayContaining(['opt_out_number_parts_idx', 'opt_out_reply_text_idx']),
    );
    expect(reading.rowsRead).toBeLessThan(100);
  });
});

describe('these tests notice a missing index', () => {
  testOnOneServer.each([
    ['opt-outs: first page', optOutOrder],
    ['opt-outs: digits of the middle', 'opt_out_number_parts_idx'],
    ['opt-outs: a kind', 'opt_out_account_id_kind_created_at_id_idx'],
    ['opt-outs: a rule with a kind that never has it', 'opt_out_rule_group_idx'],
    ['messages: failed', 'message_failed_idx'],
    ['messages: sent, which none is', 'message_status_idx'],
    ['messages: a purpose that none has', 'message_purpose_idx'],
  ])('%s without %s', async (name, index) => {
    const { work, atMost } = cases.find((one) => one.name === name) as Case;
    const query = (await listQueries(work)).at(-1);
    const client = await db.owner.connect();
    try {
      await client.query('begin');
      await client.query(`drop index ${index}`);
      const reading = await explain(client, query as Query);
      expect(reading.indexes).not.toContain(index);
      expect(reading.rowsRead).toBeGreaterThan(atMost);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
