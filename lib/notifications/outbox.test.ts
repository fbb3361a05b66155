import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { createAccount, type TestAccount } from '@/lib/testing/factories';
import { withTransaction } from '@/lib/db/client';
import { markNoticesRead } from './commands';
import { sendDueEmails, type MailTransport, type OutgoingEmail } from './outbox';
import { countUnreadNotices, listEmails, listNotices, readEmail } from './queries';
import { tellAccounts } from './tell';
import { createFolderTransport } from './transport';

let db: TestDatabase;
let account: TestAccount;
const staff = mintStaffScope(1);

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.pool.query('update email set next_attempt_at = null');
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

let serial = 0;

function tell(eventKey = `event-${(serial += 1)}`, title = 'The number is no longer blocked'): Promise<void> {
  const news = {
    accountId: account.id,
    eventKey,
    title,
    text: ['First <b>paragraph</b>.', 'Second.'],
    path: '/removal-requests/1',
    action: 'See it',
  };
  return withTransaction(db.pool, (client) => tellAccounts(client, [news]));
}

/** A time by which everything in the outbox is due. */
const soon = () => new Date(Date.now() + 1000);

class MemoryTransport implements MailTransport {
  readonly taken: OutgoingEmail[] = [];
  constructor(private readonly answer: (email: OutgoingEmail) => void = () => undefined) {}

  async send(email: OutgoingEmail) {
    this.answer(email);
    this.taken.push(email);
    return { kept: null };
  }
}

async function listOwn() {
  const { rows } = await listEmails(db.pool, staff, null);
  return rows.filter(({ accountId }) => accountId === account.id);
}

test('an event is told once, in the portal and by e-mail, however often it is told', async () => {
  await Promise.all([tell('same'), tell('same'), tell('same')]);
  expect((await listNotices(db.pool, account.scope, null)).rows).toMatchObject([
    { title: 'The number is no longer blocked', readAt: null },
  ]);
  const transport = new MemoryTransport();
  await Promise.all([1, 2, 3].map(() => sendDueEmails(db.pool, transport, soon())));
  await tell('same');
  await sendDueEmails(db.pool, transport, soon());
  expect(transport.taken).toMatchObject([
    { to: `owner-${account.id}@example.com`, subject: 'The number is no longer blocked' },
  ]);
  expect(transport.taken[0]?.html).toContain('First &lt;b&gt;paragraph&lt;/b&gt;.');
  expect(transport.taken[0]?.text).toContain('/removal-requests/1');
  expect(await listOwn()).toMatchObject([{ state: 'SENT', attempts: 1 }]);
});

test('a mail server that is away: tried again later, given up in the end', async () => {
  await tell();
  const away = new MemoryTransport(() => {
    throw new Error('connect ECONNREFUSED');
  });
  let now = soon();
  await sendDueEmails(db.pool, away, now);
  expect(await listOwn()).toMatchObject([{ state: 'QUEUED', attempts: 1, reason: 'connect ECONNREFUSED' }]);
  expect(await sendDueEmails(db.pool, away, now)).toBe(0);
  for (let attempt = 2; attempt <= 10; attempt += 1) {
    now = new Date(now.getTime() + 6 * 3_600_000);
    expect(await sendDueEmails(db.pool, away, now)).toBe(1);
  }
  expect(await listOwn()).toMatchObject([{ state: 'FAILED', attempts: 10, nextAttemptAt: null }]);
});

test('what a dead worker had claimed is due again after its lease, with the same Message-ID', async () => {
  await tell();
  const now = soon();
  const ids: string[] = [];
  // It hands the e-mail over and dies: nothing of that is recorded.
  const dead = sendDueEmails(
    db.pool,
    {
      send: (email) => {
        ids.push(email.messageId);
        return new Promise(() => undefined);
      },
    },
    now,
  );
  void dead;
  await expect.poll(() => ids.length).toBe(1);
  const transport = new MemoryTransport();
  expect(await sendDueEmails(db.pool, transport, now)).toBe(0);
  expect(await sendDueEmails(db.pool, transport, new Date(now.getTime() + 300_000))).toBe(1);
  expect(transport.taken.map(({ messageId }) => messageId)).toEqual(ids);
});

test('without a mail server it is kept as a file that mail programs open', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'outbox-'));
  try {
    await tell(undefined, 'Zoë’s number');
    await sendDueEmails(db.pool, createFolderTransport(path.join(folder, 'outbox')), soon());
    const [email] = await listOwn();
    expect(email).toMatchObject({ state: 'KEPT', reason: expect.stringMatching(/\.eml$/) });
    const [file, ...others] = await readdir(path.join(folder, 'outbox'));
    expect([file, others]).toEqual([email?.reason, []]);
    const content = await readFile(path.join(folder, 'outbox', file as string), 'utf8');
    expect(content).toMatch(new RegExp(`^To: owner-${account.id}@example.com`, 'm'));
    expect(content).toContain('Content-Type: text/plain');
    expect(content).toContain('Content-Type: text/html');
    const detail = await readEmail(db.pool, staff, account.id, email?.id as string);
    expect(detail?.text).toContain('Second.');
    expect(await readEmail(db.pool, staff, account.id + 1, email?.id as string)).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('notices are read by their own account', async () => {
  await tell();
  await tell();
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
