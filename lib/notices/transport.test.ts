import { text } from 'node:stream/consumers';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { mintStaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, type TestAccount } from '@/testing/factories';
import { listJobs, runDueJobs } from '@/testing/jobs';
import { refuseEmail, startMailServer, type MailServer } from '@/testing/mail-server';
import { listEmails } from './queries';
import type { EmailRow } from './schema';
import { giveNotices } from './give-notices';
import { createSmtpTransport } from './transport';

let db: TestDatabase;
let account: TestAccount;
let server: MailServer | undefined;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterEach(async () => {
  await db.pool.query('delete from graphile_worker._private_jobs');
  await stopServer();
});
afterAll(() => db.close());

const sender = 'Client Zone <no-reply@client-zone.test>';

async function startServer(answers: SMTPServerOptions = {}): Promise<MailServer> {
  server = await startMailServer(answers);
  return server;
}

async function stopServer(): Promise<void> {
  await server?.stop();
  server = undefined;
}

async function give(title = 'Zoë’s number is no longer blocked'): Promise<void> {
  const notice = {
    accountId: account.id,
    eventKey: title,
    title,
    text: ['You can send to Zoë & friends <again>.', `${'A long line of many words, '.repeat(20)}the end.`],
    path: '/removal-requests/1',
    action: 'See the removal request',
  };
  await withTransaction(db.pool, (client) => giveNotices(client, [notice]));
}

/** A time by which everything that waits is due: also what was put off after its first attempts. */
const inAnHour = () => new Date(Date.now() + 3_600_000);

async function readOwn(): Promise<EmailRow | undefined> {
  const { rows } = await listEmails(db.pool, mintStaffScope(1), null);
  return rows.find(({ accountId }) => accountId === account.id);
}

function countJobs(): Promise<number> {
  return listJobs(db.pool, 'send-email', account.id).then((jobs) => jobs.length);
}

test('an e-mail over SMTP: sender, recipient, subject, and the same words as text and as HTML', async () => {
  const { url, received } = await startServer();
  await give();
  await runDueJobs(db.pool, inAnHour(), createSmtpTransport(url, sender));
  expect(await readOwn()).toMatchObject({ state: 'SENT', attempts: 1, reason: null });

  const to = `owner-${account.id}@example.com`;
  expect(received).toMatchObject([{ from: 'no-reply@client-zone.test', to: [to] }]);
  const message = readMessage(received[0]?.source ?? '');
  expect(message.headers).toMatchObject({
    from: sender,
    to,
    subject: 'Zoë’s number is no longer blocked',
    'auto-submitted': 'auto-generated',
    'message-id': expect.stringMatching(new RegExp(`^<email-${account.id}-\\d+@`)),
  });
  expect(Object.keys(message.parts)).toEqual(['text/plain; charset=utf-8', 'text/html; charset=utf-8']);
  const [plain = '', html = ''] = Object.values(message.parts);
  expect(plain).toContain('You can send to Zoë & friends <again>.');
  expect(plain).toContain('many words, the end.');
  expect(plain).toContain('/removal-requests/1');
  expect(html).toContain('You can send to Zoë &amp; friends &lt;again&gt;.');
  expect(html).toMatch(/<a href="[^"]+\/removal-requests\/1"/);
});

test('a title with line breaks, as of a file that somebody called so, adds no header to an e-mail', async () => {
  const { url, received } = await startServer();
  await give('The list “a\r\nBcc: other@example.com\r\n\r\nx” is imported');
  await runDueJobs(db.pool, inAnHour(), createSmtpTransport(url, sender));
  const source = received[0]?.source ?? '';
  expect(received).toMatchObject([{ to: [`owner-${account.id}@example.com`] }]);
  expect(source.split(/\r?\n\r?\n/)[0]).not.toMatch(/^Bcc:/im);
  expect(readMessage(source).headers).toMatchObject({
    subject: expect.stringMatching(/^The list “a Bcc: other@example.com +x” is imported$/) as string,
  });
});

test('“try again later”, to the recipient or to the content: it does, and the e-mail arrives once', async () => {
  let greylisted = 0;
  let full = 0;
  const { url, received } = await startServer({
    onRcptTo: (_address, _session, done) => {
      greylisted += 1;
      done(greylisted === 1 ? refuseEmail(451, 'Greylisted') : null);
    },
    onData: (stream, _session, done) => {
      void text(stream).then((source) => {
        full += 1;
        if (full === 1) return done(refuseEmail(452, 'Mailbox full'));
        received.push({ from: '', to: [], source });
        done();
      });
    },
  });
  const mail = createSmtpTransport(url, sender);
  await give();
  const reasons: unknown[] = [];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const [job] = await listJobs(db.pool, 'send-email', account.id);
    await runDueJobs(db.pool, new Date((job as { runAt: Date }).runAt.getTime() + 1), mail);
    reasons.push((await readOwn())?.reason);
  }
  expect(reasons).toEqual([
    expect.stringContaining('451 Greylisted'),
    expect.stringContaining('452 Mailbox full'),
    null,
  ]);
  expect(await readOwn()).toMatchObject({ state: 'SENT', attempts: 3 });
  expect(received).toHaveLength(1);
  expect(await countJobs()).toBe(0);
});

test.each([
  [
    'the recipient',
    { onRcptTo: (_a, _s, done) => done(refuseEmail(550, 'No such user here')) },
    /550 No such user/,
  ],
  [
    'the content',
    {
      onData: (stream, _s, done) => {
        void text(stream).then(() => done(refuseEmail(554, 'Looks like spam')));
      },
    },
    /554 Looks like spam/,
  ],
] satisfies [string, SMTPServerOptions, RegExp][])(
  'refused for good, %s: failed at once, with the server’s words',
  async (_what, answers, reason) => {
    const { url } = await startServer(answers);
    await give();
    await runDueJobs(db.pool, inAnHour(), createSmtpTransport(url, sender));
    expect(await readOwn()).toMatchObject({
      state: 'FAILED',
      attempts: 1,
      reason: expect.stringMatching(reason),
      nextAttemptAt: null,
    });
    expect(await countJobs()).toBe(0);
  },
);

test.each([
  [
    'the sender',
    { onMailFrom: (_a, _s, done) => done(refuseEmail(553, 'Sender not allowed')) },
    '',
    /553 Sender not/,
  ],
  [
    'the sign-in',
    { onAuth: (_auth, _s, done) => done(refuseEmail(535, 'Wrong password')) },
    'user:wrong@',
    /535/,
  ],
] satisfies [string, SMTPServerOptions, string, RegExp][])(
  'a mistake in our settings, %s: the e-mail waits until it is put right',
  async (_what, answers, credentials, reason) => {
    const { url } = await startServer(answers);
    await give();
    const mistaken = createSmtpTransport(url.replace('://', `://${credentials}`), sender);
    await runDueJobs(db.pool, new Date(Date.now() + 1000), mistaken);
    expect(await readOwn()).toMatchObject({ state: 'QUEUED', reason: expect.stringMatching(reason) });
    await stopServer();

    const { url: better, received } = await startServer();
    await runDueJobs(db.pool, inAnHour(), createSmtpTransport(better, sender));
    expect(received).toHaveLength(1);
    expect(await readOwn()).toMatchObject({ state: 'SENT', attempts: 2 });
  },
);

test('nobody there: it waits', async () => {
  const { url } = await startServer();
  await stopServer();
  await give();
  await runDueJobs(db.pool, new Date(Date.now() + 1000), createSmtpTransport(url, sender));
  expect(await readOwn()).toMatchObject({
    state: 'QUEUED',
    attempts: 1,
    reason: expect.stringContaining('ECONNREFUSED'),
  });
  expect(await countJobs()).toBe(1);
});

/** What a mail program makes of a message of several parts, as far as these tests need it. */
function readMessage(source: string): { headers: Record<string, string>; parts: Record<string, string> } {
  const boundary = /boundary="([^"]+)"/.exec(source)?.[1] as string;
  const [head = '', ...rest] = source.split(`--${boundary}`);
  const parts = rest.slice(0, -1).map((part) => {
    const { headers, body } = splitHead(part.replace(/^\r\n/, ''));
    const encoding = headers['content-transfer-encoding'];
    return [headers['content-type'] as string, decode(body, encoding)] as const;
  });
  return { headers: splitHead(head).headers, parts: Object.fromEntries(parts) };
}

function splitHead(source: string): { headers: Record<string, string>; body: string } {
  const end = source.indexOf('\r\n\r\n');
  const lines = source
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), decodeWords(value)] as const;
  });
  return { headers: Object.fromEntries(headers), body: source.slice(end + 4) };
}

/** RFC 2047: "=?UTF-8?Q?Zo=C3=AB?=". */
function decodeWords(value: string): string {
  return value
    .replaceAll(/\?= =\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString()
        : decode(word.replaceAll('_', ' '), 'quoted-printable'),
    );
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
