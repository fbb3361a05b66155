import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { env } from '@/lib/env';
import { getPlaces } from '@/lib/http/shares';
import { log } from '@/lib/log';
import { receiveReplies } from '@/lib/replies/commands';
import { createApiKey } from '@/testing/api-keys';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  createSenderNumber,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { askRest } from '@/testing/rest-client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let otherKey: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 3645 });
  ({ secret: key } = await createApiKey(db.pool, account));
  ({ secret: otherKey } = await createApiKey(db.pool, await createAccount(db.pool, { credits: 0 })));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const get = async (url: string, secret = key) => (await askRest(url, { key: secret })).body;

describe('the balance', () => {
  test('is the account’s, and says when', async () => {
    expect(await get('/credits/balance')).toEqual({
      timeStamp: expect.stringMatching(/^20\d{15}$/),
      version: '1.0',
      statusCode: 200,
      creditBalance: 3645,
    });
    expect(await get('/credits/balance', otherKey)).toMatchObject({ creditBalance: 0 });
  });

  test('asked for with the word that some libraries put before the key', async () => {
    expect(await get('/credits/balance', `Bearer ${key}`)).toMatchObject({ creditBalance: 3645 });
  });
});

describe('what an answer refuses', () => {
  const refuse = async (request: Partial<Parameters<typeof askRest>[1]>, url = '/credits/balance') =>
    askRest(url, { key, ...request });

  test('no key, in the description’s words', async () => {
    expect(await refuse({ key: null })).toMatchObject({
      status: 401,
      body: {
        statusCode: 401,
        errorMessage:
          "The 'AUTHORIZATION' header was not found. Set the 'AUTHORIZATION' request header to your WinSMS API Key",
      },
    });
  });

  test.each(['2C9DAABE-20FE-4BC1-9BF3-000000000000', 'cz_1_x', `cz_58324_${'0'.repeat(49)}`])(
    'the key %s',
    async (wrong) => {
      expect(await refuse({ key: wrong })).toMatchObject({ status: 401 });
    },
  );

  test('a key that may not do this', async () => {
    const { secret } = await createApiKey(db.pool, account, { scopes: ['SEND'] });
    const answer = await refuse({ key: secret });
    expect(answer).toMatchObject({ status: 401, body: { errorMessage: expect.stringContaining('READ') } });
  });

  test('a key of a suspended account', async () => {
    const suspended = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, suspended);
    expect(await refuse({ key: secret })).toMatchObject({ status: 200 });
    await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [suspended.id]);
    expect(await refuse({ key: secret })).toMatchObject({
      status: 401,
      body: { errorMessage: expect.stringContaining('suspended') },
    });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('another method: %s', async (method) => {
    const answer = await refuse({ method });
    expect(answer).toMatchObject({
      status: 405,
      body: { errorMessage: `Request method should be set to 'GET', not '${method}'.` },
    });
    expect(answer.headers.get('allow')).toBe('GET');
  });

  test.each(['/credits/Balance', '/sms', '/', '/sms/outgoing'])('what is no path: %s', async (url) => {
    for (const method of ['GET', 'POST']) {
      expect(await refuse({ method }, url)).toMatchObject({
        status: 404,
        body: {
          errorMessage:
            'The resource requested does not exist. Please verify the path, spelling, and capitalisation',
        },
      });
    }
  });

  test('more than the database can answer', async () => {
    const broken = vi.spyOn(db.pool, 'query').mockRejectedValue(new Error('away'));
    try {
      expect(await refuse({})).toMatchObject({
        status: 500,
        body: { errorMessage: 'An unknown error has occurred - authorising API Key' },
      });
    } finally {
      broken.mockRestore();
    }
  });

  test('more requests in a minute than a key may make; another key goes on', async () => {
    const { secret } = await createApiKey(db.pool, account);
    const ask = () => askRest('/credits/balance', { key: secret }, [429]);
    const { RateLimiterMemory } = await import('rate-limiter-flexible');
    const consume = vi.spyOn(RateLimiterMemory.prototype, 'consume');
    try {
      await ask();
      const [keyId] = consume.mock.calls[0] as [number];
      const limiter = consume.mock.contexts[0] as InstanceType<typeof RateLimiterMemory>;
      await limiter.penalty(keyId, env.API_REQUESTS_PER_MINUTE);
      const answer = await ask();
      expect(answer).toMatchObject({ status: 429, body: { statusCode: 429 } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refuse({})).toMatchObject({ status: 200 });
    } finally {
      consume.mockRestore();
    }
  });
});

test('what one account asks at once leaves places to others, and is told to come again', async () => {
  const places = getPlaces('api-request');
  const leaving: AbortController[] = [];
  const asker = { account: String(account.id), address: null };
  // those that have a place, and all that may wait for one
  const mine = Math.floor(env.DATABASE_POOL_SIZE / 2) + 200;
  const taken = Array.from({ length: mine }, () => {
    leaving.push(new AbortController());
    return places.acquire(asker, leaving.at(-1)?.signal);
  });
  try {
    const answer = await askRest('/credits/balance', { key }, [429]);
    expect(answer).toMatchObject({ status: 429, body: { statusCode: 429 } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await get('/credits/balance', otherKey)).toMatchObject({ creditBalance: 0 });
  } finally {
    for (const request of leaving) request.abort();
    for (const place of await Promise.all(taken)) if (place.ok) place.release();
  }
  expect(await get('/credits/balance')).toMatchObject({ creditBalance: 3645 });
});

describe('incoming messages', () => {
  const shared = async () => createSenderNumber(db.pool);
  let to: string;
  let first: string;
  let sentId: string;

  beforeAll(async () => {
    to = await shared();
    first = nextMsisdn();
    sentId = await createConversation(db.pool, account, { msisdn: first, senderNumber: to });
    await receiveReplies(db.pool, [
      composeReply({ from: first, to, text: 'Thank you', receivedAt: new Date('2026-07-25T20:08:30Z') }),
    ]);
    await receiveReplies(db.pool, [
      composeReply({ from: nextMsisdn(), to: account.senderNumber as string, text: 'Win Big' }),
    ]);
  });

  test('are all of the account’s replies, the oldest first, in the account’s time', async () => {
    expect(await get('/sms/incoming')).toEqual({
      timeStamp: expect.any(String),
      version: '1.0',
      statusCode: 200,
      resultsOffset: 0,
      resultsLimit: 100,
      resultsTotalAvailable: 2,
      incomingMessages: [
        {
          incomingApiMessageId: expect.any(Number),
          mobileNumber: first,
          receiveTime: expect.any(Number),
          messageText: 'Thank you',
          outgoingApiMessageId: Number(sentId),
        },
        expect.objectContaining({ messageText: 'Win Big' }),
      ],
    });
    const { rows } = await db.pool.query<{ at: string }>(
      `select to_char(received_at at time zone 'Africa/Johannesburg', 'YYYYMMDDHH24MI') as at from reply
       where msisdn = $1`,
      [first],
    );
    expect(await get('/sms/incoming?limit=1')).toMatchObject({
      incomingMessages: [{ receiveTime: Number(rows[0]?.at) }],
    });
  });

  test('those to the account’s own numbers are its short code messages', async () => {
    expect(await get('/shortcode/incoming')).toMatchObject({
      resultsTotalAvailable: 1,
      shortcodeMessages: [{ messageText: 'Win Big' }],
    });
  });

  test('a part of them', async () => {
    expect(await get('/sms/incoming?offset=1&limit=5')).toMatchObject({
      resultsOffset: 1,
      resultsLimit: 5,
      resultsTotalAvailable: 2,
      incomingMessages: [{ messageText: 'Win Big' }],
    });
    expect(await get('/sms/incoming?offset=&limit=')).toMatchObject({ resultsOffset: 0, resultsLimit: 100 });
    expect(await get('/shortcode/incoming?offset=7')).toMatchObject({ shortcodeMessages: [] });
  });

  test.each([
    ['offset=-1', 'The offset parameter must be a number greater than or equal to 0.'],
    ['offset=ten', 'The offset parameter must be a number greater than or equal to 0.'],
    ['offset=1.5', 'The offset parameter must be a number greater than or equal to 0.'],
    ['offset=1&offset=2', 'The offset parameter must be a number greater than or equal to 0.'],
    ['offset=99999999999999999999', 'The offset parameter must be a number greater than or equal to 0.'],
    ['limit=0', 'The limit parameter must be a number from 1 to 1000.'],
    ['limit=1001', 'The limit parameter must be a number from 1 to 1000.'],
  ])('no part at all: %s', async (query, errorMessage) => {
    for (const path of ['/sms/incoming', '/shortcode/incoming']) {
      expect(await askRest(`${path}?${query}`, { key })).toMatchObject({
        status: 422,
        body: { errorMessage },
      });
    }
  });

  test('nothing of them with another account’s key', async () => {
    expect(await get('/sms/incoming', otherKey)).toMatchObject({
      resultsTotalAvailable: 0,
      incomingMessages: [],
    });
    expect(await get('/shortcode/incoming', otherKey)).toMatchObject({
      resultsTotalAvailable: 0,
      shortcodeMessages: [],
    });
  });
});

describe('opt-outs', () => {
  test('by a reply with its text, by hand with the description’s words, and nothing of another account', async () => {
    const own = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, own);
    const [stopped, typed, imported] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await receiveReplies(db.pool, [
      composeReply({ from: stopped, to: own.senderNumber as string, text: 'Stop "now", please\n' }),
      composeReply({ from: stopped, to: own.senderNumber as string, text: 'STOP' }),
    ]);
    await createManualOptOut(db.pool, own, typed);
    await createManualOptOut(db.pool, own, imported, 'IMPORT');
    expect(await get('/sms/incoming/optout', secret)).toEqual({
      timeStamp: expect.any(String),
      version: '1.0',
      statusCode: 200,
      incomingOptoutMessages: [
        {
          incomingApiMessageId: expect.any(Number),
          mobileNumber: stopped,
          receiveTime: expect.any(Number),
          messageText: 'STOP',
        },
        {
          mobileNumber: typed,
          receiveTime: expect.any(Number),
          messageText: '* MANUALLY ADDED BY USER *',
        },
        {
          mobileNumber: imported,
          receiveTime: expect.any(Number),
          messageText: '* MANUALLY ADDED BY USER *',
        },
      ],
    });
    expect(await get('/sms/incoming/optout', otherKey)).toMatchObject({ incomingOptoutMessages: [] });
  });

  test('every one of more than are read at once, each once', async () => {
    const own = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, own);
    await db.pool.query(
      `insert into opt_out (account_id, msisdn, kind, created_at)
       select $1, (27830000000 + n)::text, 'IMPORT', '2026-11-01T00:00:00.123456Z'::timestamptz + (n / 3) * interval '1 microsecond'
       from generate_series(1, 12000) as n`,
      [own.id],
    );
    const body = (await get('/sms/incoming/optout', secret)) as {
      incomingOptoutMessages: { mobileNumber: string; receiveTime: number }[];
    };
    const numbers = body.incomingOptoutMessages.map(({ mobileNumber }) => mobileNumber);
    expect(numbers).toHaveLength(12_000);
    expect(new Set(numbers).size).toBe(12_000);
    expect(body.incomingOptoutMessages[0]?.receiveTime).toBe(202611010200);
  });

  test('that cannot be read are an error; when that shows half way, the answer breaks off and the log says so', async () => {
    const own = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, own);
    await db.pool.query(
      `insert into opt_out (account_id, msisdn, kind) select $1, (27830000000 + n)::text, 'IMPORT' from generate_series(1, 5001) as n`,
      [own.id],
    );
    const query = db.pool.query.bind(db.pool) as (...given: { text: string }[]) => Promise<unknown>;
    const failAt = (page: number) => {
      let pages = 0;
      const answer = (...given: { text: string }[]) =>
        given[0]?.text.includes('as "cursorAt"') && ++pages === page
          ? Promise.reject(new Error('away'))
          : query(...given);
      // before that of its class, which is there again once this is deleted
      Reflect.set(db.pool, 'query', answer);
    };
    const logged = vi.spyOn(log, 'error').mockReturnValue(undefined);
    try {
      failAt(1);
      expect(await askRest('/sms/incoming/optout', { key: secret })).toMatchObject({
        status: 500,
        body: { errorMessage: 'An unknown error has occurred - reading opt-outs' },
      });
      logged.mockClear();
      failAt(2);
      await expect(askRest('/sms/incoming/optout', { key: secret })).rejects.toThrow('away');
      expect(logged).toHaveBeenCalledOnce();
    } finally {
      Reflect.deleteProperty(db.pool, 'query');
      logged.mockRestore();
    }
  });
});
