import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { env } from '@/lib/env';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { createReceiptIntake } from '@/lib/messages/receipt-intake';
import { createReplyIntake, type ReplyIntake } from '@/lib/replies/intake';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { getPlaces } from '@/lib/http/shares';
import { createWatchedPool } from '@/testing/watched-pool';
import { answerCarrier, type CarrierAnswer, type CarrierRequest } from './door';

let db: TestDatabase;
let intake: ReplyIntake;

beforeAll(async () => {
  db = await createTestDatabase();
  intake = createReplyIntake(db.pool);
});
afterAll(() => db.close());

const bearer = `Bearer ${env.CARRIER_SECRET}`;

function request(body: string | Buffer, changes: Partial<CarrierRequest> = {}): CarrierRequest {
  return {
    kind: 'reply',
    carrier: 'simulator',
    address: null,
    authorization: bearer,
    contentType: 'application/json',
    readBody: async () => Buffer.from(body),
    ...changes,
  };
}

function ask(body: string | Buffer, changes: Partial<CarrierRequest> = {}): Promise<CarrierAnswer> {
  return answerCarrier(
    { pool: db.pool, replies: intake, receipts: createReceiptIntake(db.pool) },
    request(body, changes),
  );
}

function composeBody(account: TestAccount, text: string, id: string = `mo-${nextMsisdn()}`): string {
  return JSON.stringify({ id, from: nextMsisdn(), to: account.senderNumber, text });
}

async function countReplies(account: TestAccount): Promise<number> {
  const { rows } = await db.pool.query('select from reply where account_id = $1', [account.id]);
  return rows.length;
}

describe('a "Stop" finds its account however the carrier writes the sender number', () => {
  async function countOptOuts(account: TestAccount): Promise<number> {
    const { rows } = await db.pool.query('select from opt_out where account_id = $1', [account.id]);
    return rows.length;
  }

  test.each([
    ['+27(0)', ''],
    ['0027', ''],
    ['+27 ', ' '],
    ['0', ' '],
    ['', ''],
  ])('a dedicated long code written %j and the rest', async (start, gap) => {
    const account = await createAccount(db.pool);
    const national = (account.senderNumber as string).slice(2);
    const to = `${start}${national.slice(0, 2)}${gap}${national.slice(2)}`;
    const body = JSON.stringify({ id: 'mo-1', from: nextMsisdn(), to, text: 'Stop' });
    expect(await ask(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await countOptOuts(account)).toBe(1);
  });

  test.each(['27 31023', '031023', '+2731023', '31023'])('a shared short code written %j', async (to) => {
    await db.pool.query(
      `insert into sender_number (number, kind) values ('31023', 'SHORT_CODE') on conflict do nothing`,
    );
    const account = await createAccount(db.pool, { sender: 'shared' });
    const msisdn = nextMsisdn();
    await queueMessages(db.pool, account, [msisdn]);
    const { rows } = await db.pool.query<{ sender_number: string }>(
      'select sender_number from conversation where account_id = $1',
      [account.id],
    );
    expect(rows).toEqual([{ sender_number: '31023' }]);
    const body = JSON.stringify({ id: 'mo-1', from: `+${msisdn}`, to, text: 'Stop' });
    expect(await ask(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await countOptOuts(account)).toBe(1);
  });
});

describe('who may hand us replies', () => {
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

  test.each([
    ['a bearer token', bearer],
    ['any case of the scheme', `bearer ${env.CARRIER_SECRET}`],
    ['a password', basic(`kannel:${env.CARRIER_SECRET}`)],
    ['a password without a name', basic(`:${env.CARRIER_SECRET}`)],
  ])('%s', async (_, authorization) => {
    const account = await createAccount(db.pool);
    expect(await ask(composeBody(account, 'hello'), { authorization })).toMatchObject({ status: 200 });
    expect(await countReplies(account)).toBe(1);
  });

  test.each([
    ['nothing', null],
    ['no header', undefined],
    ['an empty token', 'Bearer '],
    ['another secret', 'Bearer wrong'],
    ['the beginning of the secret', bearer.slice(0, -1)],
    ['the secret and more', `${bearer}x`],
    ['the secret without a scheme', env.CARRIER_SECRET],
    ['another scheme', `Digest ${env.CARRIER_SECRET}`],
    ['another password', basic('kannel:wrong')],
    ['the secret as a name', basic(`${env.CARRIER_SECRET}:`)],
  ])('not %s', async (_, authorization) => {
    const account = await createAccount(db.pool);
    let read = false;
    const answer = await ask(composeBody(account, 'Stop'), {
      authorization,
      readBody: async () => {
        read = true;
        return Buffer.alloc(0);
      },
    });
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/problem+json' },
    });
    expect(read).toBe(false);
    expect(await countReplies(account)).toBe(0);
  });
});

describe('replies', () => {
  test('are answered with 200 once they are in force, and a duplicate too', async () => {
    const account = await createAccount(db.pool);
    const body = composeBody(account, 'Stop');
    expect(await ask(body)).toEqual({ status: 200, headers: {}, body: { status: 'accepted' } });
    const { rows } = await db.pool.query('select from opt_out where account_id = $1', [account.id]);
    expect(rows).toHaveLength(1);
    expect(await ask(body)).toEqual({ status: 200, headers: {}, body: { status: 'duplicate' } });
    expect(await countReplies(account)).toBe(1);
  });

  test('the same one at the same moment through two processes is stored once', async () => {
    const account = await createAccount(db.pool);
    const body = composeBody(account, 'Stop');
    const other = createReplyIntake(db.pool);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        answerCarrier(
          {
            pool: db.pool,
            replies: index % 2 === 0 ? intake : other,
            receipts: createReceiptIntake(db.pool),
          },
          request(body),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(
      answers.filter((answer) => 'status' in answer.body && answer.body.status === 'accepted'),
    ).toHaveLength(1);
    expect(await countReplies(account)).toBe(1);
  });

  test('bytes in any encoding are kept', async () => {
    const account = await createAccount(db.pool);
    const body = Buffer.from(
      `id=mo-latin&from=${nextMsisdn()}&to=${account.senderNumber}&text=Caf\xe9`,
      'latin1',
    );
    expect(await ask(body, { contentType: 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 200,
    });
    const { rows } = await db.pool.query('select text, raw from reply where account_id = $1', [account.id]);
    expect(rows).toEqual([{ text: 'Café', raw: body }]);
  });

  test('what cannot be read is refused with 400 and says why', async () => {
    expect(await ask('not JSON')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('not JSON') },
    });
    expect(await ask('{"id":"mo-1","from":"MTN","to":"30123"}')).toMatchObject({
      status: 400,
      body: {
        title: 'The reply could not be read',
        detail: 'Field "text" must be given as text; it may be empty.',
      },
    });
  });

  test('what is too large is refused with 413', async () => {
    expect(await ask('', { readBody: async () => null })).toMatchObject({ status: 413 });
  });

  test('more at once than there are places for are 503: send again, and nothing is read of them', async () => {
    const account = await createAccount(db.pool);
    const places = getPlaces('carrier-request');
    const nobody = { account: null, address: null };
    const held = await Promise.all(Array.from({ length: places.rules.places }, () => places.acquire(nobody)));
    const body = composeBody(account, 'Stop');
    const unasked = () => Promise.reject(new Error('the body was read'));
    const refused = await ask(body, { readBody: unasked });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    for (const place of held) if (place.ok) place.release();
    expect((await ask(body)).status).toBe(200);
    expect(places.inUse).toBe(0);
  });

  test('a carrier that is not in use is 404', async () => {
    expect(await ask('{}', { carrier: 'kannel' })).toMatchObject({ status: 404 });
  });

  test('a database that is away is 503: send again, nothing was recorded', async () => {
    const away = createWatchedPool('postgresql://nobody@127.0.0.1:1/nothing', {});
    const account = await createAccount(db.pool);
    const answer = await answerCarrier(
      { pool: away, replies: createReplyIntake(away), receipts: createReceiptIntake(away) },
      request(composeBody(account, 'Stop')),
    );
    await away.end();
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
  });
});

describe('receipts', () => {
  test('are recorded once', async () => {
    const account = await createAccount(db.pool);
    await queueMessages(db.pool, account, [nextMsisdn()]);
    const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
    await recordHandover(db.pool, messages, [{ status: 'sent', carrierMessageId: 'x' }]);
    const body = JSON.stringify({ reference: `${account.id}-${messages[0]?.id}`, status: 'delivered' });
    expect(await ask(body, { kind: 'receipt' })).toMatchObject({ status: 200, body: { status: 'recorded' } });
    expect(await ask(body, { kind: 'receipt' })).toMatchObject({
      status: 200,
      body: { status: 'unchanged' },
    });
    const { rows } = await db.pool.query('select status from message where account_id = $1', [account.id]);
    expect(rows).toEqual([{ status: 'DELIVERED' }]);
  });

  test('of an unknown message change nothing; what is no receipt is refused', async () => {
    const unknown = JSON.stringify({ reference: '1-1', status: 'delivered' });
    expect(await ask(unknown, { kind: 'receipt' })).toMatchObject({
      status: 200,
      body: { status: 'unchanged' },
    });
    expect(await ask('{"reference":"1-1"}', { kind: 'receipt' })).toMatchObject({
      status: 400,
      body: { title: 'The receipt could not be read' },
    });
  });
});
