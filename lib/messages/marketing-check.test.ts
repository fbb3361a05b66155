import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { acceptBatch } from './commands';
import { changeScheduled } from './scheduled';
import type { MessagePurpose } from './schema';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  account = await createAccount(db.pool, { credits: 10, defaultPurpose: 'MARKETING' });
  await db.pool.query(
    `update account set name = 'Karoo Coffee', trading_names = '{Bean There}' where id = $1`,
    [account.id],
  );
  await setPolicy('REFUSE');
});

const setPolicy = (policy: 'ADVISE' | 'REFUSE') =>
  db.pool.query('update platform_setting set marketing_text_policy = $1::marketing_text_policy', [policy]);

async function accept(
  text: string,
  purpose: MessagePurpose | null = null,
  { key = randomUUID(), to = nextMsisdn(), sendAt }: { key?: string; to?: string; sendAt?: Date } = {},
) {
  return acceptBatch(db.pool, account.scope, {
    recipients: [to],
    text,
    idempotencyKey: key,
    purpose,
    sendAt,
  });
}

const whole = 'Bean There: our spring sale. Opt out: reply STOP';

test('marketing that does not say who is speaking and how to opt out is refused as a whole, and costs nothing', async () => {
  expect(await accept('Our spring sale')).toMatchObject({
    ok: false,
    reason: 'marketing-text',
    message: expect.stringMatching(
      /“Karoo Coffee:”.*“Opt out: reply STOP”.*still takes 1 segment. Nothing was sent.$/,
    ),
  });
  const { rows } = await db.pool.query('select from message_batch where account_id = $1', [account.id]);
  expect(rows).toEqual([]);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(10));
  expect(await accept(whole)).toMatchObject({ ok: true });
  expect(await accept('Your parcel is here', 'SERVICE')).toMatchObject({ ok: true });
});

test('where the provider only advises it is sent; the same under the same key again is the first, whatever is set since', async () => {
  await setPolicy('ADVISE');
  const again = { key: randomUUID(), to: nextMsisdn() };
  const first = await accept('Our spring sale', null, again);
  expect(first).toMatchObject({ ok: true });
  await setPolicy('REFUSE');
  expect(await accept('Our spring sale', null, again)).toEqual(first);
  expect(await accept('Our autumn sale', null, again)).toMatchObject({ ok: false, reason: 'marketing-text' });
});

test('a scheduled batch is asked when its text or purpose changes, and stays as it was; another time is no other text', async () => {
  await setPolicy('ADVISE');
  const sendAt = new Date(Date.now() + 86_400_000);
  const later = new Date(sendAt.getTime() + 86_400_000);
  const accepted = await accept('Our spring sale', 'SERVICE', { sendAt });
  if (!accepted.ok) throw new Error(accepted.message);
  const { batchId } = accepted;
  await setPolicy('REFUSE');
  const change = (to: { text?: string; purpose?: MessagePurpose }) =>
    changeScheduled(db.pool, account.scope, { batchId, sendAt: later, ...to });
  const refused = { ok: false, fields: { text: expect.stringContaining('Nothing was changed.') } };
  expect(await change({ purpose: 'MARKETING' })).toMatchObject(refused);
  expect(await change({ purpose: 'MARKETING', text: 'Our sale is on' })).toMatchObject(refused);
  const read = async () =>
    (await db.pool.query('select text, purpose from message where account_id = $1', [account.id])).rows;
  expect(await read()).toEqual([{ text: 'Our spring sale', purpose: 'SERVICE' }]);
  expect(await change({ text: 'Our sale is on' })).toMatchObject({ ok: true, changed: 1 });
  expect(await change({ purpose: 'MARKETING', text: whole })).toMatchObject({ ok: true, changed: 1 });
  expect(await change({})).toMatchObject({ ok: true, changed: 1 });
  expect(await read()).toEqual([{ text: whole, purpose: 'MARKETING' }]);
});
