import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distribute, DistributionError, isDistributed } from '@/lib/db/distribute';
import { distribution, distributionKeys } from '@/lib/db/distribution';
import { migrationsFolder, readMigrations } from '@/lib/db/migrations';
import { loadStatements } from './all-statements';
import { acrossAccounts, onOneServer, readsAfterWriting } from './across-accounts';
import { testOnOneServer } from './one-server';
import { findMigrationFaults, findScaleFaults } from './scale-rule';
import { createTestDatabase, type TestDatabase } from './test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.close();
});

/** Tables that lie apart, and the column that says where a row lies. */
const keys = Object.fromEntries(
  Object.entries(distribution).flatMap(([table, how]) =>
    how === 'account' || how === 'recipient' ? [[table, distributionKeys[how]]] : [],
  ),
);

test('it is said of every table where its rows lie', async () => {
  const { rows } = await db.pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> '_prisma_migrations'`,
  );
  expect(Object.keys(distribution).sort()).toEqual(rows.map(({ name }) => name).sort());
});

test('what is unique of a table that lies apart is so within one account or number', async () => {
  const { rows } = await db.pool.query<{ table: string; index: string; columns: string[] }>(
    `select indrelid::regclass::text as table, indexrelid::regclass::text as index,
       array(select attname::text from pg_attribute where attrelid = indrelid and attnum = any (indkey)) as columns
     from pg_index where indisunique and indrelid::regclass::text = any ($1)`,
    [Object.keys(keys)],
  );
  const tables = new Set(rows.map(({ table }) => table));
  expect([...tables].sort()).toEqual(Object.keys(keys).sort());
  const faulty = rows.filter(({ table, columns }) => !columns.includes(keys[table] as string));
  expect(faulty).toEqual([]);
});

testOnOneServer('a foreign key leads to a small table, or to rows that lie beside its own', async () => {
  const { rows } = await db.pool.query<{ from: string; to: string; columns: string[] }>(
    `select conrelid::regclass::text as from, confrelid::regclass::text as to,
       array(select attname::text from pg_attribute where attrelid = conrelid and attnum = any (conkey)) as columns
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  const faulty = rows.filter(({ from, to, columns }) => {
    const [own, other] = [distribution[from], distribution[to]];
    if (other === 'reference') return false;
    return own !== other || (own !== 'local' && !columns.includes(keys[from] as string));
  });
  expect(faulty).toEqual([]);
});

test('every statement that a cluster is sent keeps the rule that makes it run there', async () => {
  const told = new Set<string>();
  const same = new Set<string>();
  const found: Record<string, string[]> = {};
  for (const { name, texts } of await loadStatements()) {
    const faults = new Set<string>();
    for (const { text } of texts) for (const fault of await findScaleFaults(text)) faults.add(fault);
    if (name in acrossAccounts && faults.delete('without key')) told.add(name);
    if (name in readsAfterWriting && faults.delete('reads what it wrote')) same.add(name);
    if (faults.size > 0) found[name] = [...faults].sort();
  }
  const allowed = Object.entries(onOneServer).filter(([, { faults }]) => faults.length > 0);
  expect(found).toEqual(Object.fromEntries(allowed.map(([name, { faults }]) => [name, faults])));
  // one that is gone, or names its accounts now, is taken out
  expect([...told].sort()).toEqual(Object.keys(acrossAccounts).sort());
  expect([...same].sort()).toEqual(Object.keys(readsAfterWriting).sort());
});

/** The last one before a database could be spread. */
const lastBefore = '20261129213200_webhook_holds_and_states';

test('every migration can be applied to a database that is spread already', async () => {
  const migrations = await readMigrations(migrationsFolder);
  expect(migrations.map(({ name }) => name)).toContain(lastBefore);
  for (const { name, sql } of migrations.filter((one) => one.name > lastBefore)) {
    expect(await findMigrationFaults(sql), name).toEqual([]);
  }
});

test.each<[string, string, string[]]>([
  ['columns and indexes', `alter table message add column x int; create index on message (x)`, []],
  ['a unique index with the key', `create unique index on message (account_id, reason)`, []],
  ['a unique index without', `create unique index on message (reason)`, ['unique without key']],
  ['a unique constraint without', `alter table unowned_reply add unique (text)`, ['unique without key']],
  ['one of a small table', `create unique index on sender_number (kind)`, []],
  ['how a column is stored', `alter table reply alter column text set storage external`, ['set storage']],
  ['a trigger', `create trigger x before update on reply for each row execute function f()`, ['trigger']],
  [
    'a trigger of a table that it makes',
    `create table notice (id int); create trigger x before update on notice for each row execute function f()`,
    [],
  ],
])('of a migration: %s', async (_, sql, faults) => {
  expect(await findMigrationFaults(sql)).toEqual(faults);
});

testOnOneServer('a PostgreSQL without Citus is told so, and stays as it is', async () => {
  expect(await isDistributed(db.owner)).toBe(false);
  await expect(distribute(db.ownerUrl)).rejects.toThrow(DistributionError);
  await expect(distribute(db.ownerUrl)).rejects.toThrow(/has no Citus extension/);
});

describe('the check finds', () => {
  test.each<[string, string, string[]]>([
    ['nothing in a question of one account', 'select id from message where account_id = $1 and id = $2', []],
    ['nothing in one of several', 'select id from message as m where m.account_id = any ($1::int[])', []],
    [
      'nothing where the key is passed on by a join',
      `select from opt_out join reply using (account_id) where account_id = $1`,
      [],
    ],
    [
      'nothing where a small table has the key',
      `select from account join opt_out on opt_out.account_id = account.id where account.id = $1`,
      [],
    ],
    [
      'nothing in small and local tables',
      `select from account; select from audit_entry; insert into rate_limit select`,
      [],
    ],
    [
      'nothing where a table is read before it is written',
      `with found as (select id from reply where account_id = $1 for update),
         gone as (delete from reply where account_id = $1 returning id) select from gone, found`,
      [],
    ],
    [
      'a table that is read after it is written',
      `with gone as (delete from reply where account_id = $1 and id = $2)
       select id from reply where account_id = $1`,
      ['reads what it wrote'],
    ],
    [
      'one that is written twice',
      `with first as (update reply set text = '' where account_id = $1 and id = $2)
       update reply set text = '' where account_id = $1 and id = $3`,
      ['reads what it wrote'],
    ],
    [
      'one whose reading could be carried out where it is named',
      `with other as (select id from reply where account_id = $1),
         gone as (delete from reply where account_id = $1 returning id) select from other`,
      ['reads what it wrote'],
    ],
    [
      'nothing where it could not',
      `with other as materialized (select id from reply where account_id = $1),
         gone as (delete from reply where account_id = $1 returning id) select from other`,
      [],
    ],
    ['nothing in values', `insert into notice (account_id, title) values ($1, $2)`, []],
    ['a table without its key', 'select 1 from message where id = $1', ['without key']],
    ['a number in place of an account', 'select 1 from message where msisdn = $1', ['without key']],
    ['a key that may hold or not', 'select 1 from message where account_id = $1 or id = $2', ['without key']],
    [
      'a key of another table',
      'select 1 from message m join reply r on r.id = m.id where r.account_id = $1',
      ['without key'],
    ],
    [
      'a key that comes from rows that are given in',
      `select 1 from unnest($1::int[]) as given (id) join message on message.account_id = given.id`,
      ['without key'],
    ],
    ['one of a change', `update notice set read_at = $1 where id = $2`, ['without key']],
    [
      'one in an expression',
      `with gone as (delete from notice where id = $1 returning id) select from gone`,
      ['without key'],
    ],
    [
      'one in a condition',
      `select from account where id = $1 and exists (select 1 from email where id = $2)`,
      ['without key'],
    ],
    [
      'one of a part of a union',
      `select id from notice where account_id = $1 union all select id from email`,
      ['without key'],
    ],
    ['nothing in an expression of the name of a table', `with email as (select 1) select from email`, []],
    [
      'rows that lie apart',
      `select from message join conversation using (account_id, msisdn) where message.account_id = $1 and conversation.msisdn = $2`,
      ['joins apart'],
    ],
    [
      'rows of the coordinator beside others',
      `select from reply where account_id = $1 and exists (select from audit_entry)`,
      ['joins apart'],
    ],
    ['nothing in a lock of one account', `select from reply where account_id = $1 for update`, []],
    [
      'a lock of several accounts',
      `select from reply where account_id = any ($1) for update`,
      ['locks across'],
    ],
    ['a notification alone', `select pg_notify('x', $1)`, []],
    [
      'a notification beside a table',
      `with done as (update notice set read_at = $2 where account_id = $1) select pg_notify('x', '') from done`,
      ['notifies beside'],
    ],
    [
      'a notification of rows that are given in',
      `select pg_notify('x', id) from unnest($1::text[]) as given (id)`,
      [],
    ],
    [
      'the horizon of the rows of one account',
      `with edge as (select pg_snapshot_xmin(pg_current_snapshot()) as at)
       select id from reply cross join edge where account_id = $1 and $2::xid8 < edge.at`,
      [],
    ],
    [
      'a horizon beside no rows',
      `select pg_current_xact_id(), count(*) from platform_keyword`,
      ['horizon elsewhere'],
    ],
    [
      'one horizon for the rows of several accounts',
      `select account_id, max(id), pg_current_xact_id() from reply where account_id = any ($1) group by account_id`,
      ['horizon elsewhere'],
    ],
    ['an erasing alone', `select erase_history('activity', $1, $2, 'erased', true)`, []],
    [
      'an erasing of what is found beside it',
      `select erase_history('activity', $1, array_agg(id), 'erased', true) from activity where account_id = $1`,
      ['writes beside'],
    ],
    [
      'the time once',
      `with begun as materialized (select now() as at) update notice set read_at = begun.at from begun where account_id = $1`,
      [],
    ],
    [
      'the time in a case',
      `update notice set read_at = case when true then now() end where account_id = $1`,
      ['time inside'],
    ],
    [
      'the time in coalesce',
      `insert into notice (account_id, read_at) values ($1, coalesce($2, now()))`,
      ['time inside'],
    ],
    [
      'the time in what is returned',
      `delete from notice where account_id = $1 returning current_timestamp`,
      ['time inside'],
    ],
    [
      'the time in a change of what was there',
      `insert into notice (account_id) values ($1) on conflict (account_id, id) do update set read_at = now()`,
      ['time inside'],
    ],
    [
      'the time in a change of several accounts',
      `update notice set read_at = now() where account_id = any ($1)`,
      ['time inside'],
    ],
    ['nothing in a time of one account', `update notice set read_at = now() where account_id = $1`, []],
    [
      'the length of a day in a case',
      `update notice set read_at = case when true then $2 - make_interval(days => 1) end where account_id = $1`,
      ['time inside'],
    ],
    [
      'the time of the clock, whose ever',
      `update notice set read_at = clock_timestamp() where account_id = $1`,
      ['time inside'],
    ],
    [
      'nothing in what the account outside answers for',
      `select from reply where reply.account_id = $1 and not exists (select from opt_out where opt_out.account_id = reply.account_id)`,
      [],
    ],
    [
      'a figure of each, which is asked of every part',
      `select (select sent_at from message where message.account_id = reply.account_id) from reply where reply.account_id = $1`,
      ['without key'],
    ],
    [
      'what the account outside may answer for',
      `select from reply where account_id = $1 and (id = $2 or exists (select 1 from opt_out where opt_out.account_id = reply.account_id))`,
      ['without key'],
    ],
    ['rows by their place', `delete from reply where account_id = $1 and ctid = any ($2)`, ['by place']],
    [
      'rows of all without a column',
      `select exists (select from reply where id = $1)`,
      ['no column', 'without key'],
    ],
    [
      'an insert of what is compared with a table at the same time',
      `with found as (select 1 as account_id) insert into notice (account_id) select account_id from found
       where not exists (select 1 from email where email.account_id = $1) on conflict do nothing`,
      ['insert beside'],
    ],
    [
      'one whose rows were compared before',
      `with found as materialized (select 1 as account_id where not exists (select 1 from email where account_id = $1))
       insert into notice (account_id) select account_id from found on conflict do nothing`,
      [],
    ],
    [
      'an insert into a small table that reads a small table in the same query',
      `insert into membership (account_id, user_id) select $1, id from portal_user
       where not exists (select from membership where account_id = $1)`,
      ['reads where it writes'],
    ],
    [
      'one that has read it before',
      `with begun as materialized (select account_id from membership where account_id = $1)
       insert into membership (account_id, user_id) select $1, $2 where not exists (select from begun)`,
      [],
    ],
    [
      'a case of a value',
      `select case extract(isodow from day) when 6 then 1 else 2 end from account`,
      ['case of a value'],
    ],
    [
      'a case of a column and a value of the statement',
      `update notice set title = case title when $2 then 'a' else 'b' end where account_id = $1`,
      ['case of a value'],
    ],
    [
      'a case of a column and what is written',
      `select case title when 'a' then 'b' end from notice where account_id = $1`,
      [],
    ],
    [
      'a case of conditions',
      `select case when extract(isodow from day) = 6 then 1 else 2 end from account`,
      [],
    ],
    ['an insert of a query', `insert into notice (account_id) select id from account`, ['bare insert']],
    [
      'nothing in one that minds conflicts',
      `insert into notice (account_id) select id from account on conflict do nothing`,
      [],
    ],
    [
      'two at once',
      `insert into email (account_id) select account_id from reply`,
      ['bare insert', 'without key'],
    ],
  ])('%s', async (_, text, faults) => {
    expect(await findScaleFaults(text)).toEqual(faults);
  });
});
