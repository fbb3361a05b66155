import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { createAccount, nextMsisdn } from '@/lib/testing/factories';
import { loadPhone, sendReply } from './simulator-actions';

let db: TestDatabase;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

test('a reply from a phone goes in like every carrier’s, and stays on the phone', async () => {
  const account = await createAccount(db.pool);
  const msisdn = nextMsisdn();
  expect(await sendReply(msisdn, account.senderNumber as string, 'Stop')).toEqual({ ok: true });
  const { rows } = await db.pool.query('select msisdn, kind from opt_out where account_id = $1', [
    account.id,
  ]);
  expect(rows).toEqual([{ msisdn, kind: 'REPLY' }]);
  expect((await loadPhone(msisdn)).messages).toMatchObject([
    { fromPhone: true, senderNumber: account.senderNumber, text: 'Stop' },
  ]);
});

test('a text that no network takes is refused in words; what is no number is refused', async () => {
  const account = await createAccount(db.pool);
  const to = account.senderNumber as string;
  expect(await sendReply(nextMsisdn(), to, 'Stop\0')).toEqual({
    ok: false,
    message: 'The reply did not reach the network. Send it again.',
  });
  await expect(sendReply("27' or true --", to, 'Stop')).rejects.toThrow();
  await expect(loadPhone('MTN')).rejects.toThrow();
  const { rows } = await db.pool.query('select from reply where account_id = $1', [account.id]);
  expect(rows).toEqual([]);
});
