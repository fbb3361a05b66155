import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { getPlaces } from '@/lib/http/shares';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { createReceiptIntake } from '@/lib/messages/receipt-intake';
import { createReplyIntake } from '@/lib/replies/intake';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createWatchedPool } from '@/testing/watched-pool';
import { createCarrierListener, maxHeadBytes } from '../listener';
import { composeBoxSms, type BoxSmsParts } from '@/testing/box-sms';
import { composeReceiptUrl, composeReplyUrl } from './addresses';
import { BoxReader } from './box-messages';
import { answerKannel, takeFromBox } from './door';
import { signReceipt } from './signatures';

const carrier = 'mtn-1';
const origin = 'http://127.0.0.1:3001';

let db: TestDatabase;
let listener: ReturnType<typeof createCarrierListener>;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into carrier (name, kind, rate_per_second, window_size, address, username, sealed_password, created_at)
     values ($1, 'KANNEL', 100, 10, 'http://127.0.0.1:13013/cgi-bin/sendsms', 'zone', 'sealed', now())`,
    [carrier],
  );
  listener = createCarrierListener(db.pool);
});
afterAll(async () => {
  await listener.close();
  await db.close();
});

/** What Kannel makes of an address: the user before the host as a header, and each escape filled in. */
function call(address: string, values: Record<string, string>) {
  const [, user = '', rest = ''] = /^http:\/\/([^@]*)@[^/]*(.*)$/.exec(address) ?? [];
  const url = rest.replace(/%[A-Za-z]/g, (escape) => values[escape] ?? '');
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
}

let serial = 0;

function callWithReply(to: string, text: string, values: Record<string, string> = {}) {
  return call(composeReplyUrl({ listener: origin, carrier, secret: env.CARRIER_SECRET }), {
    '%I': `mo-${(serial += 1)}`,
    '%p': nextMsisdn(),
    '%P': to,
    '%b': text,
    '%c': '0',
    '%C': 'UTF-8',
    '%T': String(Math.floor(Date.now() / 1000)),
    '%i': 'FAKE',
    ...values,
  });
}

function callWithReceipt(
  message: { accountId: number; id: string },
  status: number | string,
  answer = '',
  networkId = '',
) {
  return call(composeReceiptUrl({ listener: origin, carrier, message }), {
    '%d': String(status),
    '%A': answer,
    '%F': networkId,
    '%T': String(Math.floor(Date.now() / 1000)),
  });
}

const ask = (given: ReturnType<typeof call>) => listener.inject({ method: 'GET', ...given });

async function createSent(account: TestAccount): Promise<{ accountId: number; id: string; msisdn: string }> {
  const msisdn = nextMsisdn();
  await queueMessages(db.pool, account, [msisdn]);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
  await recordHandover(db.pool, messages, [
    { status: 'sent', carrierMessageId: `network-${messages[0]?.id}` },
  ]);
  return { accountId: account.id, id: messages[0]?.id ?? '', msisdn };
}

async function readMessage({ accountId, id }: { accountId: number; id: string }) {
  const { rows } = await db.pool.query<{ status: string; reason: string | null }>(
    'select status, reason from message where account_id = $1 and id = $2',
    [accountId, id],
  );
  return rows[0];
}

async function listReplies(account: TestAccount) {
  const { rows } = await db.pool.query<{
    text: string;
    verdict: string;
    rule: string | null;
    raw: Buffer | null;
  }>('select text, verdict, rule, raw from reply where account_id = $1 order by id', [account.id]);
  return rows;
}

async function countOptOuts(account: TestAccount): Promise<number> {
  return (await db.pool.query('select from opt_out where account_id = $1', [account.id])).rows.length;
}

async function listUnowned(carrierMessageId: string) {
  const { rows } = await db.pool.query<{ msisdn: string; text: string; state: string; rule: string | null }>(
    'select msisdn, text, state, rule from unowned_reply where carrier_message_id = $1 order by id',
    [carrierMessageId],
  );
  return rows;
}

describe('replies', () => {
  test('a "Stop" blocks, and the answer is empty plain text', async () => {
    const account = await createAccount(db.pool);
    const answer = await ask(callWithReply(account.senderNumber ?? '', 'Stop'));
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(await countOptOuts(account)).toBe(1);
    expect(await listReplies(account)).toEqual([
      { text: 'Stop', verdict: 'OPT_OUT', rule: 'exact:stop', raw: null },
    ]);
  });

  test('the same once more is taken and changes nothing; the id with another text is another reply', async () => {
    const account = await createAccount(db.pool);
    const values = { '%I': 'counter-1', '%p': nextMsisdn() };
    const to = account.senderNumber ?? '';
    for (const text of ['Hi', 'Hi', 'Stop', 'Stop', 'Hi']) {
      expect((await ask(callWithReply(to, text, values))).statusCode).toBe(200);
    }
    expect((await listReplies(account)).map(({ text }) => text)).toEqual(['Hi', 'Stop']);
    expect(await countOptOuts(account)).toBe(1);
  });

  test('a text of 255 parts goes in whole, and its bytes are kept where it is no UTF-8', async () => {
    const account = await createAccount(db.pool);
    const long = '🛑'.repeat(8_500);
    const to = account.senderNumber ?? '';
    expect((await ask(callWithReply(to, encodeURIComponent(long)))).statusCode).toBe(200);
    expect((await ask(callWithReply(to, 'caf%E9'))).statusCode).toBe(200);
    expect(await listReplies(account)).toMatchObject([
      { text: long, raw: null },
      { text: 'café', raw: Buffer.from('caf\xe9', 'latin1') },
    ]);
  });

  test.each([
    ['a wish in it waits for a person', 'Stop', { verdict: 'REVIEW', rule: 'review:lone-part' }],
    ['so does one that is not certain', 'stop it already', { verdict: 'REVIEW', rule: 'review:lone-part' }],
    ['what has no wish in it says what it is', 'and then we', { verdict: 'NONE', rule: 'lone-part' }],
  ])('a part alone: %s', async (_, text, reading) => {
    const account = await createAccount(db.pool);
    const given = callWithReply(account.senderNumber ?? '', encodeURIComponent(text), {
      '%u': '%05%00%03%2A%02%01',
    });
    expect((await ask(given)).statusCode).toBe(200);
    expect(await listReplies(account)).toMatchObject([reading]);
    expect(await countOptOuts(account)).toBe(0);
  });

  test('a part of nobody’s waits for the staff as what may be a wish', async () => {
    const given = callWithReply('99999', 'Stop', { '%I': 'lone-unowned', '%u': '%05%00%03%2A%02%01' });
    expect((await ask(given)).statusCode).toBe(200);
    expect(await listUnowned('lone-unowned')).toMatchObject([{ state: 'UNSURE', rule: 'review:lone-part' }]);
  });

  test('what is not whole is kept, and the staff see it', async () => {
    const account = await createAccount(db.pool);
    const to = account.senderNumber ?? '';
    expect((await ask(callWithReply(to, 'Stop', { '%p': '' }))).statusCode).toBe(200);
    expect((await ask(callWithReply('', 'Stop', { '%I': 'without-receiver' }))).statusCode).toBe(200);
    expect((await ask(callWithReply(to, 'Stop', { '%I': '' }))).statusCode).toBe(200);
    expect(await listReplies(account)).toMatchObject([
      { text: 'Stop', verdict: 'OPT_OUT' },
      { text: 'Stop', verdict: 'OPT_OUT' },
    ]);
    // of somebody who cannot be written to: nothing to block
    expect(await countOptOuts(account)).toBe(1);
    expect(await listUnowned('without-receiver')).toMatchObject([{ text: 'Stop', state: 'WAITING' }]);
  });
});

describe('receipts', () => {
  test('each mask, before and after "sent", twice and late', async () => {
    const account = await createAccount(db.pool);
    const message = await createSent(account);
    const seen: (string | undefined)[] = [];
    for (const status of [8, 4, 16, 2, 1, 1, 16, 8]) {
      expect((await ask(callWithReceipt(message, status))).statusCode).toBe(200);
      seen.push((await readMessage(message))?.status);
    }
    expect(seen).toEqual(['SENT', 'SENT', 'FAILED', 'FAILED', ...Array<string>(4).fill('DELIVERED')]);
  });

  test('a thousand at once are recorded in a handful of statements', async () => {
    const account = await createAccount(db.pool, { credits: 1000 });
    await queueMessages(db.pool, account, Array.from({ length: 1000 }, nextMsisdn));
    const { messages } = await claimBatch(db.pool, account.id, { limit: 1000, leaseMs: 60_000 });
    // "sent" has not been recorded yet
    const names: string[] = [];
    const rewrite = (name: string, text: string) => {
      names.push(name);
      return text;
    };
    const pool = createWatchedPool(db.url, { rewrite });
    const tools = { pool, replies: createReplyIntake(pool), receipts: createReceiptIntake(pool) };
    const answers = await Promise.all(
      messages.map(({ accountId, id }) => {
        const { url, headers } = callWithReceipt({ accountId, id }, 1);
        return answerKannel(tools, {
          kind: 'receipt',
          carrier,
          address: null,
          query: url.split('?')[1] ?? '',
          ...headers,
        });
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await pool.end();
    const batch = ['lock-receipted-messages', 'record-receipts'];
    expect(names).toEqual(['read-carriers', ...batch, ...batch]);
    const { rows } = await db.pool.query('select distinct status from message where account_id = $1', [
      account.id,
    ]);
    expect(rows).toEqual([{ status: 'DELIVERED' }]);
  });

  test.each([
    ['a status that Kannel has not got', 3],
    ['an escape that was not filled in', '%25d'],
    ['nothing', ''],
  ])('with %s it is passed over, and not asked for again', async (_, status) => {
    const message = await createSent(await createAccount(db.pool));
    expect((await ask(callWithReceipt(message, status))).statusCode).toBe(200);
    expect(await readMessage(message)).toMatchObject({ status: 'SENT' });
  });

  test('of a message that is gone, or was never sent, it is taken and changes nothing', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { rows } = await db.pool.query<{ id: string }>('select id from message where account_id = $1', [
      account.id,
    ]);
    const queued = { accountId: account.id, id: rows[0]?.id ?? '' };
    expect((await ask(callWithReceipt(queued, 1))).statusCode).toBe(200);
    expect((await ask(callWithReceipt({ accountId: account.id, id: '999999999999' }, 1))).statusCode).toBe(
      200,
    );
    expect(await readMessage(queued)).toMatchObject({ status: 'QUEUED' });
  });

  test('one that came as a text is recorded as one, whoever it seems to be from', async () => {
    const account = await createAccount(db.pool);
    const message = await createSent(account);
    expect((await ask(callWithReceipt(message, 8, 'ACK%2F', '7F3A'))).statusCode).toBe(200);
    const text =
      'id:32570+sub:001+dlvrd:000+submit+date:2611290930+done+date:2611290931+stat:UNDELIV+err:011+text:Stop';
    const given = callWithReply(account.senderNumber ?? '', text, { '%p': message.msisdn });
    expect((await ask(given)).statusCode).toBe(200);
    expect(await readMessage(message)).toEqual({
      status: 'FAILED',
      reason: 'It could not be delivered. The network’s error: 011.',
    });
    expect(await listReplies(account)).toEqual([]);
  });

  test('one that came as a text of no message that is known is kept for the staff, as nobody’s', async () => {
    const account = await createAccount(db.pool);
    const given = callWithReply(account.senderNumber ?? '', 'id:77+sub:001+stat:DELIVRD+text:stop', {
      '%I': 'text-receipt',
    });
    for (let time = 0; time < 2; time++) expect((await ask(given)).statusCode).toBe(200);
    expect(await listReplies(account)).toEqual([]);
    expect(await countOptOuts(account)).toBe(0);
    expect(await listUnowned('text-receipt')).toMatchObject([{ state: 'KEPT', rule: 'receipt' }]);
  });
});

describe('who may call', () => {
  const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` });

  test.each([
    ['nothing', {}],
    ['another password', basic('kannel:wrong')],
    ['the password without its last character', 'shortened' as const],
    ['the signature of a receipt', 'receipt' as const],
  ])('with %s a reply is refused and not recorded', async (_, headers) => {
    const account = await createAccount(db.pool);
    const given = callWithReply(account.senderNumber ?? '', 'Stop');
    const own = Buffer.from(given.headers.authorization.slice(6), 'base64').toString();
    const { reference, signature } = signReceipt(carrier, { accountId: account.id, id: '1' });
    const shown =
      headers === 'shortened'
        ? basic(own.slice(0, -1))
        : headers === 'receipt'
          ? basic(`${reference}:${signature}`)
          : headers;
    const answer = await listener.inject({ method: 'GET', url: given.url, headers: { ...shown } });
    expect([answer.statusCode, answer.body]).toEqual([401, '']);
    expect(await listReplies(account)).toEqual([]);
  });

  test('the secret that every carrier may show is as good as its own password', async () => {
    const account = await createAccount(db.pool);
    const { url } = callWithReply(account.senderNumber ?? '', 'hello');
    const headers = { authorization: `Bearer ${env.CARRIER_SECRET}` };
    expect((await listener.inject({ method: 'GET', url, headers })).statusCode).toBe(200);
    expect(await listReplies(account)).toHaveLength(1);
  });

  test.each([
    ['altered: another message', (reference: string, signature: string) => `${reference}1:${signature}`],
    [
      'altered: another signature',
      (reference: string, signature: string) => `${reference}:${signature.slice(1)}x`,
    ],
    ['without a signature', (reference: string) => `${reference}:`],
    ['with the secret of the replies', (reference: string) => `${reference}:${env.CARRIER_SECRET}`],
  ])('a receipt %s is refused', async (_, alter) => {
    const message = await createSent(await createAccount(db.pool));
    const { reference, signature } = signReceipt(carrier, message);
    const { url } = callWithReceipt(message, 1);
    const answer = await listener.inject({ method: 'GET', url, headers: basic(alter(reference, signature)) });
    expect(answer.statusCode).toBe(401);
    expect(await readMessage(message)).toMatchObject({ status: 'SENT' });
  });

  test('a receipt of another carrier is refused at this one’s door, and this one’s at the other’s', async () => {
    const message = await createSent(await createAccount(db.pool));
    const other = signReceipt('other', message);
    const { url, headers } = callWithReceipt(message, 1);
    const shown = basic(`${other.reference}:${other.signature}`);
    expect((await listener.inject({ method: 'GET', url, headers: shown })).statusCode).toBe(401);
    const elsewhere = url.replace('/carrier/mtn-1/', '/carrier/other/');
    expect((await listener.inject({ method: 'GET', url: elsewhere, headers })).statusCode).toBe(401);
    // in use nowhere, whoever signed it
    expect((await listener.inject({ method: 'GET', url: elsewhere, headers: shown })).statusCode).toBe(404);
    expect(await readMessage(message)).toMatchObject({ status: 'SENT' });
  });

  test('a receipt that is shown again changes nothing more', async () => {
    const message = await createSent(await createAccount(db.pool));
    const given = callWithReceipt(message, 1);
    await ask(given);
    const first = await readMessage(message);
    for (const status of ['1', '2', '16']) {
      expect(
        (await ask({ ...given, url: given.url.replace('status=1', `status=${status}`) })).statusCode,
      ).toBe(200);
    }
    expect(await readMessage(message)).toEqual(first);
  });
});

describe('what Kannel does not send', () => {
  let port: number;
  beforeAll(async () => {
    await listener.listen({ host: '127.0.0.1', port: 0 });
    port = (listener.server.address() as AddressInfo).port;
  });

  async function talk(head: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.write(head);
    return readAll(socket);
  }

  test('a query of 2 MB is refused, and the connection ends', async () => {
    const answer = await talk(
      `GET /carrier/mtn-1/kannel/reply?text=${'x'.repeat(2_000_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(2_000_000).toBeGreaterThan(maxHeadBytes);
  });

  test('a body is refused before it is there, and the connection ends when none comes', async () => {
    const { url, headers } = callWithReply('30123', 'Stop');
    const answer = await talk(
      `GET ${url} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${headers.authorization}\r\ncontent-length: 2000000\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each(['POST', 'HEAD', 'PUT'] as const)('%s is no way to hand over a reply', async (method) => {
    const account = await createAccount(db.pool);
    const { url, headers } = callWithReply(account.senderNumber ?? '', 'Stop');
    const answer = await listener.inject({ method, url, headers });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(await listReplies(account)).toEqual([]);
  });
});

describe('when it cannot be recorded', () => {
  test('Kannel is told to send it again, and then it is there once', async () => {
    const account = await createAccount(db.pool);
    const { url, headers } = callWithReply(account.senderNumber ?? '', 'Stop');
    const request = {
      kind: 'reply',
      carrier,
      address: null,
      query: url.split('?')[1] ?? '',
      ...headers,
    } as const;
    const away = {
      connect: () => Promise.reject(new Error('away')),
      query: () => Promise.reject(new Error('away')),
    };
    const failing = away as unknown as typeof db.pool;
    const tools = {
      pool: db.pool,
      replies: createReplyIntake(failing),
      receipts: createReceiptIntake(failing),
    };
    expect(await answerKannel(tools, request)).toMatchObject({ status: 503 });
    const receipt = callWithReceipt({ accountId: account.id, id: '1' }, 1);
    expect(
      await answerKannel(tools, { ...request, ...receipt.headers, kind: 'receipt', query: 'status=1' }),
    ).toMatchObject({
      status: 503,
    });
    expect((await ask({ url, headers })).statusCode).toBe(200);
    expect(await listReplies(account)).toHaveLength(1);
  });

  test('so it is while too many wait', async () => {
    const places = getPlaces('carrier-request');
    const held = await Promise.all(
      Array.from({ length: places.rules.places }, () => places.acquire({ account: null, address: null })),
    );
    const account = await createAccount(db.pool);
    const given = callWithReply(account.senderNumber ?? '', 'Stop');
    try {
      expect((await ask(given)).statusCode).toBe(503);
    } finally {
      for (const place of held) if (place.ok) place.release();
    }
    expect((await ask(given)).statusCode).toBe(200);
  });
});

describe('from bearerbox itself', () => {
  const read = (parts: Omit<BoxSmsParts, 'id'>) => {
    const [message] = new BoxReader().read(composeBoxSms({ id: `box-${(serial += 1)}`, ...parts }));
    if (message?.kind !== 'sms') throw new Error('It is no SMS.');
    return message.sms;
  };
  const makeTools = (pool = db.pool) => ({
    pool,
    replies: createReplyIntake(pool),
    receipts: createReceiptIntake(pool),
  });
  const take = (parts: Omit<BoxSmsParts, 'id'>) => takeFromBox(makeTools(), carrier, read(parts));
  const receiptOf = (message: { accountId: number; id: string }, status: number, from = carrier) => ({
    receipt: { status, url: composeReceiptUrl({ listener: origin, carrier: from, message }) },
  });

  test('a "Stop" blocks once, however often it is handed over', async () => {
    const account = await createAccount(db.pool);
    const sms = read({ sender: nextMsisdn(), receiver: account.senderNumber as string, text: 'Stop' });
    await Promise.all([1, 2].map(() => takeFromBox(makeTools(), carrier, sms)));
    expect(await listReplies(account)).toMatchObject([{ text: 'Stop', verdict: 'OPT_OUT', raw: null }]);
    expect(await countOptOuts(account)).toBe(1);
  });

  test('UCS-2 that is none, and a part alone, are kept as they came', async () => {
    const account = await createAccount(db.pool);
    const to = { sender: nextMsisdn(), receiver: account.senderNumber as string };
    await take({ ...to, coding: 2, text: Buffer.from([0xd8, 0x3d, 0x00]) });
    await take({ ...to, coding: 2, text: Buffer.from([0xd8, 0x3d]) });
    await take({ ...to, header: Buffer.from('0500031f0201', 'hex'), text: 'Stop' });
    expect(await listReplies(account)).toMatchObject([
      { raw: Buffer.from([0xd8, 0x3d, 0x00]) },
      { raw: Buffer.from([0xd8, 0x3d]), text: '\uFFFD' },
      { raw: null, rule: 'review:lone-part', verdict: 'REVIEW' },
    ]);
  });

  test('a reply without anything is kept for the staff', async () => {
    const sms = read({});
    await takeFromBox(makeTools(), carrier, sms);
    expect(await listUnowned(sms.id)).toMatchObject([{ msisdn: 'unknown', text: '' }]);
  });

  test('a receipt is recorded for the message that its address names', async () => {
    const message = await createSent(await createAccount(db.pool));
    await take({ ...receiptOf(message, 1), text: 'id:1 stat:DELIVRD err:000', networkId: 'abc' });
    expect(await readMessage(message)).toMatchObject({ status: 'DELIVERED' });
  });

  test('a receipt without our signature, of another carrier, or with a status that there is not, changes nothing', async () => {
    const message = await createSent(await createAccount(db.pool));
    const other = await createSent(await createAccount(db.pool));
    await db.pool.query(`update message set carrier = $1 where id = $2`, [carrier, message.id]);
    const { url } = receiptOf(message, 1).receipt;
    const otherReference = new URL(receiptOf(other, 1).receipt.url).username;
    await take({ receipt: { status: 1, url: url.replace(/\/\/[^:]+:/, `//${otherReference}:`) } });
    await take({ receipt: { status: 1, url: 'http://a:b@127.0.0.1/elsewhere' } });
    await take({ receipt: { status: 3, url } });
    await take(receiptOf(message, 1, 'another'));
    expect([await readMessage(message), await readMessage(other)]).toMatchObject([
      { status: 'SENT' },
      { status: 'SENT' },
    ]);
    // The same, as it was given out.
    await take({ receipt: { status: 1, url } });
    expect(await readMessage(message)).toMatchObject({ status: 'DELIVERED' });
  });

  test('what cannot be recorded is not said to be', async () => {
    const away = { connect: () => Promise.reject(new Error('away')) } as unknown as typeof db.pool;
    const account = await createAccount(db.pool);
    const sms = read({ sender: nextMsisdn(), receiver: account.senderNumber as string, text: 'Stop' });
    await expect(takeFromBox(makeTools(away), carrier, sms)).rejects.toThrow('away');
    expect(await listReplies(account)).toEqual([]);
  });
});
