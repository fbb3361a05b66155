import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { getPlaces } from '@/lib/http/shares';
import { createAccount, type TestAccount } from '@/testing/factories';
import type { ListFilter } from './list-search';
import { composeCsvSelect } from './csv';
import type { FileColumn } from './file-query';
import { composeListDownload, composeAccountList } from './account-list';
import { readAccountPage } from './account-page';
import { readNumberPart } from './number-parts';

let db: TestDatabase;
let account: TestAccount;

const source = { table: 'opt_out', at: 'created_at', text: 'reply_text' };

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
  await db.pool.query(
    `insert into opt_out (account_id, msisdn, kind, reply_text, created_at)
     select $1, msisdn, 'REPLY', text, '2026-11-22 10:00:00+02'::timestamptz + position * interval '1 second'
     from unnest($2::text[], $3::text[]) with ordinality as entry (msisdn, text, position)`,
    [
      account.id,
      ['27821234567', '27831230000', '447700900123', '27609998877'],
      ['STOP 100%', 'stop_it \\ now', "O'Brien says: Genoeg, ÉÉN", null],
    ],
  );
});
afterAll(() => db.close());

const timeZone = 'Africa/Johannesburg';
const everything: ListFilter = { search: '', from: null, to: null, sort: 'newest' };
const columns: FileColumn[] = [{ id: 'number', label: 'Number', type: 'number', sql: 'msisdn' }];

/** The numbers that a filter finds, by the list's query and by the file's, which must agree. */
async function findBy(filter: Partial<ListFilter>, scope = account.scope): Promise<string[]> {
  const list = composeAccountList(source, scope, { ...everything, ...filter }, timeZone);
  const page = await readAccountPage<{ msisdn: string }>(db.pool, list, 'msisdn', null);
  const found = page.rows.map(({ msisdn }) => msisdn);
  const file = await db.pool.query<{ Number: string }>(
    composeCsvSelect(composeListDownload(list, columns, null, timeZone)),
  );
  expect(file.rows.map((row) => row.Number)).toEqual(found);
  return found;
}

const find = (search: string) => findBy({ search });

describe('a number is found however it is typed', () => {
  test.each([
    ['082 123', '27821234567'],
    ['0821234567', '27821234567'],
    ['+27 82 123 4567', '27821234567'],
    ['+27 (82) 123-4567', '27821234567'],
    ['0027821234567', '27821234567'],
    ['27821234567', '27821234567'],
    ['821234567', '27821234567'],
    ['4567', '27821234567'],
    ['+44 7700 900123', '447700900123'],
    ['0044 7700', '447700900123'],
    ['900123', '447700900123'],
  ])('%s', async (search, msisdn) => {
    expect(await find(search)).toEqual([msisdn]);
  });

  test('part of several finds them, newest first', async () => {
    expect(await find('0')).toEqual(['27609998877', '27831230000', '27821234567']);
    expect(await find('+27 8')).toEqual(['27831230000', '27821234567']);
  });

  test('another country’s number is not found by a local beginning', async () => {
    expect(await find('07700')).toEqual([]);
  });
});

describe('a text is found, and nothing in it is a pattern', () => {
  test.each([
    ['stop', ['27831230000', '27821234567']],
    ['  STOP  ', ['27831230000', '27821234567']],
    ['100%', ['27821234567']],
    ['%', ['27821234567']],
    ['_', ['27831230000']],
    ['\\', ['27831230000']],
    ["o'brien", ['447700900123']],
    ['één', ['447700900123']],
    ['$1', []],
    ["'; drop table opt_out; --", []],
    ['stop%now', []],
  ])('%s', async (search, msisdns) => {
    expect(await find(search)).toEqual(msisdns);
  });

  test('nothing sought is everything', async () => {
    expect(await find('')).toHaveLength(4);
    expect(await find(' \t')).toHaveLength(4);
  });
});

test('what cannot be part of a number is not looked for among numbers', () => {
  for (const sought of ['stop', '082 a', '', '()', '+', '-', '%', '082%'])
    expect(readNumberPart(sought)).toBeNull();
  expect(readNumberPart('0')?.pattern).toBe('27%');
  expect(readNumberPart('00')?.pattern).toBe('%');
});

test('the lists of another account are other lists', async () => {
  const other = await createAccount(db.pool);
  expect(await findBy({}, other.scope)).toEqual([]);
});

test('the first and the last day are whole, and the account’s own', async () => {
  const { scope } = await createAccount(db.pool);
  await db.pool.query(
    `insert into opt_out (account_id, msisdn, kind, created_at)
     select $1, at, 'MANUAL', at::timestamptz from unnest($2::text[]) as at`,
    [
      scope.accountId,
      [
        '2026-11-21 23:59:59.999999+02',
        '2026-11-22 00:00+02',
        '2026-11-22 23:59:59.999999+02',
        '2026-11-23 00:00+02',
      ],
    ],
  );
  const count = async (from: string | null, to: string | null) => (await findBy({ from, to }, scope)).length;
  expect(await count('2026-11-22', '2026-11-22')).toBe(2);
  expect(await count('2026-11-22', null)).toBe(3);
  expect(await count(null, '2026-11-22')).toBe(3);
  expect(await count('2026-11-23', '2026-11-22')).toBe(0);
  expect(await findBy({ sort: 'oldest', to: '2026-11-21' }, scope)).toEqual([
    '2026-11-21 23:59:59.999999+02',
  ]);
  expect(await count('1900-01-01', '9999-12-31')).toBe(4);
});

test('a file has the columns that were chosen; others are refused with what there is', () => {
  const list = composeAccountList(source, account.scope, everything, timeZone);
  for (const chosen of [['number', 'nothing'], ['constructor'], []]) {
    expect(() => composeListDownload(list, columns, chosen, timeZone)).toThrow(
      expect.objectContaining({ userMessage: expect.stringContaining('number') as string }) as Error,
    );
  }
});

describe('a list is a plain snapshot', () => {
  const composeAll = () => composeAccountList(source, account.scope, everything, timeZone);
  const add = (client: PoolClient, msisdn: string) =>
    client.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
      account.id,
      msisdn,
    ]);

  /** Two transactions at once; whoever waits for the other fails. */
  async function withTwo(work: (one: PoolClient, other: PoolClient) => Promise<void>) {
    const clients = [await db.pool.connect(), await db.pool.connect()] as const;
    try {
      for (const client of clients) await client.query(`begin; set local lock_timeout = '1s'`);
      await work(...clients);
    } finally {
      for (const client of clients) {
        await client.query('rollback');
        client.release();
      }
    }
  }

  test('reading it or its file does not hold up who writes', () =>
    withTwo(async (reader, writer) => {
      await reader.query('set transaction isolation level repeatable read');
      const before = (
        await reader.query(composeCsvSelect(composeListDownload(composeAll(), columns, null, timeZone)))
      ).rows;
      await add(writer, '27831112222');
      await writer.query('delete from opt_out where account_id = $1', [account.id]);
      expect(
        (await reader.query(composeCsvSelect(composeListDownload(composeAll(), columns, null, timeZone))))
          .rows,
      ).toEqual(before);
    }));

  test('writing does not hold up who reads, who sees what is committed', () =>
    withTwo(async (writer) => {
      const before = await findBy({});
      await add(writer, '27831112222');
      await writer.query('delete from opt_out where account_id = $1 and msisdn <> $2', [
        account.id,
        '27831112222',
      ]);
      expect(await findBy({})).toEqual(before);
      expect(await findBy({ search: '1112222' })).toEqual([]);
    }));
});

test('a search that takes too long is ended, with a sentence for whoever searched', async () => {
  const list = composeAccountList(source, account.scope, { ...everything, search: '82123' }, timeZone);
  const client = await db.pool.connect();
  try {
    // nothing takes longer than what never comes
    await client.query('begin; lock table opt_out in access exclusive mode');
    await expect(readAccountPage(db.pool, list, 'msisdn', null, { deadlineMs: 50 })).rejects.toMatchObject({
      code: 'search-too-long',
      userMessage: expect.stringContaining('Type more') as string,
    });
  } finally {
    await client.query('rollback');
    client.release();
  }
  expect((await readAccountPage(db.pool, list, 'msisdn', null)).rows).toHaveLength(1);
});

test('long searches of one account leave places to others, and have their turn', async () => {
  const other = await createAccount(db.pool);
  const { perAccount, places, ownLine } = getPlaces('search').rules;
  expect(perAccount).toBeLessThan(places);
  const composeOf = ({ scope }: TestAccount) =>
    composeAccountList(source, scope, { ...everything, search: '82123' }, timeZone);
  const held = await Promise.all(
    Array.from({ length: perAccount }, () =>
      getPlaces('search').acquire({ account: String(account.id), address: null }),
    ),
  );
  const waiting = Array.from({ length: ownLine }, () =>
    readAccountPage(db.pool, composeOf(account), 'msisdn', null),
  );
  // one more than may wait
  await expect(readAccountPage(db.pool, composeOf(account), 'msisdn', null)).rejects.toMatchObject({
    code: 'search-busy',
    userMessage: expect.stringContaining('Your account has two long searches running') as string,
  });
  expect((await readAccountPage(db.pool, composeOf(other), 'msisdn', null)).rows).toEqual([]);
  for (const place of held) if (place.ok) place.release();
  for (const page of await Promise.all(waiting)) expect(page.rows).toHaveLength(1);
  expect(getPlaces('search').inUse).toBe(0);
});

describe('rare or common, by reading or by index: the same rows', () => {
  test('beyond what is read first, page by page, there and back', async () => {
    const { id, scope } = await createAccount(db.pool);
    // the text that is sought lies behind 10,000 others; the digits are spread
    await db.pool.query(
      `insert into opt_out (account_id, msisdn, kind, reply_text, created_at)
       select $1, '2782' || lpad((n * 7919 % 10000000)::text, 7, '0'), case when n % 2 = 0 then 'REPLY' else 'API' end::opt_out_kind,
         case when n < 120 then 'Leave Gerald ' || n || ' in peace' else 'Stop' end, '2026-11-22 10:00+02'::timestamptz + n * interval '1 second'
       from generate_series(1, 12000) as n`,
      [id],
    );
    const kinds = { of: 'kind', type: 'opt_out_kind', isIndexed: true };
    for (const search of ['gerald', 'GERALD 1', '919', '3959', '39595', '0821', '0821 2', '9']) {
      for (const values of [[], ['REPLY'], ['API', 'REPLY']]) {
        const list = composeAccountList(source, scope, { ...everything, search }, timeZone, [
          { ...kinds, values },
        ]);
        const file = await db.pool.query<{ Number: string }>(
          composeCsvSelect(composeListDownload(list, columns, null, timeZone)),
        );
        const pages = [await readAccountPage<{ msisdn: string }>(db.pool, list, 'msisdn', null)];
        for (let last = pages[0]; last?.older && pages.length < 4; last = pages.at(-1))
          pages.push(await readAccountPage(db.pool, list, 'msisdn', last.older));
        const found = pages.flatMap(({ rows }) => rows.map(({ msisdn }) => msisdn));
        expect(found).toEqual(file.rows.slice(0, 200).map((row) => row.Number));
        if (values.length === 0) expect(found.length).toBeGreaterThan(0);
        const last = pages.at(-1);
        if (last?.newer) {
          const back = await readAccountPage<{ msisdn: string }>(db.pool, list, 'msisdn', last.newer);
          expect(back.rows).toEqual(pages.at(-2)?.rows);
        }
      }
    }
  });
});
