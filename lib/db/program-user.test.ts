import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount, type TestAccount } from '@/testing/factories';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { applyMigrations } from './migrate';
import { listExcessRights, readUser } from './program-user';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
  await db.pool.query(
    `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
     values ($1, '27821234567', 1, 'OPTED_OUT', 'recipient', '{}')`,
    [account.id],
  );
});
afterAll(() => db.close());

const listHistories = async () => {
  const { rows } = await db.owner.query<{ name: string }>(
    `select distinct tgrelid::regclass::text as name from pg_trigger where tgname like '%_append_only' order by 1`,
  );
  return rows.map(({ name }) => name);
};

describe('the user of web and worker', () => {
  test('is not the owner, and needs no more than it has', async () => {
    expect(await readUser(db.url)).not.toBe(await readUser(db.ownerUrl));
    expect(await listExcessRights(db.url)).toEqual([]);
    expect(await listExcessRights(db.ownerUrl)).toEqual(['is a superuser']);
  });

  test.each([
    ['alter a table', 'alter table opt_out add column forged text'],
    ['take its trigger away', 'alter table opt_out_event disable trigger all'],
    ['drop the trigger', 'drop trigger opt_out_event_append_only on opt_out_event'],
    [
      'put another function under it',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
    ],
    ['switch triggers off', 'set session_replication_role = replica'],
    ['empty a table', 'truncate opt_out_event'],
    ['empty another', 'truncate message'],
    ['drop a table', 'drop table opt_out_event'],
    ['make one', 'create table forged (id int)'],
    ['delete from a history', 'delete from opt_out_event'],
    ['write over one', `update opt_out_event set actor = 'nobody'`],
    ['own one', 'alter table opt_out_event owner to current_user'],
    [
      'become the owner',
      `do $$ begin execute format('set role %I', (select tableowner from pg_tables where tablename = 'opt_out_event')); end $$`,
    ],
    [
      'say that a migration has been',
      `insert into _prisma_migrations (id, checksum, migration_name, started_at) values ('x', 'x', 'x', now())`,
    ],
    ['unsay it', 'delete from _prisma_migrations'],
    ['index a table', 'create index forged on opt_out_event (actor)'],
  ])('may not %s', async (_, sql) => {
    await expect(db.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
    expect((await db.pool.query('select from opt_out_event')).rowCount).toBe(1);
  });

  test('may not change or delete a row of any history', async () => {
    const histories = await listHistories();
    expect(histories).toEqual(
      expect.arrayContaining(['activity', 'audit_entry', 'credit_entry', 'opt_out_event']),
    );
    for (const table of histories) {
      for (const right of ['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) {
        const { rows } = await db.pool.query<{ may: boolean }>('select has_table_privilege($1, $2) as may', [
          table,
          right,
        ]);
        expect(rows[0]?.may, `${right} on ${table}`).toBe(false);
      }
    }
  });

  test('owns no table, function or schema', async () => {
    const { rows } = await db.pool.query(
      `select relname from pg_class where pg_get_userbyid(relowner) = current_user and relpersistence <> 't'
       union all select proname from pg_proc where pg_get_userbyid(proowner) = current_user
       union all select nspname from pg_namespace where pg_get_userbyid(nspowner) = current_user`,
    );
    expect(rows).toEqual([]);
  });
});

describe('a later migration', () => {
  test('is within its reach at once, and a new history closed at the next start', async () => {
    await db.owner.query(`create table later (id bigserial primary key);
      create trigger later_append_only before update or delete on later for each statement execute function refuse_change()`);
    await db.pool.query('insert into later default values');
    await applyMigrations(db.ownerUrl, { programUser: await readUser(db.url) });
    await db.pool.query('insert into later default values');
    expect((await db.pool.query('select from later')).rowCount).toBe(2);
    await expect(db.pool.query('delete from later')).rejects.toMatchObject({ code: '42501' });
  });

  test('is granted as often as one likes, by two at once too', async () => {
    const programUser = await readUser(db.url);
    await Promise.all([1, 2].map(() => applyMigrations(db.ownerUrl, { programUser })));
    expect((await db.pool.query('select from graphile_worker.jobs')).rowCount).toBe(0);
  });
});

describe('an owner who is no superuser', () => {
  test('may make every function: none has a setting of its own that only a superuser may give', async () => {
    const { rows } = await db.owner.query(
      `select proname, given from pg_proc, unnest(proconfig) as given
       where pronamespace = 'public'::regnamespace
         and not exists (select from pg_settings where name = split_part(given, '=', 1) and context = 'user')`,
    );
    expect(rows).toEqual([]);
  });

  // All migrations once more: npm run soak -- --only properties has it.
  test.runIf(isLong)('may migrate', async () => {
    const address = new URL(db.ownerUrl);
    address.pathname += '_owned';
    const [database, owner] = [address.pathname.slice(1), `${address.pathname.slice(1)}_owner`];
    await db.owner.query(`create role ${owner} login password 'a-password-for-tests'`);
    try {
      await db.owner.query(`create database ${database} owner ${owner}`);
      [address.username, address.password] = [owner, 'a-password-for-tests'];
      expect(await applyMigrations(address.href, { programUser: await readUser(db.url) })).not.toEqual([]);
    } finally {
      await db.owner.query(`drop database if exists ${database} with (force)`);
      await db.owner.query(`drop role ${owner}`);
    }
  });
});

test('one user for both is let be, and told what it may do', async () => {
  await applyMigrations(db.ownerUrl, { programUser: await readUser(db.ownerUrl) });
  expect(await listExcessRights(db.ownerUrl)).not.toEqual([]);
});
