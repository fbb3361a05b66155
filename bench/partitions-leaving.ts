import { setTimeout as wait } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { createDatabase } from '@/lib/db/client';
import { sessionUrl } from '@/lib/db/session-url';
import { applyRetention } from '@/lib/privacy/retention-job';
import type { BenchRow } from './bench-row';
import { timeMs } from './interleave';
import { accept, describe, type Pools } from './partition-sides';
import { describeMsisdn } from './seed';
import {
  countOfMonth,
  firstIdOf,
  insertBatches,
  insertMonth,
  largeAccountId,
  monthlySchema,
  monthSql,
  partitionOf,
} from './seed-partitions';

/** How long somebody reads messages when a month is to leave. */
const readingMs = 2000;
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0);
const perSecond = (count: number, ms: number) => Math.round((count / ms) * 1000).toLocaleString('en-ZA');

interface Cost {
  ms: number;
  /** Bytes of log that were written meanwhile, whoever wrote them. */
  wal: number;
}

/**
 * How a month leaves: its texts written over by the nightly job, a thousand rows at a time, its rows deleted,
 * and its part of the table taken out. What is erased stays so: after some ten runs on a kept database
 * nothing is left to erase, and its folder must go.
 */
export async function measureLeaving(
  { plain, monthly }: Pools,
  urls: { plain: string; monthly: string },
  count: number,
  quick: boolean,
  report: (line: string) => void,
): Promise<BenchRow[]> {
  const ofMonth = countOfMonth(count);
  const erased = await eraseForAWhile(urls.plain, plain, quick ? 500 : 20_000);
  const vacuum = await measureCost(plain, () =>
    runAlone(urls.plain, ['vacuum (index_cleanup on) public.message']),
  );
  const deleted = await deleteSome(urls.plain, plain);
  const wholeMonth = (cost: Cost, rows: number) => ({
    seconds: ((cost.ms / rows) * ofMonth) / 1000,
    wal: (cost.wal / rows) * ofMonth,
  });
  const asErased = wholeMonth(erased.cost, erased.rows);
  const asDeleted = wholeMonth(deleted.cost, deleted.rows);

  report('Making a month to be dropped');
  await makeMonthToDrop(urls.monthly, ofMonth);
  const ddl = (statement: string, holdsUp: boolean) =>
    measureBeside(monthly, urls.monthly, statement, holdsUp, quick);
  const table = `${monthlySchema}.message`;
  const month = partitionOf(0);
  const gently = await ddl(`alter table ${table} detach partition ${month} concurrently`, true);
  const back = await ddl(
    `alter table ${table} attach partition ${month} for values from (0) to (${firstIdOf(1)})`,
    false,
  );
  const atOnce = await ddl(`alter table ${table} detach partition ${month}`, true);
  const drop = await ddl(`drop table ${month}`, false);
  const tell = ({ ms, longestAccept, deadlocks }: Awaited<ReturnType<typeof ddl>>) =>
    `${ms.toFixed(0)} ms, the longest accept beside it ${longestAccept.toFixed(0)} ms, ${deadlocks} deadlocks`;
  return [
    describe(
      `months: a month of ${ofMonth.toLocaleString('en-ZA')} messages leaves: detached and dropped, against texts written over`,
      (gently.ms - readingMs + drop.ms) / 1000 / asErased.seconds,
      `written over: ${erased.rows.toLocaleString('en-ZA')} rows in ${(erased.cost.ms / 1000).toFixed(1)} s, ${perSecond(erased.rows, erased.cost.ms)} a second, ` +
        `${(erased.cost.wal / erased.rows).toFixed(0)} bytes of WAL a row, ${erased.inPlace} of ${erased.updated} within their page; a month at that rate ` +
        `${asErased.seconds.toFixed(0)} s and ${megabytes(asErased.wal)} MB of WAL; the vacuum after it ${(vacuum.ms / 1000).toFixed(1)} s, ${megabytes(vacuum.wal)} MB`,
    ),
    describe(
      'months: the same, against rows deleted',
      (gently.ms - readingMs + drop.ms) / 1000 / asDeleted.seconds,
      `${deleted.rows.toLocaleString('en-ZA')} rows deleted at ${perSecond(deleted.rows, deleted.cost.ms)} a second, ${(deleted.cost.wal / deleted.rows).toFixed(0)} ` +
        `bytes of WAL a row, before any vacuum; a month at that rate ${asDeleted.seconds.toFixed(0)} s, ${megabytes(asDeleted.wal)} MB`,
    ),
    describe(
      `months: detach concurrently while somebody reads for ${readingMs} ms, against detach`,
      gently.longestAccept / atOnce.longestAccept,
      `concurrently ${tell(gently)}; at once ${tell(atOnce)}; attach ${tell(back)}; drop of what is detached ${tell(drop)}, ` +
        `${megabytes(drop.wal)} MB of WAL with what was accepted beside it`,
    ),
  ];
}

/** The nightly job on the oldest month, as long as it is given. */
async function eraseForAWhile(url: string, pool: Pool, forMs: number) {
  const { rows: moments } = await pool.query<{ now: Date }>(
    `select ${monthSql(2)} + make_interval(months => message_text_months) as now from platform_setting`,
  );
  const now = moments[0]?.now;
  if (!now) throw new Error('There are no settings.');
  const read = async () => {
    const { rows } = await pool.query<{ erased: number; updated: number; inPlace: number }>(
      `select (select count(*)::int from message where account_id = ${largeAccountId} and text_erased_at is not null
           and id < ${firstIdOf(2)}) as erased,
         n_tup_upd::float8 as updated, n_tup_hot_upd::float8 as "inPlace"
       from pg_stat_user_tables where relid = 'public.message'::regclass`,
    );
    return rows[0] ?? { erased: 0, updated: 0, inPlace: 0 };
  };
  await plainStatisticsAreWritten();
  const before = await read();
  const database = createDatabase(url);
  const cost = await measureCost(pool, () =>
    applyRetention(database.pool, now, { signal: AbortSignal.timeout(forMs) }),
  );
  await database.close();
  await plainStatisticsAreWritten();
  const after = await read();
  const rows = after.updated - before.updated;
  if (rows < 1) throw new Error('Nothing was left to erase: remove the kept folder.');
  return { cost, rows, updated: rows, inPlace: after.inPlace - before.inPlace };
}

/** A connection that has done nothing for a while says what it did. */
const plainStatisticsAreWritten = () => wait(12_000);

/** Deletes 50,000 rows, and takes it back. */
async function deleteSome(url: string, pool: Pool): Promise<{ rows: number; cost: Cost }> {
  const client = await connect(url);
  try {
    await client.query('begin');
    let rows = 0;
    const cost = await measureCost(pool, async () => {
      for (let slice = 0; slice < 50; slice++) {
        const { rowCount } = await client.query(
          `delete from message using (
             select account_id, id from message
             where account_id = ${largeAccountId} and id >= ${firstIdOf(2)} and episode_id is null order by id limit 1000
           ) as due where message.account_id = due.account_id and message.id = due.id`,
        );
        rows += rowCount ?? 0;
      }
    });
    await client.query('rollback');
    return { rows, cost };
  } finally {
    await client.end();
  }
}

async function measureCost(pool: Pool, work: () => Promise<unknown>): Promise<Cost> {
  const place = async () => {
    const { rows } = await pool.query<{ at: number }>(
      `select (pg_current_wal_insert_lsn() - '0/0')::float8 as at`,
    );
    return rows[0]?.at ?? 0;
  };
  const before = await place();
  const ms = await timeMs(work);
  return { ms, wal: (await place()) - before };
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: sessionUrl(url) });
  await client.connect();
  return client;
}

async function runAlone(url: string, statements: readonly string[]): Promise<void> {
  const client = await connect(url);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The month before the first, which is a part of the table like the others. */
async function makeMonthToDrop(url: string, count: number): Promise<void> {
  const table = `${monthlySchema}.message`;
  const month = partitionOf(0);
  const client = await connect(url);
  try {
    const { rowCount: left } = await client.query(
      'select from pg_inherits where inhrelid = to_regclass($1)',
      [month],
    );
    if (left) await client.query(`alter table ${table} detach partition ${month}`);
    await client.query(`drop table if exists ${month}`);
    await client.query('set session_replication_role = replica');
    await client.query(`set maintenance_work_mem = '1GB'`);
    await client.query(
      `create table ${month} (like ${table} including defaults including constraints including storage) with (fillfactor = 85)`,
    );
    await insertBatches(client, 0, count);
    await insertMonth(client, month, 0, count);
    await client.query(`alter table ${month} add check (id >= 0 and id < ${firstIdOf(1)})`);
    await client.query(`alter table ${month} add primary key (account_id, id)`);
    await client.query(
      `alter table ${table} attach partition ${month} for values from (0) to (${firstIdOf(1)})`,
    );
  } finally {
    await client.end();
  }
}

/** Whether it was carried out; false when it met a transaction that waited for what it held. */
async function isDone(client: Client, statement: string): Promise<boolean> {
  try {
    await client.query(statement);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '40P01') return false;
    throw error;
  }
}

/**
 * Carries a statement out while batches of 100 are accepted one after the other, and perhaps while somebody
 * else is in the midst of reading.
 */
async function measureBeside(pool: Pool, url: string, statement: string, isRead: boolean, quick: boolean) {
  const [reader, worker] = [await connect(url), await connect(url)];
  let isOver = false;
  let longestAccept = 0;
  let deadlocks = 0;
  let nextNumber = 70_000_000 + Math.floor(Math.random() * 50_000_000);
  const accepting = (async () => {
    while (!isOver) {
      const recipients = Array.from({ length: quick ? 10 : 100 }, () => describeMsisdn(nextNumber++));
      longestAccept = Math.max(longestAccept, await timeMs(() => accept(pool, recipients)));
    }
  })();
  try {
    await reader.query('begin');
    if (isRead)
      await reader.query(`select from message where account_id = ${largeAccountId} order by id limit 1`);
    await wait(500);
    longestAccept = 0;
    const [cost] = await Promise.all([
      measureCost(pool, async () => {
        while (!(await isDone(worker, statement))) deadlocks++;
      }),
      wait(isRead ? readingMs : 0).then(() => reader.query('commit')),
    ]);
    await wait(200);
    return { ...cost, longestAccept, deadlocks };
  } finally {
    isOver = true;
    await accepting.catch(() => undefined);
    await reader.end();
    await worker.end();
  }
}
