import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccount, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { findWaiting, type ToLeave } from './leaving';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
});
afterAll(() => db.close());

const at = (local: string) => new Date(`${local}+02:00`);
const recipients = ['082 123 4567', '+27 83 765 4321', '0821234567', '+44 7400 123456', 'nobody'];
const evening = at('2026-11-20T20:30:00');
const find = (message: Partial<ToLeave>, now: Date) =>
  findWaiting(db.pool, account.scope, { recipients, purpose: null, sendAt: null, ...message }, now);

test('says how many leave at once and how many when: at home it is night, in London not yet', async () => {
  const morning = at('2026-11-21T09:00:00').toISOString();
  expect(await find({}, evening)).toEqual([
    { at: null, messages: 1 },
    { at: morning, messages: 2 },
  ]);
  expect(await find({ recipients: recipients.slice(0, 2) }, evening)).toEqual([{ at: morning, messages: 2 }]);
});

test('says of a time that was chosen what leaves at it', async () => {
  const sunday = at('2026-11-22T10:00:00');
  const monday = at('2026-11-23T08:00:00').toISOString();
  expect(await find({ sendAt: sunday }, evening)).toEqual([
    { at: monday, messages: 2 },
    { at: at('2026-11-23T10:00:00').toISOString(), messages: 1 },
  ]);
  const friday = at('2026-11-27T20:30:00');
  expect((await find({ sendAt: friday }, evening))[0]).toEqual({ at: friday.toISOString(), messages: 1 });
});

test('says nothing where nothing waits', async () => {
  expect(await find({}, at('2026-11-20T12:00:00'))).toEqual([]);
  expect(await find({ purpose: 'SERVICE' }, evening)).toEqual([]);
  expect(await find({ recipients: ['nobody'] }, evening)).toEqual([]);
  await db.pool.query(`update account set default_purpose = 'SERVICE' where id = $1`, [account.id]);
  expect(await find({}, evening)).toEqual([]);
  await db.pool.query(`update account set default_purpose = 'MARKETING' where id = $1`, [account.id]);
});
