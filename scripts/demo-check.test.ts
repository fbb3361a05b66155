import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashPassword } from '@/lib/auth/password';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { parseEnv } from '@/lib/env';
import { findPublishedSignIns, refuseDemo, refusePublishedPasswords } from './demo-check';

let db: TestDatabase;
const published = new Map<string, string>();

beforeAll(async () => {
  db = await createTestDatabase();
  published.set('thandi', await hashPassword('coffee-58324'));
  published.set('lindiwe', await hashPassword('staff-client-zone'));
});
beforeEach(async () => {
  await db.pool.query('delete from portal_user');
  for (const [username, hash] of published) {
    await db.pool.query(
      `insert into portal_user (username, email, name, password_hash, role, staff_role)
       values ($1, $1 || '@provider.example', $1, $2, 'STAFF', 'ADMINISTRATOR')`,
      [username, hash],
    );
  }
});
afterAll(() => db.close());

const reachable: [string, Record<string, string>][] = [
  ['HOST=0.0.0.0', { HOST: '0.0.0.0' }],
  ['HOST=192.168.1.20', { HOST: '192.168.1.20' }],
  ['HOST=::', { HOST: '::' }],
  ['APP_URL=https://zone.example.com', { APP_URL: 'https://zone.example.com' }],
  ['APP_URL=https://localhost:3443', { APP_URL: 'https://localhost:3443' }],
  ['APP_URL=http://zone.example.com', { APP_URL: 'http://zone.example.com' }],
];
const alone: Record<string, string>[] = [
  {},
  { HOST: 'localhost' },
  { HOST: '::1' },
  { HOST: '127.0.0.2', APP_URL: 'http://127.0.0.1:3100' },
  { APP_URL: 'http://[::1]:3000' },
  { APP_URL: 'http://zone.localhost:3000' },
];

describe('where others reach the web', () => {
  test.each(reachable)('%s: the demo is neither written nor started', async (name, source) => {
    const env = parseEnv(source);
    expect(() => refuseDemo(env)).toThrow(`${name} lets others reach it. Unset HOST and APP_URL`);
    const start = refusePublishedPasswords(env, db.url);
    await expect(start).rejects.toThrow(/^lindiwe, thandi: anybody can sign in/);
    await expect(start).rejects.toThrow(name);
    await expect(start).rejects.not.toThrow(/\n/);
  });

  test('a database without the demo starts', async () => {
    await db.pool.query('delete from portal_user');
    await refusePublishedPasswords(parseEnv({ HOST: '0.0.0.0' }), db.url);
  });

  test('as does one whose sign-ins have been suspended, or have passwords of their own', async () => {
    await db.pool.query(`update portal_user set status = 'SUSPENDED' where username = 'thandi'`);
    expect(await findPublishedSignIns(db.url)).toEqual(['lindiwe']);
    await db.pool.query(`update portal_user set password_hash = $1 where username = 'lindiwe'`, [
      await hashPassword('another password'),
    ]);
    await refusePublishedPasswords(parseEnv({ HOST: '0.0.0.0' }), db.url);
    await db.pool.query(`update portal_user set password_hash = 'none' where username = 'lindiwe'`);
    await refusePublishedPasswords(parseEnv({ HOST: '0.0.0.0' }), db.url);
  });
});

test.each(alone)('where only this machine reaches it (%o) the demo starts', async (source) => {
  const env = parseEnv(source);
  expect(() => refuseDemo(env)).not.toThrow();
  await refusePublishedPasswords(env, db.url);
});
