import { afterAll, beforeAll, expect, test } from 'vitest';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement, statementOf } from '@/lib/db/statement';
import { createAccount, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

test('values of all kinds arrive as they were given', async () => {
  const echo = statement({
    name: 'echo',
    values: {
      text: 'text',
      whole: 'int8',
      at: 'timestamptz',
      kind: 'OptOutKind',
      nothing: 'text?',
      facts: 'jsonb',
      texts: 'text[]',
      moments: 'timestamptz[]',
    },
    columns: {
      text: 'text',
      whole: 'int8',
      at: 'timestamptz',
      kind: 'OptOutKind',
      nothing: 'text?',
      facts: typed<{ list: string[] }>('jsonb'),
      texts: 'text[]',
      moments: 'timestamptz[]',
    },
    sql: ($) => `select ${$.text}::text as text, ${$.whole}::int8 as whole, ${$.at}::timestamptz as at,
      ${$.kind}::opt_out_kind as kind, ${$.nothing}::text as nothing, ${$.facts}::jsonb as facts, ${$.texts}::text[] as texts,
      ${$.moments}::timestamptz[] as moments`,
  });
  const values = {
    text: `it's "so" \\ {}, null`,
    whole: '9007199254740993',
    at: new Date('2026-11-22T10:00:00.123Z'),
    kind: 'SHARED_SENDER',
    nothing: null,
    facts: { list: ['a', '"b"'] },
    texts: ['', 'null', '{"a"}', 'é\n\\'],
    moments: [new Date('2026-11-22T10:00:00.000Z')],
  } as const;
  expect(await echo.all(db.pool, values)).toEqual([values]);
});

test('a set of rows goes in by the names of its columns, in its order', async () => {
  const echo = statement({
    name: 'echo-set',
    values: {
      rows: {
        firstName: 'text',
        // not in alphabetical order, and its values in another one than the columns
        age: 'int4?',
        facts: 'jsonb?',
        seenAt: 'timestamptz',
        line: 'position',
      },
    },
    columns: {
      line: 'int8',
      firstName: 'text',
      age: 'int4?',
      facts: typed<object | null>('jsonb'),
      seenAt: 'timestamptz',
    },
    sql: ($) =>
      `select line, first_name as "firstName", age, facts, seen_at as "seenAt" from ${$.rows} order by line`,
  });
  const seenAt = new Date('2026-11-22T10:00:00.000Z');
  const rows = [
    { age: 7, firstName: 'Zola', seenAt, facts: { a: [1, 'x'] } },
    { facts: null, seenAt, firstName: 'Anna', age: null },
  ];
  expect(await echo.all(db.pool, { rows })).toEqual(
    rows.map((row, index) => ({ ...row, line: String(index + 1) })),
  );
  expect(await echo.all(db.pool, { rows: [] })).toEqual([]);
});

test('a value may be used often, and is sent once', async () => {
  const twice = statement({
    name: 'twice',
    values: { a: 'int4', b: 'int4' },
    columns: { sum: 'int4' },
    sql: ($) => `select ${$.b}::int4 - ${$.a}::int4 + ${$.b} as sum`,
  });
  expect(await twice.one(db.pool, { a: 1, b: 10 })).toEqual({ sum: 19 });
});

test('of a table the columns are selected under the names of their fields', async () => {
  const columns = columnsOf('Account', 'id', 'ownerEmail', 'status');
  expect(selectSql(columns)).toBe('id, owner_email as "ownerEmail", status');
  expect(selectSql({ accountName: 'Account.name?' }, 'a')).toBe('a.name as "accountName"');
  const find = statement({
    name: 'find',
    values: { id: 'int4' },
    columns,
    sql: ($) => `select ${selectSql(columns)} from account where id = ${$.id}`,
  });
  expect(await find.one(db.pool, { id: account.id })).toMatchObject({ id: account.id, status: 'ACTIVE' });
  expect(await find.one(db.pool, { id: account.id + 1 })).toBeUndefined();
});

test('a statement says how many rows it wrote', async () => {
  const suspend = statement({
    name: 'suspend',
    values: { id: 'int4' },
    sql: ($) => `update account set status = 'SUSPENDED' where id = ${$.id} and status = 'ACTIVE'`,
  });
  expect(await suspend.run(db.pool, { id: account.id })).toBe(1);
  expect(await suspend.run(db.pool, { id: account.id })).toBe(0);
});

test('of a statement with variants only the values that a variant uses are sent', async () => {
  const search = statementOf({
    name: 'search',
    values: { id: 'int4', name: 'text' },
    columns: columnsOf('Account', 'id'),
    variants: [{ byName: true }, { byName: false }],
    sql: ($, { byName }) =>
      `select id from account where ${byName ? `name = ${$.name}` : 'true'} and id = ${$.id}`,
  });
  const found = async (byName: boolean) =>
    search.all(db.pool, { id: account.id, name: 'somebody else' }, { byName });
  expect(await found(true)).toEqual([]);
  expect(await found(false)).toEqual([{ id: account.id }]);
  const [text] = await watchStatements(() => found(false));
  expect(text).toBe('select id from account where true and id = $1');
});

test('it is prepared once for a connection, unless it says otherwise', async () => {
  const describeOne = (name: string, planEachTime?: true) =>
    statement({
      name,
      ...(planEachTime && { planEachTime }),
      columns: { prepared: 'text[]' },
      sql: () => `select array(select name from pg_prepared_statements order by name) as prepared`,
    });
  const prepared = describeOne('prepared');
  const client = await db.pool.connect();
  try {
    await prepared.one(client, {});
    const seen = await describeOne('planned', true).one(client, {});
    expect(seen?.prepared).toContain('prepared');
    expect((await prepared.one(client, {}))?.prepared).not.toContain('planned');
  } finally {
    client.release();
  }
});
