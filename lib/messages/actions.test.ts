import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';

// Who is signed in is the gate's to say, and gates.test.ts tests it.
const signedIn = vi.hoisted((): { account: unknown } => ({ account: undefined }));
vi.mock('@/lib/auth/gates', () => ({ requireCustomer: async () => signedIn.account }));
const { sendMessages } = await import('./actions');

let db: TestDatabase;
let account: TestAccount;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool, { credits: 10 });
  signedIn.account = account;
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

function compose(fields: Record<string, string>): Parameters<typeof sendMessages>[0] {
  return { recipients: '', text: '', ...fields } as Parameters<typeof sendMessages>[0];
}

test('what was typed is sent, and the same form twice is sent once', async () => {
  const form = compose({
    recipients: `${nextMsisdn()}\n${nextMsisdn()}, nobody`,
    text: 'Our spring sale',
    idempotencyKey: randomUUID(),
  });
  const first = await sendMessages(form);
  expect(first).toMatchObject({ ok: true, queued: 2, invalid: 1, creditsLeft: 8 });
  expect(await sendMessages(form)).toEqual(first);
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(8));
});

test('what it is for is what was chosen, or the account’s default', async () => {
  const send = (fields: Record<string, string>) =>
    sendMessages(
      compose({ recipients: nextMsisdn(), text: 'hello', idempotencyKey: randomUUID(), ...fields }),
    );
  expect(await send({ purpose: 'MARKETING', waiting: 'wait' })).toMatchObject({ ok: true });
  expect(await send({})).toMatchObject({ ok: true });
  expect(await send({ purpose: 'NEWS' })).toMatchObject({ ok: false, reason: 'invalid' });
  const { rows } = await db.pool.query<{ purpose: string }>(
    'select purpose from message where account_id = $1 order by id',
    [account.id],
  );
  expect(rows.map(({ purpose }) => purpose)).toEqual(['MARKETING', 'SERVICE']);
});

test('marketing that would have to wait is sent when that was said, and until then nothing is', async () => {
  // at every hour of this day
  await db.pool.query(
    `update platform_setting set extra_holidays = array[now()::date - 1, now()::date, now()::date + 1]`,
  );
  const form = {
    recipients: nextMsisdn(),
    text: 'Our spring sale',
    idempotencyKey: randomUUID(),
    purpose: 'MARKETING',
  };
  const before = await readLedger(db.pool, account.id);
  const asked = await sendMessages(compose({ ...form, waiting: 'ask' }));
  expect(asked).toMatchObject({ ok: false, reason: 'would-wait', waiting: [{ messages: 1 }] });
  expect(await readLedger(db.pool, account.id)).toEqual(before);
  const sent = await sendMessages(compose({ ...form, waiting: 'wait' }));
  expect(sent).toMatchObject({ ok: true, queued: 1, waiting: 'waiting' in asked ? asked.waiting : null });
  // nobody is asked about service, nor who chose the next lawful hour
  const others = { ...form, waiting: 'ask', recipients: nextMsisdn() };
  const service = { ...others, purpose: 'SERVICE', idempotencyKey: randomUUID() };
  expect(await sendMessages(compose(service))).toMatchObject({ ok: true, waiting: [] });
  const lawful = { ...others, when: 'lawful', idempotencyKey: randomUUID() };
  expect(await sendMessages(compose(lawful))).toMatchObject({ ok: true, waiting: [] });
  await db.pool.query(`update platform_setting set extra_holidays = '{}'`);
});

test.each([
  ['no key', { recipients: '27821234567', text: 'hello' }],
  ['a key that is none', { recipients: '27821234567', text: 'hello', idempotencyKey: 'again' }],
])('a form with %s is refused in words', async (_, fields) => {
  expect(await sendMessages(compose(fields))).toMatchObject({
    ok: false,
    reason: 'invalid',
    message: expect.stringMatching(/Reload the page/),
  });
});

test('an empty form is refused in words', async () => {
  expect(await sendMessages(compose({ idempotencyKey: randomUUID() }))).toMatchObject({
    ok: false,
    reason: 'no-recipients',
  });
});

test('an account that is not set up for sending is told so; nothing inside is told', async () => {
  signedIn.account = await createAccount(db.pool, { credits: null });
  const form = { recipients: nextMsisdn(), text: 'hello' };
  expect(await sendMessages(compose({ ...form, idempotencyKey: randomUUID() }))).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^Your account is not set up for sending yet\./),
  });

  signedIn.account = account;
  await db.owner.query('alter table message_batch rename to elsewhere');
  const failed = await sendMessages(compose({ ...form, idempotencyKey: randomUUID() }));
  await db.owner.query('alter table elsewhere rename to message_batch');
  expect(failed).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^The message could not be sent just now\./),
  });
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(10));
});
