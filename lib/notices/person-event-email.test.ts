import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { personEvents, emailLater, type PersonEvent } from '@/lib/auth/person-events';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createUser, type TestAccount } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { createStaff } from '@/testing/removals';
import { sendEmailAgain } from './commands';
import { EmailRefusedError } from './outbox';
import { emailPersonEvent } from './person-event-email';

let db: TestDatabase;
let account: TestAccount;
let mail: MemoryMail;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
  mail = new MemoryMail();
});
afterAll(() => db.close());

const soon = () => new Date(Date.now() + 1000);
const at = new Date('2026-11-28T08:05:00Z');

const email = (userId: number, event: PersonEvent) =>
  withTransaction(db.pool, (client) =>
    emailLater(client, userId, event, at, { name: 'My <phone>', left: 3 }),
  );

test('each event is told to the person themselves, not to the owner of the account', async () => {
  for (const event of personEvents) {
    await email(account.userId, event);
  }
  await runDueJobs(db.pool, soon(), mail);
  expect(mail.taken).toHaveLength(personEvents.length);
  expect(new Set(mail.taken.map(({ to }) => to))).toEqual(new Set([`${account.username}@example.com`]));
  expect(new Set(mail.taken.map(({ subject }) => subject)).size).toBe(personEvents.length);
  for (const { text, html } of mail.taken) {
    expect(text).toContain(`for the username ${account.username}`);
    expect(text).toContain('28 November 2026');
    expect(text).toContain('10:05');
    expect(text).toContain('/account/security');
    expect(text + html).not.toContain('undefined');
    expect(html).not.toContain('<phone>');
  }
  const used = mail.taken.find(({ subject }) => subject === 'A recovery code was used to sign in');
  expect(used?.text).toContain('3 codes are left.');
});

test('tried again it is one e-mail', async () => {
  const happened = {
    userId: account.userId,
    event: 'app-added',
    details: {},
    at,
    eventKey: 'person:1',
  } as const;
  await Promise.all([emailPersonEvent(db.pool, happened), emailPersonEvent(db.pool, happened)]);
  await emailPersonEvent(db.pool, happened);
  await runDueJobs(db.pool, soon(), mail);
  expect(mail.taken).toHaveLength(1);
});

test('sent again by staff it goes to the person, not to the owner of the account', async () => {
  await email(account.userId, 'app-added');
  const refusing = new MemoryMail(() => {
    throw new EmailRefusedError('550 No such user');
  });
  await runDueJobs(db.pool, soon(), refusing);
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from email where account_id = $1 and state = 'FAILED'`,
    [account.id],
  );
  const key = { accountId: account.id, emailId: rows[0]?.id as string };
  expect(await sendEmailAgain(db.pool, await createStaff(db.pool), key)).toBe(true);
  await runDueJobs(db.pool, soon(), mail);
  expect(mail.taken.map(({ to }) => to)).toEqual([`${account.username}@example.com`]);
});

test('staff are told, too', async () => {
  const userId = await createUser(db.pool, { accountId: null, username: 'staff-to-tell' });
  await email(userId, 'passkey-added');
  await runDueJobs(db.pool, soon(), mail);
  expect(mail.taken).toMatchObject([{ to: 'staff-to-tell@example.com', subject: 'A passkey was added' }]);
  expect(mail.taken[0]?.text).toContain('/admin/account/security');
});

test('somebody who is gone is told nothing', async () => {
  const userId = await createUser(db.pool, { accountId: account.id });
  await email(userId, 'app-removed');
  await db.pool.query('delete from portal_user where id = $1', [userId]);
  await runDueJobs(db.pool, soon(), mail);
  expect(mail.taken).toEqual([]);
});
