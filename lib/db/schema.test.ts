import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffFromSchema } from '@/lib/db/schema-diff';
import { saidOf, violationOf } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `INSERT INTO account (id, name, owner_email) VALUES (58324, 'Berg & Dal', 'owner@example.com')`,
  );
  await insertRequest(1, `'AWAITING_CONFIRMATION', NULL`);
});
afterAll(() => db.close());

/** @param values its state and when it was finished */
const insertRequest = (episodeId: number, values: string) =>
  db.pool.query(
    `INSERT INTO removal_request (account_id, msisdn, episode_id, permission_text, permission_at, state, finished_at)
     VALUES (58324, '27821234567', ${episodeId}, 'I give permission', now(), ${values})`,
  );

test('the migrations say what prisma/schema.prisma says', async () => {
  expect(await diffFromSchema(db.ownerUrl, await readFile('prisma/schema.prisma', 'utf8'))).toBe('');
});

describe('keys begin with account_id', () => {
  interface Key {
    table: string;
    kind: 'primary key' | 'unique key' | 'foreign key';
    name: string;
    columns: string[];
  }

  // Needed before the account is known, or small and shared (prisma/schema.prisma says which).
  const exceptions = [
    'carrier_receipt',
    'conversation',
    'membership',
    'sender_number',
    'unowned_reply',
    'user_session',
  ];

  const readTables = async () => {
    const { rows } = await db.pool.query<{ table: string }>(
      `SELECT table_name AS table FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'public' AND column_name = 'account_id' AND table_type = 'BASE TABLE' ORDER BY 1`,
    );
    return rows.map((row) => row.table).filter((table) => !exceptions.includes(table));
  };

  const readKeys = async (tables: string[]) => {
    const { rows } = await db.pool.query<Key>(
      `SELECT keys.relation::text AS table, keys.kind, keys.name::text, array(
           SELECT attribute.attname::text FROM unnest(keys.numbers) WITH ORDINALITY AS wanted (number, place)
             JOIN pg_attribute attribute ON attribute.attrelid = keys.relation AND attribute.attnum = wanted.number
            ORDER BY wanted.place) AS columns
         FROM (
           SELECT indrelid::regclass AS relation, indexrelid::regclass::text AS name, indkey::int2[] AS numbers,
                  CASE WHEN indisprimary THEN 'primary key' ELSE 'unique key' END AS kind
             FROM pg_index WHERE indisunique
           UNION ALL
           SELECT conrelid::regclass, conname, conkey, 'foreign key' FROM pg_constraint WHERE contype = 'f'
         ) AS keys
        WHERE keys.relation::text = ANY($1)`,
      [tables],
    );
    return rows;
  };

  test('in every table that belongs to an account', async () => {
    const tables = await readTables();
    expect(tables).toEqual(
      expect.arrayContaining([
        'credit_entry',
        'message',
        'message_batch',
        'opt_out',
        'opt_out_event',
        'reply',
      ]),
    );
    const keys = await readKeys(tables);
    expect(
      keys
        .filter(({ kind }) => kind === 'primary key')
        .map(({ table }) => table)
        .sort(),
    ).toEqual(tables);
    expect(keys.filter(({ kind }) => kind === 'unique key').length).toBeGreaterThan(0);
    expect(keys.filter(({ kind }) => kind === 'foreign key').length).toBeGreaterThan(0);
    expect(keys.filter(({ columns }) => columns[0] !== 'account_id')).toEqual([]);
  });

  test('and the tables that are needed before the account is known by the recipient’s number', async () => {
    const keys = await readKeys(['carrier_receipt', 'conversation', 'unowned_reply']);
    expect(keys).toHaveLength(3);
    expect(keys.filter(({ columns }) => columns[0] !== 'msisdn')).toEqual([]);
  });
});

test('numbers and carriers’ ids are compared byte by byte', async () => {
  const { rows } = await db.pool.query<{ column: string; collation: string | null }>(
    `SELECT table_name || '.' || column_name AS column, collation_name AS collation FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'text'
        AND column_name IN ('msisdn', 'sender_number', 'number', 'carrier', 'carrier_message_id')`,
  );
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ collation }) => collation !== 'C')).toEqual([]);
});

describe('history is append-only', () => {
  test.each([
    {
      table: 'opt_out_event',
      insert: `(account_id, msisdn, episode_id, kind, actor, evidence) VALUES (58324, '27821234567', 1, 'OPTED_OUT', 'recipient', '{}')`,
    },
    {
      table: 'activity',
      insert: `(account_id, user_id, kind, details, created_at) VALUES (58324, 1, 'password.change', '{}', now())`,
    },
    {
      table: 'credit_entry',
      insert: `(account_id, kind, amount, balance_after) VALUES (58324, 'TOP_UP', 100, 100)`,
    },
    {
      table: 'audit_entry',
      insert: `(user_id, action, target, details) VALUES (1, 'account.suspend', 'W58324', '{}')`,
    },
    {
      table: 'cleansing',
      insert: `(account_id, import_id, as_of, name, lines, matched, came, gone, uploaded_at, in_force_at)
        VALUES (58324, 1, '2026-11-28', 'answer.csv', 1, 1, 1, 0, now(), now())`,
    },
    {
      table: 'marketer_registration',
      insert: `(account_id, number, ends_on) VALUES (58324, 'DM 1', '2027-07-31')`,
    },
    {
      table: 'removal_request_event',
      insert: `(account_id, request_id, kind, to_state, actor, evidence)
        SELECT account_id, id, 'REQUESTED', 'AWAITING_CONFIRMATION', 'visitor', '{}' FROM removal_request WHERE account_id = 58324`,
    },
  ])('$table refuses UPDATE and DELETE', async ({ table, insert }) => {
    const { rows } = await db.owner.query<Record<string, unknown>>(
      `INSERT INTO ${table} ${insert} RETURNING *`,
    );
    for (const [does, sql] of [
      ['UPDATE', `UPDATE ${table} SET id = id`],
      ['DELETE', `DELETE FROM ${table}`],
    ] as const) {
      await expect(db.owner.query(sql)).rejects.toMatchObject({
        message: saidOf(table, `is append-only: ${does} is refused`),
      });
    }
    expect((await db.owner.query(`SELECT * FROM ${table}`)).rows).toEqual(rows);
  });
});

describe('what the schema cannot say is refused all the same', () => {
  const message = (values: string) =>
    db.pool.query(
      `INSERT INTO message (account_id, msisdn, sender_number, text, segments, cost, status, kind, episode_id)
       VALUES (58324, '27821234567', '27600100200', 'Hello', 1, ${values})`,
    );

  test('a second confirmation in one episode', async () => {
    await message(`0, 'QUEUED', 'CONFIRMATION', 1`);
    await message(`0, 'QUEUED', 'CONSENT', 1`);
    await message(`0, 'QUEUED', 'CONFIRMATION', 2`);
    await expect(message(`0, 'QUEUED', 'CONFIRMATION', 1`)).rejects.toMatchObject(
      violationOf('message_episode_key'),
    );
  });

  test('a blocked message that costs something', async () => {
    await expect(message(`1, 'BLOCKED', 'NORMAL', NULL`)).rejects.toMatchObject(
      violationOf('message_cost_check'),
    );
  });

  test.each([
    {
      what: 'a second open removal request',
      values: `'AWAITING_CONFIRMATION', NULL`,
      constraint: 'removal_request_open_key',
    },
    {
      what: 'an open one with an end',
      values: `'AWAITING_CONFIRMATION', now()`,
      constraint: 'removal_request_finished_check',
    },
    {
      what: 'one that is over without',
      values: `'EXPIRED', NULL`,
      constraint: 'removal_request_finished_check',
    },
    {
      what: 'a removal without an answer',
      values: `'REMOVED', now()`,
      constraint: 'removal_request_answer_check',
    },
    {
      what: 'waiting for a reply to no question',
      values: `'AWAITING_REPLY', NULL`,
      constraint: 'removal_request_consent_check',
    },
  ])('$what', async ({ values, constraint }) => {
    await expect(insertRequest(2, values)).rejects.toMatchObject(violationOf(constraint));
  });

  test('a second secret in force of one purpose and subject', async () => {
    const insert = (values: string) =>
      db.pool.query(
        `INSERT INTO one_time_secret (id, purpose, subject, sent_to, secret_hash, created_at, expires_at, used_at)
         VALUES (gen_random_uuid(), 'recover-by-link', 'user:1', '', '', now(), now(), ${values})`,
      );
    await insert('now()');
    await insert('NULL');
    await expect(insert('NULL')).rejects.toMatchObject(violationOf('one_time_secret_live_key'));
  });

  test('a balance below nothing', async () => {
    await db.pool.query('INSERT INTO credit_balance VALUES (58324, 1)');
    await expect(db.pool.query('UPDATE credit_balance SET credits = credits - 2')).rejects.toMatchObject(
      violationOf('credit_balance_credits_check'),
    );
  });

  test.each([
    { who: 'staff without a role', role: 'STAFF', staffRole: 'NULL' },
    { who: 'a customer with a role of staff', role: 'CUSTOMER', staffRole: `'SUPPORT'` },
  ])('$who', async ({ role, staffRole }) => {
    const inserting = db.pool.query(
      `INSERT INTO portal_user (username, email, name, password_hash, role, staff_role)
       VALUES ('thandi', 'thandi@example.com', 'Thandi', '', '${role}', ${staffRole})`,
    );
    await expect(inserting).rejects.toMatchObject(violationOf('portal_user_staff_role_check'));
  });
});
