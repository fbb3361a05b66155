import type { Pool } from 'pg';
import { mintAccountScope } from '@/lib/auth/scope';
import { createDatabase } from '@/lib/db/client';
import type { ListPage } from '@/lib/lists/schema';
import { encodeCursor } from '@/lib/lists/cursor';
import type { ListParams } from '@/lib/lists/list-search';
import { readList } from '@/lib/lists/read-list';
import { messageList } from '@/lib/messages/list';
import { optOutList } from '@/lib/opt-outs/list';
import { replyList } from '@/lib/replies/list';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { seedAccounts } from './seed';
import { seedLists, type ListTable } from './seed-lists';

const accountId = 58324;
const scope = mintAccountScope(accountId, { system: 'bench' });
const timeZone = 'Africa/Johannesburg';
const smallCount = 10_000;
const pageSize = 50;

type List = (pool: Pool, params: ListParams, cursor: string | null) => Promise<ListPage<{ id: string }>>;

const listsByTable: Record<ListTable, List> = {
  opt_out: (pool, params, cursor) =>
    readList(pool, optOutList, scope, optOutList.readFilter(params).filter, cursor, timeZone),
  message: (pool, params, cursor) =>
    readList(pool, messageList, scope, messageList.readFilter(params).filter, cursor, timeZone),
  reply: (pool, params, cursor) =>
    readList(pool, replyList, scope, replyList.readFilter(params).filter, cursor, timeZone),
};

interface Case {
  name: string;
  table: ListTable;
  params?: ListParams;
  isDeep?: boolean;
  /** It is the point that nothing is found. */
  isEmpty?: boolean;
}

const cases: readonly Case[] = [
  { name: 'Auto Opt-Outs, first page', table: 'opt_out' },
  { name: 'Auto Opt-Outs, deep page', table: 'opt_out', isDeep: true },
  { name: 'Auto Opt-Outs, search by two digits', table: 'opt_out', params: { q: '12' } },
  { name: 'Auto Opt-Outs, search by part of a number', table: 'opt_out', params: { q: '123 456' } },
  { name: 'Auto Opt-Outs, search by a beginning', table: 'opt_out', params: { q: '061 123' } },
  { name: 'Auto Opt-Outs, search by a whole number', table: 'opt_out', params: { q: '0745000000' } },
  { name: 'Auto Opt-Outs, search by a common reply', table: 'opt_out', params: { q: 'stop' } },
  { name: 'Auto Opt-Outs, search by a rare reply', table: 'opt_out', params: { q: 'gerald' } },
  { name: 'Auto Opt-Outs, filter by kind', table: 'opt_out', params: { kind: 'IMPORT,API' } },
  { name: 'Auto Opt-Outs, filter by rule', table: 'opt_out', params: { rule: 'own' } },
  { name: 'Message Logs, first page', table: 'message' },
  { name: 'Message Logs, deep page', table: 'message', isDeep: true },
  { name: 'Message Logs, search by part of a number', table: 'message', params: { q: '123 456' } },
  { name: 'Message Logs, search by text', table: 'message', params: { q: 'tyres' } },
  { name: 'Message Logs, search by a rare text', table: 'message', params: { q: 'offer 0 of' } },
  { name: 'Message Logs, filter by status', table: 'message', params: { status: 'FAILED' } },
  {
    name: 'Message Logs, filter by a status that none has',
    table: 'message',
    params: { status: 'SENT' },
    isEmpty: true,
  },
  { name: 'Incoming, first page', table: 'reply' },
  { name: 'Incoming, search by part of a number', table: 'reply', params: { q: '123 456' } },
  { name: 'Incoming, filter by verdict', table: 'reply', params: { verdict: 'REVIEW' } },
];

/**
 * The lists of ten million opt-outs and ten million messages against short ones, page by page, in turns.
 *
 * The short ones are what is left of the long ones when all rows are taken away but the newest ten thousand
 * and those that the searches find. So both sides answer the same question with the same rows, and what is
 * compared is what the rest of the list costs. Among the newest ten thousand alone a search finds a
 * thousandth of the rows, and what differs is mostly the price of the rows found; that comparison is told
 * beside it.
 */
export async function benchLists({
  quick,
  report,
  withSeeded,
  withDatabase,
}: BenchContext): Promise<BenchRow[]> {
  const count = quick ? 200_000 : 10_000_000;
  const seed = async (url: string) => {
    const ms = await timeMs(() => withPool(url, (pool) => fill(pool, count)));
    report(`${amount(count)} opt-outs and as many messages made in ${Math.round(ms / 1000)} s`);
  };
  return withSeeded(`bench_lists_${count}`, seed, (longUrl) =>
    withDatabase((shortUrl) =>
      withDatabase((newestUrl) =>
        withPool(longUrl, (long) =>
          withPool(shortUrl, (short) =>
            withPool(newestUrl, async (newest) => {
              await fill(short, count, await findShown(long, count));
              await fill(newest, count, takeNewest(count));
              const rows: BenchRow[] = [];
              for (const one of cases) rows.push(await measure(one, { long, short, newest }, count, quick));
              return rows;
            }),
          ),
        ),
      ),
    ),
  );
}

async function withPool<Result>(url: string, work: (pool: Pool) => Promise<Result>): Promise<Result> {
  const { pool, close } = createDatabase(url);
  try {
    return await work(pool);
  } finally {
    await close();
  }
}

async function fill(pool: Pool, count: number, only?: Record<ListTable, readonly string[]>): Promise<void> {
  await seedAccounts(pool, [accountId]);
  await seedLists(pool, accountId, count, only);
}

/** The ids of the newest rows. */
function takeNewest(count: number): Record<ListTable, string[]> {
  const newest = (all: number) =>
    Array.from({ length: Math.min(smallCount, all) }, (_, index) => String(all - index));
  return { opt_out: newest(count), message: newest(count), reply: newest(count / 10) };
}

/** The ids of the newest rows, and of those that the searches find, up to a thousand each. */
async function findShown(pool: Pool, count: number): Promise<Record<ListTable, string[]>> {
  const newest = takeNewest(count);
  const shown = {
    opt_out: new Set(newest.opt_out),
    message: new Set(newest.message),
    reply: new Set(newest.reply),
  };
  for (const { table, params = {}, isEmpty = false } of cases) {
    let cursor: string | null = null;
    for (let page = 0; page < 1000 / pageSize && !isEmpty; page++) {
      const { rows, older }: ListPage<{ id: string }> = await listsByTable[table](pool, params, cursor);
      for (const { id } of rows) shown[table].add(id);
      cursor = older;
      if (cursor === null) break;
    }
  }
  return { opt_out: [...shown.opt_out], message: [...shown.message], reply: [...shown.reply] };
}

async function measure(
  { name, table, params = {}, isDeep = false, isEmpty = false }: Case,
  pools: { long: Pool; short: Pool; newest: Pool },
  count: number,
  quick: boolean,
): Promise<BenchRow> {
  const list = listsByTable[table];
  const pagesPerRound = 5;
  const prepare = async (pool: Pool) => {
    const cursor = isDeep ? await findMiddle(pool, table) : null;
    const { rows } = await list(pool, params, cursor);
    const read = () =>
      timeMs(async () => {
        for (let page = 0; page < pagesPerRound; page++) await list(pool, params, cursor);
      });
    return { found: rows.length, read };
  };
  const [long, short, newest] = [
    await prepare(pools.long),
    await prepare(pools.short),
    await prepare(pools.newest),
  ];
  if ((long.found === 0) !== isEmpty && !quick) throw new Error(`${name}: ${long.found} rows are found.`);
  if (long.found !== short.found) throw new Error(`${name}: ${long.found} rows against ${short.found}.`);
  const rounds = quick ? 5 : 41;
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(rounds, long.read, short.read);
  const againstNewest = await compareInterleaved(rounds, long.read, newest.read);
  const describe = (ms: number) => `${(ms / pagesPerRound).toFixed(2)} ms`;
  return {
    name: `${name}, at ${amount(count)} rows`,
    against: `the same at ${amount(smallCount)} and those found`,
    ratio: timeRatio,
    floor: 1.5,
    goal: 1.1,
    better: 'lower',
    detail:
      `${describe(oursMs)} against ${describe(baselineMs)} a page` +
      (long.found < pageSize && !isEmpty ? `; ${long.found} found among all` : '') +
      `; against the newest ${amount(smallCount)} alone, ${newest.found} found: ${againstNewest.timeRatio.toFixed(2)}`,
  };
}

/** The cursor of the page in the middle of a list. */
async function findMiddle(pool: Pool, table: ListTable): Promise<string> {
  const { rows } = await pool.query<{ at: string; id: string }>(
    `select created_at::text as at, id from ${table} where account_id = $1
     order by created_at desc, id desc offset (select count(*) / 2 from ${table}) limit 1`,
    [accountId],
  );
  const middle = rows[0];
  if (!middle) throw new Error(`There is no middle of ${table}.`);
  return encodeCursor({ sort: 'newest', direction: 'older', ...middle });
}

const amount = (count: number) => count.toLocaleString('en-ZA');
