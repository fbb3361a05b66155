import type { Pool } from 'pg';
import { mintAccountScope } from '@/lib/auth/scope';
import { createDatabase } from '@/lib/db/client';
import { encodeCursor } from '@/lib/http/cursor';
import type { ListParams } from '@/lib/http/list-search';
import { readMessageFilter } from '@/lib/messages/list-filter';
import { listMessages } from '@/lib/messages/queries';
import { readOptOutFilter } from '@/lib/opt-outs/list-filter';
import { listOptOuts } from '@/lib/opt-outs/queries';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { seedAccounts } from './seed';
import { seedLists } from './seed-lists';

const accountId = 58324;
const scope = mintAccountScope(accountId, { system: 'bench' });
const timeZone = 'Africa/Johannesburg';
const smallCount = 10_000;
const pageSize = 50;

type List = (pool: Pool, params: ListParams, cursor: string | null) => Promise<{ rows: unknown[] }>;

const listsByTable: Record<'opt_out' | 'message', List> = {
  opt_out: (pool, params, cursor) =>
    listOptOuts(pool, scope, readOptOutFilter(params).filter, cursor, timeZone),
  message: (pool, params, cursor) =>
    listMessages(pool, scope, readMessageFilter(params).filter, cursor, timeZone),
};

interface Case {
  name: string;
  table: keyof typeof listsByTable;
  params?: ListParams;
  isDeep?: boolean;
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
];

/** The lists of ten million opt-outs and ten million messages against the same of ten thousand, page by page, in turns. */
export async function benchLists(context: BenchContext): Promise<BenchRow[]> {
  const { pool: big, quick, report } = context;
  const bigCount = quick ? 200_000 : 10_000_000;
  await seedAccounts(big, [accountId]);
  const seconds = Math.round((await timeMs(() => seedLists(big, accountId, bigCount))) / 1000);
  report(`${bigCount.toLocaleString('en-ZA')} opt-outs and as many messages made in ${seconds} s`);
  return context.withDatabase(async (url) => {
    const { pool: small, close } = createDatabase(url);
    try {
      await seedAccounts(small, [accountId]);
      await seedLists(small, accountId, smallCount);
      const rows: BenchRow[] = [];
      for (const one of cases) rows.push(await measure(one, big, bigCount, small, quick));
      return rows;
    } finally {
      await close();
    }
  });
}

async function measure(
  { name, table, params = {}, isDeep = false }: Case,
  big: Pool,
  bigCount: number,
  small: Pool,
  quick: boolean,
): Promise<BenchRow> {
  const list = listsByTable[table];
  const cursors = {
    big: isDeep ? await findMiddle(big, table, bigCount) : null,
    small: isDeep ? await findMiddle(small, table, smallCount) : null,
  };
  const { rows } = await list(big, params, cursors.big);
  if (rows.length === 0 && !quick) throw new Error(`${name}: nothing is found, so nothing is measured.`);
  const pagesPerRound = 5;
  const read = (pool: Pool, cursor: string | null) => () =>
    timeMs(async () => {
      for (let page = 0; page < pagesPerRound; page++) await list(pool, params, cursor);
    });
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 5 : 41,
    read(big, cursors.big),
    read(small, cursors.small),
  );
  const describe = (ms: number) => `${(ms / pagesPerRound).toFixed(2)} ms`;
  return {
    name: `${name}, at ${bigCount.toLocaleString('en-ZA')} rows`,
    against: `the same at ${smallCount.toLocaleString('en-ZA')}`,
    ratio: timeRatio,
    floor: 1.5,
    goal: 1.1,
    better: 'lower',
    detail:
      `${describe(oursMs)} against ${describe(baselineMs)} a page` +
      (rows.length < pageSize ? `; ${rows.length} found among all` : ''),
  };
}

/** The cursor of the page in the middle of a list. */
async function findMiddle(pool: Pool, table: string, count: number): Promise<string> {
  const { rows } = await pool.query<{ at: string; id: string }>(
    `select created_at::text as at, id from ${table} where account_id = $1
     order by created_at desc, id desc offset $2 limit 1`,
    [accountId, count / 2],
  );
  const middle = rows[0];
  if (!middle) throw new Error(`There is no middle of ${table}.`);
  return encodeCursor({ sort: 'newest', direction: 'older', ...middle });
}
