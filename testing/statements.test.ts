import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typed } from '@/lib/db/sql-types';
import {
  columnsOf,
  takeBackStatement,
  statement,
  statementOf,
  type RegisteredStatement,
} from '@/lib/db/statement';
import { mintStaffScope, type AccountScope } from '@/lib/auth/scope';
import { ledgerList } from '@/lib/credits/list';
import { readList } from '@/lib/lists/read-list';
import { messageList } from '@/lib/messages/list';
import { optOutList } from '@/lib/opt-outs/list';
import { replyList } from '@/lib/replies/list';
import { unownedList } from '@/lib/unowned-replies/list';
import { loadStatements } from './all-statements';
import { findColumnFaults, findFaults, readCatalogue, type Catalogue } from './check-statement';
import { describeStatement } from './describe-statement';
import { createAccount } from './factories';
import { findScaleFaults } from './scale-rule';
import { createTestDatabase, type TestDatabase } from './test-database';
import { watchStatements } from './watch-statements';

let db: TestDatabase;
let client: PoolClient;
let catalogue: Catalogue;
let known: RegisteredStatement[];

beforeAll(async () => {
  db = await createTestDatabase();
  client = await db.copyPool.connect();
  catalogue = await readCatalogue(db.pool);
  known = await loadStatements();
});
afterAll(async () => {
  client.release();
  await db.close();
});

/** Describes a statement that is not the program's, and takes it out of the list again. */
function describeOwn(define: () => unknown): RegisteredStatement {
  define();
  return takeBackStatement() as RegisteredStatement;
}

test('what every statement of the program says of its values and columns, PostgreSQL says too', async () => {
  expect(known.length).toBeGreaterThan(0);
  const faults: string[] = [];
  for (const one of known) {
    expect(one.texts.length, one.name).toBeGreaterThan(0);
    faults.push(...(await findFaults(client, catalogue, one)));
  }
  expect(faults).toEqual([]);
});

test('the rows of every declared list have the columns that it declares, whatever is sought', async () => {
  const account = await createAccount(db.pool);
  const scopes = { account: account.scope, staff: mintStaffScope(account.userId) };
  const lists = { ledgerList, messageList, optOutList, replyList, unownedList };
  const day = '2026-11-22';
  for (const [name, list] of Object.entries(lists)) {
    const chosen = Object.fromEntries(
      list.view.filters.map((filter) => [filter.name, filter.kind === 'id' ? '1' : filter.options[0]!.value]),
    );
    const asked = [
      {},
      { q: '082 123' },
      { q: 'stop it' },
      { ...chosen, from: day, to: day },
      { ...chosen, q: 'x' },
    ];
    const texts = await watchStatements(async () => {
      for (const params of asked) {
        const { filter } = list.readFilter(params);
        const scope = list === unownedList ? scopes.staff : scopes.account;
        await readList(
          db.pool,
          list as typeof messageList,
          scope as AccountScope,
          filter as never,
          null,
          'UTC',
        );
      }
    });
    const pages = texts.filter((text) => text.includes('cursor_at'));
    expect(pages.length, name).toBeGreaterThanOrEqual(asked.length);
    const columns = { ...list.columns, cursor_at: 'text', cursor_id: 'int8' };
    for (const text of new Set(pages)) {
      const described = await describeStatement(client, text);
      expect(findColumnFaults(catalogue, described, columns), name).toEqual([]);
      // of nobody's account: the staff's list looks through all
      const across = list === unownedList ? ['without key'] : [];
      expect(await findScaleFaults(text), `${name}: ${text}`).toEqual(across);
    }
  }
});

test('no two statements have the same name: a connection would run the first for both', () => {
  const names = known.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe('the check finds', () => {
  const sql = () => `select id, created_at as "createdAt" from opt_out where account_id = 1`;

  test('nothing in a right one', async () => {
    const right = describeOwn(() =>
      statement({
        name: 'right',
        values: {
          accountId: 'int4',
          entries: { msisdn: 'text', kind: 'OptOutKind', at: 'timestamptz?', place: 'position' },
        },
        columns: {
          ...columnsOf('OptOut', 'id', 'kind', 'createdAt'),
          owner: 'User.createdAt?',
          total: 'int8',
          list: typed<string[]>('json'),
        },
        sql: (
          $,
        ) => `select opt_out.id, opt_out.kind, opt_out.created_at as "createdAt", portal_user.created_at as owner,
            count(*) over () as total, json_build_array(place) as list, pg_notify('x', '')
          from ${$.entries} join opt_out on opt_out.msisdn = entries.msisdn and opt_out.kind = entries.kind
            and opt_out.created_at > entries.at
          left join portal_user on portal_user.id = opt_out.created_by
          where opt_out.account_id = ${$.accountId}`,
      }),
    );
    expect(await findFaults(client, catalogue, right)).toEqual([]);
  });

  test.each<[string, () => unknown, string[]]>([
    [
      'a column that is not there',
      () => statement({ name: 'x', columns: columnsOf('OptOut', 'id', 'createdAt', 'msisdn'), sql }),
      ['x: it has no column "msisdn"'],
    ],
    [
      'a list of an enum, which pg does not read',
      () =>
        statement({
          name: 'x',
          columns: columnsOf('ApiKey', 'scopes'),
          sql: () => 'select scopes from api_key where account_id = 1',
        }),
      ['x: "scopes" is api_scope[], which comes as one text: select it as text[]'],
    ],
    [
      'a column that nobody reads',
      () => statement({ name: 'x', columns: columnsOf('OptOut', 'id'), sql }),
      ['x: it answers with a column "createdAt" that is not among its columns'],
    ],
    [
      'a column of another type',
      () => statement({ name: 'x', columns: { id: 'text', createdAt: 'timestamptz' }, sql }),
      ['x: "id" is int8, not text'],
    ],
    [
      'a column under the name of another',
      () => statement({ name: 'x', columns: { id: 'OptOut.replyId', createdAt: 'OptOut.createdAt' }, sql }),
      ['x: "id" is read from opt_out.id, not OptOut.replyId'],
    ],
    [
      'a value of another type',
      () =>
        statement({
          name: 'x',
          values: { id: 'int4' },
          columns: { found: 'bool' },
          sql: ($) => `select exists (select from opt_out where id = ${$.id}) as found`,
        }),
      ['x: $1 is int8, not int4'],
    ],
    [
      'a column of a set with another type',
      () =>
        statement({
          name: 'x',
          values: { rows: { kind: 'text' } },
          columns: { found: 'bool' },
          sql: ($) =>
            `select exists (select from opt_out join ${$.rows} on rows.kind = opt_out.kind) as found`,
        }),
      ['x: PostgreSQL refuses it: operator does not exist: text = opt_out_kind'],
    ],
    [
      'a value that is not used',
      () =>
        statement({
          name: 'x',
          values: { id: 'int4' },
          columns: columnsOf('OptOut', 'id', 'createdAt'),
          sql,
        }),
      ['x: its value "id" is not used'],
    ],
    [
      'a column that was renamed',
      () =>
        statement({
          name: 'x',
          columns: { id: 'int8' },
          sql: () => 'select id from opt_out where episode = 1',
        }),
      ['x: PostgreSQL refuses it: column "episode" does not exist'],
    ],
    [
      'a fault of one variant',
      () =>
        statementOf({
          name: 'x',
          values: { id: 'int8' },
          columns: { id: 'int8' },
          variants: ['id', 'number'],
          sql: ($, column) => `select id from opt_out where ${column} = ${$.id}`,
        }),
      ['x: PostgreSQL refuses it: column "number" does not exist'],
    ],
  ])('%s', async (_, define, faults) => {
    expect(await findFaults(client, catalogue, describeOwn(define))).toEqual(faults);
  });

  test('the compiler finds a column that the schema has not, and a value of another type', async () => {
    const own = statement({
      name: 'compiled',
      values: { ids: 'int8[]' },
      // @ts-expect-error: Prisma knows no such field
      columns: { id: 'OptOut.number' },
      sql: ($) => `select id from opt_out where id = any (${$.ids})`,
    });
    // @ts-expect-error: a text is no list of ids
    expect(() => own.all(db.pool, { ids: '7' })).not.toThrow();
    const described = takeBackStatement() as RegisteredStatement;
    expect(await findFaults(client, catalogue, described)).toEqual([
      'compiled: "id" is int8, not OptOut.number',
    ]);
  });
});
