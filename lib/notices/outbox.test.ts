import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { rescueJobs } from '@/lib/worker/runner';
import { createAccount, type TestAccount } from '@/testing/factories';
import { listJobs, lockJobs, runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { createStaff } from '@/testing/removals';
import { markNoticesRead, sendEmailAgain } from './commands';
import { EmailRefusedError, enqueueLostEmails, sendEmail } from './outbox';
import { countUnreadNotices, listEmails, listKeptEmails, listNotices, readEmail } from './queries';
import type { EmailRow, NewNotice } from './schema';
import { giveNotices } from './give-notices';
import { createFolderTransport } from './transport';

let db: TestDatabase;
let account: TestAccount;
const staff = mintStaffScope(1);

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.pool.query('delete from graphile_worker._private_jobs');
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

let serial = 0;

function composeNotice(
  eventKey = `event-${(serial += 1)}`,
  title = 'The number is no longer blocked',
): NewNotice {
  return {
    accountId: account.id,
    eventKey,
    title,
    text: ['First <b>paragraph</b>.', 'Second.'],
    path: '/removal-requests/1',
    action: 'See it',
  };
}

function give(eventKey?: string, title?: string): Promise<void> {
  return withTransaction(db.pool, (client) => giveNotices(client, [composeNotice(eventKey, title)]));
}

/** A time by which everything that is enqueued without one is due. */
const soon = () => new Date(Date.now() + 1000);
const hoursAfter = (time: Date, hours: number) => new Date(time.getTime() + hours * 3_600_000);

async function listOwn(): Promise<EmailRow[]> {
  const { rows } = await listEmails(db.pool, staff, null);
  return rows.filter(({ accountId }) => accountId === account.id);
}

const away = new MemoryMail(() => {
  throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ESOCKET' });
});

test('an event is told once, in the portal and by e-mail, however often it is told', async () => {
  await Promise.all([give('same'), give('same'), give('same')]);
  expect((await listNotices(db.pool, account.scope, null)).rows).toMatchObject([
    { title: 'The number is no longer blocked', readAt: null },
  ]);
  const transport = new MemoryMail();
  await runDueJobs(db.pool, soon(), transport);
  await give('same');
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken).toMatchObject([
    { to: `owner-${account.id}@example.com`, subject: 'The number is no longer blocked' },
  ]);
  expect(transport.taken[0]?.html).toContain('First &lt;b&gt;paragraph&lt;/b&gt;.');
  expect(transport.taken[0]?.text).toContain('/removal-requests/1');
  expect(await listOwn()).toMatchObject([{ state: 'SENT', attempts: 1 }]);
});

test('a notice of a transaction that is rolled back goes nowhere', async () => {
  const failing = withTransaction(db.pool, async (client) => {
    await giveNotices(client, [composeNotice()]);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await listOwn()).toEqual([]);
  expect(await listJobs(db.pool, 'send-email', account.id)).toEqual([]);
});

test('a mail server that is away: tried again when the outbox says so, given up after more than a day', async () => {
  await give();
  const begin = soon();
  let now = begin;
  for (let attempt = 1; attempt < 14; attempt += 1) {
    await runDueJobs(db.pool, now, away);
    await runDueJobs(db.pool, now, away);
    const [email] = await listOwn();
    expect(email).toMatchObject({ state: 'QUEUED', attempts: attempt, reason: 'connect ECONNREFUSED' });
    const [job] = await listJobs(db.pool, 'send-email', account.id);
    const dueAt = job?.runAt as Date;
    // they are reckoned in two places, from moments that lie a little apart
    const announced = new Date(email?.nextAttemptAt as string);
    expect(Math.abs(announced.getTime() - dueAt.getTime())).toBeLessThan(60_000);
    now = new Date(dueAt.getTime() + 1);
  }
  expect(now.getTime() - begin.getTime()).toBeGreaterThan(24 * 3_600_000);
  await runDueJobs(db.pool, now, away);
  expect(await listOwn()).toMatchObject([
    { state: 'FAILED', attempts: 14, nextAttemptAt: null, reason: 'connect ECONNREFUSED' },
  ]);
  expect(await listJobs(db.pool, 'send-email', account.id)).toEqual([]);
});

test('one that is away and comes back gets it once', async () => {
  await give();
  await runDueJobs(db.pool, soon(), away);
  const transport = new MemoryMail();
  await runDueJobs(db.pool, hoursAfter(soon(), 1), transport);
  expect(transport.taken).toHaveLength(1);
  expect(await listOwn()).toMatchObject([{ state: 'SENT', attempts: 2, reason: null, nextAttemptAt: null }]);
});

test('what is refused for good is not tried again', async () => {
  await give();
  const refusing = new MemoryMail(() => {
    throw new EmailRefusedError('550 No such user');
  });
  await runDueJobs(db.pool, soon(), refusing);
  expect(await listOwn()).toMatchObject([{ state: 'FAILED', attempts: 1, reason: '550 No such user' }]);
  expect(await listJobs(db.pool, 'send-email', account.id)).toEqual([]);
});

test('what has failed is sent again when staff say so, to the owner’s address of now, and that is audited', async () => {
  await give();
  const [email] = await listOwn();
  const key = { accountId: account.id, emailId: email?.id as string };
  const scope = await createStaff(db.pool);
  expect(await sendEmailAgain(db.pool, scope, key)).toBe(false);
  const refusing = new MemoryMail(() => {
    throw new EmailRefusedError('550 No such user');
  });
  await runDueJobs(db.pool, soon(), refusing);
  await db.pool.query(`update account set owner_email = 'new@example.com' where id = $1`, [account.id]);

  const stranger = await createAccount(db.pool);
  expect(await sendEmailAgain(db.pool, scope, { ...key, accountId: stranger.id })).toBe(false);
  const both = await Promise.all([1, 2].map(() => sendEmailAgain(db.pool, scope, key)));
  expect(both.sort()).toEqual([false, true]);
  const transport = new MemoryMail();
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken).toMatchObject([{ to: 'new@example.com' }]);
  expect(await listOwn()).toMatchObject([{ state: 'SENT', attempts: 1, reason: null }]);
  expect(await sendEmailAgain(db.pool, scope, key)).toBe(false);
  const { rows } = await db.pool.query(
    'select action, user_id from audit_entry where target_account_id = $1',
    [account.id],
  );
  expect(rows).toEqual([{ action: 'email.send-again', user_id: scope.userId }]);
});

test('a worker that dies after handing over: sent again, with the same Message-ID, told once in the portal', async () => {
  await give();
  const [email] = await listOwn();
  const ids: string[] = [];
  const dead = sendEmail(
    db.pool,
    {
      send: ({ messageId }) => {
        ids.push(messageId);
        return new Promise(() => undefined);
      },
    },
    account.scope,
    email?.id as string,
    soon(),
  );
  void dead;
  await expect.poll(() => ids.length).toBe(1);
  await lockJobs(db.pool, 'pool-that-was-killed', '1 minute');
  const transport = new MemoryMail();
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken).toEqual([]);
  await rescueJobs(db.pool);
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken.map(({ messageId }) => messageId)).toEqual(ids);
  expect(await listOwn()).toMatchObject([{ state: 'SENT', attempts: 2 }]);
  expect((await listNotices(db.pool, account.scope, null)).rows).toHaveLength(1);
});

test('a worker that dies after recording: the job finds it done', async () => {
  await give();
  const [email] = await listOwn();
  const transport = new MemoryMail();
  await sendEmail(db.pool, transport, account.scope, email?.id as string, soon());
  await lockJobs(db.pool, 'pool-that-was-killed', '1 minute');
  await rescueJobs(db.pool);
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken).toHaveLength(1);
  expect(await listJobs(db.pool, 'send-email', account.id)).toEqual([]);
});

test('one that has lost its job is found and sent', async () => {
  await give();
  await db.pool.query('delete from graphile_worker._private_jobs');
  const transport = new MemoryMail();
  await enqueueLostEmails(db.pool, soon());
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken).toEqual([]);
  await enqueueLostEmails(db.pool, hoursAfter(soon(), 1));
  await enqueueLostEmails(db.pool, hoursAfter(soon(), 1));
  await runDueJobs(db.pool, soon(), transport);
  expect(transport.taken).toHaveLength(1);
  expect(await listOwn()).toMatchObject([{ state: 'SENT' }]);
});

test('the job of another account sends nothing', async () => {
  await give();
  const [email] = await listOwn();
  const stranger = await createAccount(db.pool);
  const transport = new MemoryMail();
  await sendEmail(db.pool, transport, stranger.scope, email?.id as string, soon());
  expect(transport.taken).toEqual([]);
  await sendEmail(db.pool, transport, account.scope, email?.id as string, soon());
  expect(transport.taken).toHaveLength(1);
});

test('without a mail server it is kept as a file that mail programs open', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'outbox-'));
  try {
    await give(undefined, 'Zoë’s number');
    await runDueJobs(db.pool, soon(), createFolderTransport(path.join(folder, 'outbox')));
    const [email] = await listOwn();
    expect(email).toMatchObject({ state: 'KEPT', reason: expect.stringMatching(/\.eml$/) });
    const [file, ...others] = await readdir(path.join(folder, 'outbox'));
    const modes = await Promise.all(
      [path.join(folder, 'outbox'), path.join(folder, 'outbox', file as string)].map((kept) => stat(kept)),
    );
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '600']);
    expect([file, others]).toEqual([email?.reason, []]);
    const content = await readFile(path.join(folder, 'outbox', file as string), 'utf8');
    expect(content).toMatch(new RegExp(`^To: owner-${account.id}@example.com`, 'm'));
    expect(content).toContain('Content-Type: text/plain');
    expect(content).toContain('Content-Type: text/html');
    const detail = await readEmail(db.pool, staff, account.id, email?.id as string);
    expect(detail?.text).toContain('Second.');
    expect(await readEmail(db.pool, staff, account.id + 1, email?.id as string)).toBeNull();
    // and for whoever tries the demo out, by the address
    const kept = await listKeptEmails(db.pool, `Owner-${account.id}@example.com`);
    expect(kept).toMatchObject([{ subject: 'Zoë’s number', text: detail?.text }]);
    expect(await listKeptEmails(db.pool, null)).toContainEqual(kept[0]);
    expect(await listKeptEmails(db.pool, 'nobody@example.com')).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a folder and half a file that an earlier version left open are closed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'outbox-'));
  const outbox = path.join(folder, 'outbox');
  try {
    await give();
    const [email] = await listOwn();
    const day = new Date(email?.createdAt ?? '').toISOString().slice(0, 10);
    const name = `${day}-email-${account.id}-${email?.id}.eml`;
    await mkdir(outbox, { mode: 0o755 });
    await writeFile(path.join(outbox, `${name}.part`), 'half', { mode: 0o644 });
    await runDueJobs(db.pool, soon(), createFolderTransport(outbox));
    expect(await readdir(outbox)).toEqual([name]);
    expect(((await stat(outbox)).mode & 0o777).toString(8)).toBe('700');
    expect(((await stat(path.join(outbox, name))).mode & 0o777).toString(8)).toBe('600');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what went wrong within the program is not told to the page', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'outbox-'));
  try {
    await writeFile(path.join(folder, 'outbox'), 'a file where the folder should be');
    await give();
    await runDueJobs(db.pool, soon(), createFolderTransport(path.join(folder, 'outbox')));
    expect(await listOwn()).toMatchObject([
      { state: 'QUEUED', reason: expect.stringMatching(/^The file could not be written \(E[A-Z]+\)/) },
    ]);
    const broken = { send: () => Promise.reject(new TypeError('secret is not a function')) };
    await runDueJobs(db.pool, hoursAfter(soon(), 1), broken);
    expect(await listOwn()).toMatchObject([
      { reason: 'The e-mail could not be handed over. The worker’s log says why.' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('notices are read by their own account', async () => {
  await give();
  await give();
  const stranger = await createAccount(db.pool);
  const { rows } = await listNotices(db.pool, account.scope, null);
  const ids = rows.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(await countUnreadNotices(db.pool, account.scope)).toBe(2);
  expect(await countUnreadNotices(db.pool, stranger.scope)).toBe(0);
  expect(await markNoticesRead(db.pool, stranger.scope, ids)).toBe(0);
  expect(await markNoticesRead(db.pool, account.scope, ids.slice(0, 1))).toBe(1);
  expect(await countUnreadNotices(db.pool, account.scope)).toBe(1);
  expect(await markNoticesRead(db.pool, account.scope, 'all')).toBe(1);
  expect(await markNoticesRead(db.pool, account.scope, 'all')).toBe(0);
  expect((await listNotices(db.pool, stranger.scope, null)).rows).toEqual([]);
});
