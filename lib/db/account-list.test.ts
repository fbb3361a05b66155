import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { createAccount, type TestAccount } from '@/lib/testing/factories';
import { composeListDownload, describeAccountList, toNumberPattern } from './account-list';

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

/** The numbers that a search finds, by the list's query and by the file's, which must agree. */
async function find(search: string): Promise<string[]> {
  const list = describeAccountList(source, account.scope, { search });
  const { rows } = await db.pool.query<{ msisdn: string }>(
    `select msisdn from ${list.from} where ${list.where.join(' and ')} order by ${list.at} desc, ${list.id} desc`,
    list.values,
  );
  const file = await db.pool.query<{ Number: string }>(composeListDownload(list, ['msisdn as "Number"']));
  expect(file.rows.map((row) => row.Number)).toEqual(rows.map(({ msisdn }) => msisdn));
  return rows.map(({ msisdn }) => msisdn);
}

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
    expect(toNumberPattern(sought)).toBeNull();
  expect(toNumberPattern('0')).toBe('27%');
  expect(toNumberPattern('00')).toBe('%');
});

test('the lists of another account are other lists', async () => {
  const other = await createAccount(db.pool);
  const list = describeAccountList(source, other.scope, { search: '' });
  const { rows } = await db.pool.query(
    `select from ${list.from} where ${list.where.join(' and ')}`,
    list.values,
  );
  expect(rows).toEqual([]);
});
