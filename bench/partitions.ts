import type { Pool } from 'pg';
import { createDatabase } from '@/lib/db/client';
import { countDays } from '@/lib/home/days';
import { encodeCursor } from '@/lib/lists/cursor';
import type { ListParams } from '@/lib/lists/list-search';
import { readList } from '@/lib/lists/read-list';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { messageList } from '@/lib/messages/list';
import { recordReceipts } from '@/lib/messages/receipts';
import { readStory } from '@/lib/stories/queries';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { accept, describe, scope, type Pools } from './partition-sides';
import { measureLeaving } from './partitions-leaving';
import { describeMsisdn } from './seed';
import {
  describeKnownMsisdn,
  firstIdOf,
  largeAccountId,
  monthCount,
  monthlySchema,
  monthSql,
  seedPartitions,
} from './seed-partitions';

const timeZone = 'Africa/Johannesburg';

type Side = keyof Pools;

/**
 * 30 million messages of thirteen months in the table as it is, and in one cut by months: the program's own
 * statements on both, and how a month leaves each. Not among the benches that run when none is named: its
 * rows take 40 GB and a quarter of an hour to make.
 *
 * The second table stands in a schema of its own, which the connections of its side search first.
 */
export async function benchPartitions({ quick, report, withSeeded }: BenchContext): Promise<BenchRow[]> {
  const count = quick ? 130_000 : 30_000_000;
  const withDatabase = async <Result>(url: string, work: (pool: Pool) => Promise<Result>) => {
    const { pool, close } = createDatabase(url);
    try {
      return await work(pool);
    } finally {
      await close();
    }
  };
  const seed = async (url: string) => {
    const ms = await timeMs(() => withDatabase(url, (pool) => seedPartitions(pool, count)));
    report(`${count.toLocaleString('en-ZA')} messages made twice in ${Math.round(ms / 1000)} s`);
  };
  return withSeeded(`bench_partitions_${count}`, seed, (url) => {
    const monthlyUrl = new URL(url);
    monthlyUrl.searchParams.set('options', `-c search_path=${monthlySchema},public`);
    return withDatabase(url, (plain) =>
      withDatabase(monthlyUrl.href, async (monthly) => {
        const pools = { plain, monthly };
        const rows = [
          ...(await measureWork(pools, quick)),
          ...(await measureReading(pools, quick, monthlyUrl.href, url)),
        ];
        const urls = { plain: url, monthly: monthlyUrl.href };
        return [
          ...rows,
          await measureSize(plain),
          ...(await measureLeaving(pools, urls, count, quick, report)),
        ];
      }),
    );
  });
}

/** A case of both sides: what a round does, and how often. */
interface Case {
  name: string;
  times: number;
  run: (pool: Pool, side: Side, round: number) => Promise<unknown>;
}

async function compare(pools: Pools, { name, times, run }: Case, rounds: number): Promise<BenchRow> {
  const measure = (side: Side) => (round: number) =>
    timeMs(async () => {
      for (let time = 0; time < times; time++) await run(pools[side], side, round * times + time);
    });
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    rounds,
    measure('monthly'),
    measure('plain'),
  );
  const each = (ms: number) => (ms / times).toFixed(2);
  return describe(name, timeRatio, `${each(oursMs)} ms against ${each(baselineMs)} ms`);
}

/** Accepting, sending and receipts: what is written. */
async function measureWork(pools: Pools, quick: boolean): Promise<BenchRow[]> {
  const rounds = quick ? 3 : 15;
  let nextNumber = 10_000_000 + Math.floor(Math.random() * 50_000_000);
  const sent: Record<Side, string[]> = { plain: [], monthly: [] };
  return [
    await compare(
      pools,
      {
        name: 'months: accept 1,000 messages',
        times: 1,
        run: async (pool) =>
          accept(
            pool,
            Array.from({ length: 1000 }, () => describeMsisdn(nextNumber++)),
          ),
      },
      rounds,
    ),
    await compare(
      pools,
      {
        name: 'months: claim 100 messages and record that they were sent',
        times: 3,
        run: async (pool, side) => {
          const { messages } = await claimBatch(pool, largeAccountId, { limit: 100, leaseMs: 60_000 });
          if (messages.length !== 100 && !quick) throw new Error(`${messages.length} were claimed.`);
          sent[side].push(...messages.map(({ id }) => id));
          await recordHandover(
            pool,
            messages,
            messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `bench-${id}` })),
          );
        },
      },
      rounds,
    ),
    await compare(
      pools,
      {
        name: 'months: one receipt',
        times: quick ? 3 : 20,
        run: async (pool, side) => {
          const messageId = sent[side].pop();
          if (messageId === undefined) throw new Error('No message waits for a receipt.');
          const receipt = {
            accountId: largeAccountId,
            messageId,
            status: 'delivered',
            reason: null,
          } as const;
          if ((await recordReceipts(pool, [receipt])) !== 1) throw new Error('A receipt was not recorded.');
        },
      },
      rounds,
    ),
  ];
}

/** Pages, stories and tallies: what is read, of the account with three million messages. */
async function measureReading(
  pools: Pools,
  quick: boolean,
  monthlyUrl: string,
  plainUrl: string,
): Promise<BenchRow[]> {
  const rounds = quick ? 3 : 15;
  const { rows: middles } = await pools.plain.query<{ at: string; id: string }>(
    `select created_at::text as at, id from message where account_id = $1 and created_at < ${monthSql(7)}
     order by created_at desc, id desc limit 1`,
    [largeAccountId],
  );
  const { rows: days } = await pools.plain.query<{ day: string }>(
    `select (${monthSql(monthCount)}::date + n)::text as day from generate_series(3, 5) as n`,
  );
  const middle = middles[0];
  if (!middle) throw new Error('There is no middle of the list.');
  const deep = encodeCursor({ sort: 'newest', direction: 'older', ...middle });
  const page = (name: string, params: ListParams = {}, cursor: string | null = null, times = 5): Case => ({
    name: `months: Message Logs, ${name}`,
    times,
    run: async (pool) => {
      const { rows } = await readList(
        pool,
        messageList,
        scope,
        messageList.readFilter(params).filter,
        cursor,
        timeZone,
      );
      if (rows.length === 0 && !quick) throw new Error(`${name}: nothing is found.`);
    },
  });
  const oneRow = `select text from message where account_id = ${largeAccountId} and id = ${firstIdOf(7)} + 10002`;
  const cases: Case[] = [
    page('first page'),
    page('a page in the middle', {}, deep),
    page('search by part of a number', { q: describeKnownMsisdn(7).slice(-6) }),
    page('search by text', { q: 'check-up' }),
    page('search by a rare text', { q: 'offer 7-10 of' }),
    page('filter by status', { status: 'FAILED' }),
    page('of one day', { from: days[0]?.day ?? '', to: days[0]?.day ?? '' }),
    {
      name: 'months: one message by its key, prepared',
      times: 50,
      run: (pool) =>
        pool.query({
          name: 'one-message',
          text: 'select text from message where account_id = $1 and id = $2',
          values: [largeAccountId, `${firstIdOf(7).slice(0, -5)}10002`],
        }),
    },
    { name: 'months: one message by its key, planned anew', times: 20, run: (pool) => pool.query(oneRow) },
    {
      name: 'months: the story of one number',
      times: 5,
      run: async (pool, _, n) => {
        const story = await readStory(pool, scope, describeKnownMsisdn(n));
        if (!story) throw new Error('There is no story.');
      },
    },
    {
      name: 'months: the tallies of three days',
      times: 1,
      run: (pool) =>
        countDays(
          pool,
          { accountId: largeAccountId },
          timeZone,
          days.map(({ day }) => day),
        ),
    },
    {
      name: 'months: the first page on a new connection',
      times: 1,
      run: async (_, side) => {
        const { pool, close } = createDatabase(side === 'plain' ? plainUrl : monthlyUrl, 1);
        try {
          await page('first page').run(pool, side, 0);
        } finally {
          await close();
        }
      },
    },
  ];
  const rows: BenchRow[] = [];
  for (const one of cases)
    rows.push(await compare(pools, one, one.times === 1 ? Math.min(rounds, 9) : rounds));
  rows.push(await measurePlanning(pools, quick));
  return rows;
}

/** What PostgreSQL itself says that planning the first page takes. */
async function measurePlanning(pools: Pools, quick: boolean): Promise<BenchRow> {
  const plan = (pool: Pool) => async () => {
    const { rows } = await pool.query<{ 'QUERY PLAN': [{ 'Planning Time': number }] }>(
      `explain (summary, format json) select * from message where account_id = ${largeAccountId}
       order by created_at desc, id desc limit 51`,
    );
    return rows[0]?.['QUERY PLAN'][0]['Planning Time'] ?? Number.NaN;
  };
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 3 : 25,
    plan(pools.monthly),
    plan(pools.plain),
  );
  return describe(
    'months: planning the first page, without carrying it out',
    timeRatio,
    `${oursMs.toFixed(2)} ms against ${baselineMs.toFixed(2)} ms`,
  );
}

async function measureSize(pool: Pool): Promise<BenchRow> {
  const read = async (where: string) => {
    const { rows } = await pool.query<{ rows: number; indexes: number }>(
      `select sum(pg_table_size(oid))::float8 as rows, sum(pg_indexes_size(oid))::float8 as indexes from pg_class
       where relkind = 'r' and ${where}`,
    );
    return rows[0] ?? { rows: 0, indexes: 0 };
  };
  const plain = await read(`oid = 'public.message'::regclass`);
  const monthly = await read(`relnamespace = '${monthlySchema}'::regnamespace and relname like 'message%'`);
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(2);
  return describe(
    'months: size on disk',
    (monthly.rows + monthly.indexes) / (plain.rows + plain.indexes),
    `rows ${gigabytes(monthly.rows)} against ${gigabytes(plain.rows)} GB, indexes ${gigabytes(monthly.indexes)} against ${gigabytes(plain.indexes)} GB`,
  );
}
