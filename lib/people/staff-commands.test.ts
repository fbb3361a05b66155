import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { createAccount, createUser } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { listSubjects } from '@/testing/people';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { resetFactor } from './staff-commands';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a lost second factor is taken away once, written down, and told to its owner and the account’s', async () => {
  const account = await createAccount(db.pool);
  const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
  const userId = await createUser(db.pool, {
    accountId: account.id,
    role: 'SENDER',
    email: 'lost@florist.example',
  });
  await db.pool.query('update portal_user set email = $1 where id = $2', [
    'owner@florist.example',
    account.userId,
  ]);
  const input = { accountId: account.id, userId, reason: 'Phoned; knew the last batch.' };
  expect(await resetFactor(db.pool, staff, input)).toMatchObject({ ok: false, reason: 'none' });
  await db.pool.query(
    `insert into recovery_code (user_id, code_hash, created_at) values ($1, 'hash', now())`,
    [userId],
  );
  const other = await createAccount(db.pool);
  expect(await resetFactor(db.pool, staff, { ...input, accountId: other.id })).toMatchObject({
    reason: 'not-in',
  });
  expect(await resetFactor(db.pool, staff, input)).toEqual({ ok: true });
  expect(await resetFactor(db.pool, staff, input)).toMatchObject({ reason: 'none' });
  const { rows } = await db.pool.query(
    `select action, details ->> 'reason' as reason from audit_entry where target_account_id = $1`,
    [account.id],
  );
  expect(rows).toEqual([{ action: 'person.reset-factor', reason: input.reason }]);
  const mail = new MemoryMail();
  await runDueJobs(db.pool, new Date(Date.now() + 60_000), mail);
  expect(listSubjects(mail, 'lost@florist.example')).toEqual(['Your second factor was taken away']);
  expect(listSubjects(mail, 'owner@florist.example')).toHaveLength(1);
});
