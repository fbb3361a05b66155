import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { patience } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  createEndpoint,
  createSender,
  createTestClient,
  passHours,
  passSeconds,
  sendDue,
  startReceiver,
  type Receiver,
} from '@/testing/webhooks';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { addOptOutsByProgram } from '@/lib/opt-outs/commands';
import { receiveReplies } from '@/lib/replies/commands';
import { claimDeliveries, recordAttempts } from './claim';
import { expandAccount, expandAndClaim, expandBatches } from './expand';
import { pauseEndpoint, removeEndpoint, resumeEndpoint, rotateSecret, sendAgain, sendTest } from './commands';
import { listDeliveries, readWebhook } from './queries';
import type { WebhookSender } from './sender';

let db: TestDatabase;
let account: TestAccount;
let receiver: Receiver;
let sender: WebhookSender;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
  receiver = await startReceiver();
  sender = createSender(db.pool);
});
afterEach(async () => {
  await sender.stop();
  await receiver.close();
  // so that no sweep of another test finds them
  await db.pool.query(`update webhook_endpoint set removed_at = now() where removed_at is null`);
});
afterAll(() => db.close());

/** Replies from numbers, one after another. */
async function reply(from: readonly string[], text = 'Thank you', to: TestAccount = account) {
  const sender = to.senderNumber as string;
  await receiveReplies(
    db.pool,
    from.map((number) => composeReply({ from: number, to: sender, text })),
  );
}

const numbers = (count: number) => Array.from({ length: count }, nextMsisdn);
const log = async (id: number) => (await listDeliveries(db.pool, account.scope, id, null)).rows;
const sayTo = (status: number, text = '') => {
  receiver.answer = (response) => response.writeHead(status).end(text);
};

test('an event is sent once, signed so that the library of the specification knows it', async () => {
  const { id, secret } = await createEndpoint(db.pool, account, receiver.url);
  const [number = ''] = numbers(1);
  await reply([number], 'Where are you?');
  await sendDue(sender);
  await sendDue(sender);

  expect(receiver.received).toHaveLength(1);
  const { text, headers, body, path } = receiver.received[0]!;
  expect(path).toBe('/hooks');
  expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toEqual(body);
  expect(() => new Webhook(secret).verify(`${text} `, headers as Record<string, string>)).toThrow();
  expect(body).toMatchObject({
    type: 'reply.received',
    data: { number: `+${number}`, text: 'Where are you?', verdict: 'none' },
  });
  expect(await log(id)).toMatchObject([
    {
      state: 'DELIVERED',
      attempts: 1,
      statusCode: 204,
      reason: null,
      body: text,
      messageId: headers['webhook-id'],
    },
  ]);
});

test('without texts, a delivery has none of what people wrote', async () => {
  await createEndpoint(db.pool, account, receiver.url, { withTexts: false });
  await reply(numbers(1), 'Stop');
  await sendDue(sender);
  expect(receiver.received.map(({ body }) => body.type).sort()).toEqual([
    'opt_out.created',
    'reply.received',
  ]);
  for (const { text } of receiver.received) expect(text).not.toMatch(/Stop|"text"/);
});

test('only what was chosen is sent, and nothing to another account', async () => {
  const other = await createAccount(db.pool);
  await createEndpoint(db.pool, other, `${receiver.url}/other`);
  await createEndpoint(db.pool, account, receiver.url, { events: ['opt_out.created'] });
  await reply(numbers(1), 'Stop');
  await sendDue(sender);
  expect(receiver.received.map(({ path, body }) => [path, body.type])).toEqual([
    ['/hooks', 'opt_out.created'],
  ]);
});

test('what is refused is tried again, with the same id, and given up after three days', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(1));
  await expandAccount(db.pool, account.id);
  // another number is taken each time, so that the endpoint as a whole works
  const refused = await db.pool.query('select id::text from webhook_delivery where account_id = $1', [
    account.id,
  ]);
  const refusedId = `msg_${account.id}_${refused.rows[0].id}`;
  receiver.answer = (response, { headers }) =>
    response.writeHead(headers['webhook-id'] === refusedId ? 500 : 200).end('Oh no');
  let hours = 0;
  for (let attempt = 1; attempt <= 11; attempt++) {
    await sendDue(sender);
    const [row] = (await log(id)).filter(({ messageId }) => messageId === refusedId);
    expect(row).toMatchObject({
      attempts: attempt,
      statusCode: 500,
      answer: 'Oh no',
      reason: 'It answered 500.',
    });
    expect(row?.state).toBe(attempt === 11 ? 'FAILED' : 'WAITING');
    if (row?.nextAttemptAt) {
      const wait = (Date.parse(row.nextAttemptAt) - Date.parse(row.attemptedAt as string)) / 3_600_000;
      hours += wait;
      // just before, nothing
      await passHours(db.pool, account, wait - 0.001);
      await sendDue(sender);
      expect((await log(id)).find(({ messageId }) => messageId === refusedId)?.attempts).toBe(attempt);
      await passHours(db.pool, account, 0.002);
      await reply(numbers(1));
    }
  }
  expect(hours).toBeGreaterThan(72);
  const ids = receiver.received
    .map(({ headers }) => headers['webhook-id'])
    .filter((one) => one === refusedId);
  expect(ids).toHaveLength(11);
  expect((await readWebhook(db.pool, account.scope, id, new Date()))?.state).toBe('ACTIVE');
});

describe('an endpoint where nothing works', () => {
  test('is tried with one delivery at a time, then paused, its owner told, and once resumed gets all of it in order', async () => {
    const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    sayTo(503);
    const [number = ''] = numbers(1);
    await reply([number], 'first');
    await reply([number], 'second');
    await reply(numbers(40));
    await sendDue(sender);
    const atFirst = receiver.received.length;
    // until then only a few batches had failed; from then on one is tried each time
    for (let round = 0; round < 8; round++) {
      await passHours(db.pool, account, 0.01);
      await sendDue(sender);
    }
    const before = receiver.received.length;
    expect(before).toBeGreaterThan(atFirst);
    for (let round = 0; round < 5; round++) {
      await passHours(db.pool, account, 0.1);
      await sendDue(sender);
    }
    expect(receiver.received.length - before).toBe(5);

    await passHours(db.pool, account, 2);
    await sendDue(sender);
    await passHours(db.pool, account, 73);
    await sendDue(sender);
    expect(await readWebhook(db.pool, account.scope, id, new Date())).toMatchObject({
      state: 'PAUSED_BY_FAILURES',
      waiting: 42,
      reason: 'It answered 503.',
    });
    const { rows: notices } = await db.pool.query(
      'select title, path from notice where account_id = $1 order by id',
      [account.id],
    );
    expect(notices).toEqual([
      { title: `Your webhook at 127.0.0.1:${receiver.port} fails`, path: `/settings/webhooks/${id}` },
      { title: `Your webhook at 127.0.0.1:${receiver.port} is paused`, path: `/settings/webhooks/${id}` },
    ]);
    const { rows: emails } = await db.pool.query('select from email where account_id = $1', [account.id]);
    expect(emails).toHaveLength(2);

    const atPause = receiver.received.length;
    sayTo(200);
    await reply([number], 'third');
    await sendDue(sender);
    expect(receiver.received).toHaveLength(atPause);
    expect(await resumeEndpoint(db.pool, account.scope, { id }, new Date())).toEqual({ ok: true });
    await sendDue(sender);
    const sent = receiver.received.slice(atPause);
    expect(sent).toHaveLength(43);
    expect(
      sent.filter(({ body }) => body.data.number === `+${number}`).map(({ body }) => body.data.text),
    ).toEqual(['first', 'second', 'third']);
    expect(new Set((await log(id)).map(({ state }) => state))).toEqual(new Set(['DELIVERED']));
  });

  test('that fails once more after it was resumed loses nothing of what has failed so long', async () => {
    const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    await reply(numbers(2));
    await db.pool.query(`update webhook_delivery set attempts = 10 where account_id = $1`, [account.id]);
    await db.pool.query(`update webhook_endpoint set state = 'PAUSED_BY_FAILURES' where account_id = $1`, [
      account.id,
    ]);
    sayTo(503);
    await resumeEndpoint(db.pool, account.scope, { id }, new Date());
    await sendDue(sender);
    expect((await log(id)).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual([
      'WAITING 1',
      'WAITING 1',
    ]);
  });

  test('is paused at once when it says that it is gone', async () => {
    const { id } = await createEndpoint(db.pool, account, receiver.url);
    sayTo(410);
    await reply(numbers(1));
    await sendDue(sender);
    expect(await readWebhook(db.pool, account.scope, id, new Date())).toMatchObject({
      state: 'PAUSED_BY_FAILURES',
    });
  });
});

describe('an endpoint that says when to come again', () => {
  test.each([
    [429, () => '120'],
    [503, () => new Date(Date.now() + 120_000).toUTCString()],
  ])(
    'with %i gets nothing before, though it took others meanwhile, and all of it then',
    async (status, say) => {
      const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
      await reply(numbers(60));
      let answered = 0;
      receiver.answer = (response) => {
        answered += 1;
        if (answered === 3) response.writeHead(status, { 'retry-after': say() }).end();
        else response.writeHead(204).end();
      };
      await sendDue(sender);
      // Those that were under way, and no more.
      const before = receiver.received.length;
      expect(before).toBeLessThan(60);
      await sendDue(createSender(db.pool));
      await passSeconds(db.pool, account, 100);
      await sendDue(sender);
      expect(receiver.received).toHaveLength(before);
      await passSeconds(db.pool, account, 21);
      await sendDue(sender);
      expect(new Set((await log(id)).map(({ state }) => state))).toEqual(new Set(['DELIVERED']));
      expect(receiver.received).toHaveLength(61);
    },
  );

  test('is left alone by every worker: what another has under way ends, and lifts nothing', async () => {
    await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    for (let batch = 0; batch < 6; batch++) await reply(numbers(100));
    const waiting: ServerResponse[] = [];
    receiver.answer = (response) => void waiting.push(response);
    const other = createSender(db.pool);
    // each has claimed a batch, and 16 of it are under way
    await sender.sweep();
    await vi.waitFor(() => expect(waiting).toHaveLength(16), patience);
    await other.sweep();
    await vi.waitFor(() => expect(waiting).toHaveLength(32), patience);
    const readHold = async () =>
      (
        await db.pool.query<{ hold: Date | null }>(
          'select held_until as hold from webhook_endpoint where account_id = $1',
          [account.id],
        )
      ).rows[0]?.hold?.getTime();
    waiting.shift()?.writeHead(429, { 'retry-after': '120' }).end();
    await vi.waitFor(async () => expect(await readHold()).toBeGreaterThan(Date.now() + 100_000), patience);
    const hold = await readHold();
    // The other one does not know yet: it may begin as many again as were under way, and learns of it then.
    for (const response of waiting.splice(0)) response.writeHead(204).end();
    const readDelivered = async () =>
      (
        await db.pool.query<{ count: number }>(
          `select count(*)::int as count from webhook_delivery where account_id = $1 and state = 'DELIVERED'`,
          [account.id],
        )
      ).rows[0]?.count;
    await vi.waitFor(async () => expect(await readDelivered()).toBe(31), patience);
    receiver.answer = (response) => response.writeHead(204).end();
    for (const response of waiting.splice(0)) response.writeHead(204).end();
    await sender.settle();
    await other.settle();
    await other.stop();
    expect(receiver.received.length).toBeLessThan(100);
    // which the worker that heard of it may say again, to the millisecond of another clock
    expect(await readHold()).toBeGreaterThan((hold ?? 0) - 1_000);
    const before = receiver.received.length;
    await sendDue(sender);
    expect(receiver.received).toHaveLength(before);
    await passSeconds(db.pool, account, 121);
    await sendDue(sender);
    expect(await readDelivered()).toBe(600);
  });

  test('in a year is asked again in an hour; one that says nothing of it, as ever', async () => {
    await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    await reply(numbers(1));
    receiver.answer = (response) => response.writeHead(429, { 'retry-after': '31536000' }).end();
    await sendDue(sender);
    await passSeconds(db.pool, account, 3_590);
    await sendDue(sender);
    expect(receiver.received).toHaveLength(1);
    await passSeconds(db.pool, account, 11);
    // Of a status that is no overload the header means something else.
    receiver.answer = (response) => response.writeHead(400, { 'retry-after': '3000' }).end();
    await sendDue(sender);
    expect(receiver.received).toHaveLength(2);
    await passSeconds(db.pool, account, 61);
    receiver.answer = (response) => response.writeHead(429, { 'retry-after': 'soon' }).end();
    await sendDue(sender);
    expect(receiver.received).toHaveLength(3);
  });
});

test.each([
  ['paused', pauseEndpoint],
  ['removed', removeEndpoint],
] as const)('one that is %s while a batch is under way gets no more of it', async (_, end) => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(150));
  const waiting: (() => void)[] = [];
  receiver.answer = (response) => void waiting.push(() => response.writeHead(200).end());
  await sender.sweep();
  const haveCome = (count: number) =>
    vi.waitFor(() => expect(receiver.received).toHaveLength(count), patience);
  await haveCome(16);
  await end(db.pool, account.scope, { id }, new Date());
  waiting.splice(0).forEach((answer) => answer());
  await vi.waitFor(async () => {
    const { rows } = await db.pool.query(
      `select count(*)::int as count from webhook_delivery where account_id = $1 and state = 'DELIVERED'`,
      [account.id],
    );
    expect(rows).toEqual([{ count: 16 }]);
  }, patience);
  receiver.answer = (response) => response.writeHead(200).end();
  waiting.splice(0).forEach((answer) => answer());
  await sender.settle();
  expect(receiver.received.length).toBeLessThan(100);
  const { rows } = await db.pool.query(
    `select count(*)::int as count from webhook_delivery where account_id = $1 and state = 'WAITING'`,
    [account.id],
  );
  expect(rows).toEqual([{ count: 150 - receiver.received.length }]);
});

test('more than one batch holds is told too: each event once, in their order', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['opt_out.created'] });
  const added = numbers(2_100);
  await addOptOutsByProgram(db.pool, account.scope, added, 'web form');
  const key = { accountId: account.id, endpointId: id };
  // as two workers that meet
  await Promise.all([expandBatches(db.pool, key), expandBatches(db.pool, key)]);
  const { rows } = await db.pool.query<{ told: string[]; happened: string[] }>(
    `select array(select data ->> 'eventId' from webhook_delivery where account_id = $1 order by id) as told,
       array(select id::text from opt_out_event where account_id = $1 order by opt_out_event.id) as happened`,
    [account.id],
  );
  expect(rows[0]?.happened).toHaveLength(added.length);
  expect(rows[0]?.told).toEqual(rows[0]?.happened);
});

test('what a paused endpoint is to be told stands in its log', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await pauseEndpoint(db.pool, account.scope, { id }, new Date());
  await reply(numbers(3));
  await sendDue(sender);
  expect(receiver.received).toEqual([]);
  expect((await log(id)).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual([
    'WAITING 0',
    'WAITING 0',
    'WAITING 0',
  ]);
  expect(await readWebhook(db.pool, account.scope, id, new Date())).toMatchObject({ waiting: 3 });
});

test('nothing is sent for a suspended account, and all of it once it is active again', async () => {
  await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(3));
  const set = (status: string) =>
    db.pool.query('update account set status = $2::account_status where id = $1', [account.id, status]);
  await set('SUSPENDED');
  await sendDue(sender);
  expect(receiver.received).toEqual([]);
  await set('ACTIVE');
  await sendDue(sender);
  expect(receiver.received).toHaveLength(3);
});

test('an account whose endpoint hangs delays nobody, and keeps to its share', async () => {
  const dead = await createAccount(db.pool);
  const hanging = await startReceiver();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let [now, most] = [0, 0];
  hanging.answer = (response) => {
    now += 1;
    most = Math.max(most, now);
    void held.then(() => {
      now -= 1;
      response.writeHead(500).end();
    });
  };
  for (let endpoint = 0; endpoint < 4; endpoint++) {
    await createEndpoint(db.pool, dead, `${hanging.url}/${endpoint}`, { events: ['reply.received'] });
  }
  await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(100), 'Hello', dead);
  await reply(numbers(100));
  const done = new Promise<void>((resolve) => {
    receiver.answer = (response) => {
      response.writeHead(200).end();
      if (receiver.received.length === 100) resolve();
    };
  });
  await sender.sweep();
  await done;
  expect(now).toBeGreaterThan(0);
  release();
  await sender.settle();
  expect(most).toBeLessThanOrEqual(32);
  await hanging.close();
});

describe('of one number', () => {
  test('events come in order, the next when the one before has come to an end', async () => {
    await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    const [one = '', other = ''] = numbers(2);
    for (const text of ['1', '2', '3']) await reply([one, other], text);
    const under = new Map<unknown, number>();
    receiver.answer = (response, { body }) => {
      const number = body.data.number;
      under.set(number, (under.get(number) ?? 0) + 1);
      expect(under.get(number)).toBe(1);
      setImmediate(() => {
        under.set(number, 0);
        // the second of one number is refused once
        const isRefused = number === `+${one}` && body.data.text === '2' && ++refusals === 1;
        response.writeHead(isRefused ? 500 : 200).end();
      });
    };
    let refusals = 0;
    const textsOf = (number: string) =>
      receiver.received
        .filter(({ body }) => body.data.number === `+${number}`)
        .map(({ body }) => body.data.text);
    await sendDue(sender);
    expect(textsOf(other)).toEqual(['1', '2', '3']);
    expect(textsOf(one)).toEqual(['1', '2']);
    await passHours(db.pool, account, 1);
    await sendDue(sender);
    expect(textsOf(one)).toEqual(['1', '2', '2', '3']);
  });

  test('what follows an event of which no delivery was made yet waits for it', async () => {
    const { id } = await createEndpoint(db.pool, account, receiver.url);
    const [number = ''] = numbers(1);
    await reply([number], '1');
    // deliveries of these are written at once, and have a higher place
    await queueMessages(db.pool, account, [number]);
    const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
    await recordHandover(db.pool, messages, [{ status: 'sent', carrierMessageId: randomUUID() }]);
    const key = { accountId: account.id, endpointId: id };
    const claim = () => claimDeliveries(db.pool, key, { limit: 10, leaseMs: 60_000 });
    const [direct] = await log(id);
    expect(direct?.type).toBe('message.status');
    expect(await claim()).toEqual([]);
    expect(await expandBatches(db.pool, key)).toBe(1);
    expect(Number((await claim())[0]?.id)).toBeLessThan(Number(direct?.id));
    await passHours(db.pool, account, 1);
    await sendDue(sender);
    expect(receiver.received.map(({ body }) => body.type)).toEqual(['reply.received', 'message.status']);
  });

  test('nor is it claimed with its own batch while another worker makes deliveries of the one before', async () => {
    const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    const [number = ''] = numbers(1);
    await reply([number], '1');
    await reply([number, ...numbers(1)], '2');
    const key = { accountId: account.id, endpointId: id };
    const options = { batches: 1, limit: 10, leaseMs: 60_000 };
    const first = await db.pool.connect();
    try {
      await first.query('begin');
      expect(await expandAndClaim(first, key, options)).toMatchObject({
        events: 1,
        claimed: [{ attempt: 1 }],
      });
      // even of somebody else: it would be claimed before what happened first is there to be seen
      expect(await expandAndClaim(db.pool, key, options)).toEqual({ events: 2, claimed: [] });
      await first.query('commit');
    } finally {
      first.release();
    }
    const waiting = await claimDeliveries(db.pool, key, { limit: 10, leaseMs: 60_000 });
    expect(waiting.map(({ data }) => JSON.parse(data) as object)).toMatchObject([{ text: '2' }]);
    expect(JSON.parse(waiting[0]?.data ?? '')).not.toMatchObject({ number: `+${number}` });
  });

  test('of one batch the first of each number is claimed, at most so many, and the rest waits', async () => {
    const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
    const [one = '', two = '', three = ''] = numbers(3);
    await reply([one, one, two, three]);
    const key = { accountId: account.id, endpointId: id };
    const { claimed } = await expandAndClaim(db.pool, key, { batches: 1, limit: 3, leaseMs: 60_000 });
    expect(claimed.map(({ data }) => (JSON.parse(data) as { number: string }).number)).toEqual([
      `+${one}`,
      `+${two}`,
    ]);
    expect((await log(id)).map(({ state }) => state).sort()).toEqual([
      'SENDING',
      'SENDING',
      'WAITING',
      'WAITING',
    ]);
  });

  test('without order, one that is refused keeps none back', async () => {
    await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'], inOrder: false });
    const [one = ''] = numbers(1);
    for (const text of ['1', '2', '3']) await reply([one], text);
    receiver.answer = (response, { body }) => response.writeHead(body.data.text === '1' ? 500 : 200).end();
    await sendDue(sender);
    expect(receiver.received.map(({ body }) => body.data.text).sort()).toEqual(['1', '2', '3']);
  });
});

test('what a process that died had claimed is sent when its lease has run out, and only then', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(3));
  await expandAccount(db.pool, account.id);
  const key = { accountId: account.id, endpointId: id };
  const claimed = await claimDeliveries(db.pool, key, { limit: 2, leaseMs: 60_000 });
  expect(claimed).toHaveLength(2);
  await sendDue(sender);
  expect(receiver.received).toHaveLength(1);
  await passHours(db.pool, account, 0.02);
  await sendDue(sender);
  expect(receiver.received).toHaveLength(3);
  // what the dead one would have recorded comes too late
  await recordAttempts(
    db.pool,
    key,
    claimed.map(({ id, attempt }) => ({
      ...{ id, attempt, outcome: 'failed' as const, statusCode: 500, answer: null, reason: 'late' },
      ...{ durationMs: 1, retryMs: null },
    })),
  );
  expect((await log(id)).map(({ state }) => state)).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']);
});

test('attempts that died with their process use up none of the three days', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(1));
  await expandAccount(db.pool, account.id);
  const key = { accountId: account.id, endpointId: id };
  for (let death = 0; death < 12; death += 1) {
    expect(await claimDeliveries(db.pool, key, { limit: 1, leaseMs: 0 })).toHaveLength(1);
  }
  sayTo(500);
  await sendDue(sender);
  expect(await log(id)).toMatchObject([{ attempts: 13, state: 'WAITING' }]);
  await passHours(db.pool, account, 73);
  await sendDue(sender);
  // nothing works at all since then: it is held until the endpoint is resumed
  expect(await log(id)).toMatchObject([{ attempts: 14, state: 'WAITING', statusCode: 500 }]);
});

test('a stop gives back what is under way, and nothing is lost', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(30));
  const begun = new Promise<void>((resolve) => (receiver.answer = () => resolve()));
  await sender.sweep();
  await begun;
  await sender.stop();
  expect(new Set((await log(id)).map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(
    new Set(['WAITING 0']),
  );
  receiver.answer = (response) => response.writeHead(200).end();
  sender = createSender(db.pool);
  await sendDue(sender);
  expect((await log(id)).filter(({ state }) => state === 'DELIVERED')).toHaveLength(30);
});

test('while a secret is changed, deliveries are signed with both', async () => {
  const { id, secret } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  const changed = await rotateSecret(db.pool, account.scope, { id, seen: 1, overlapHours: 24 }, new Date());
  if (!changed.ok) throw new Error(changed.message);
  const verifies = (key: string) => {
    const { text, headers } = receiver.received.at(-1)!;
    try {
      new Webhook(key).verify(text, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };
  await reply(numbers(1));
  await sendDue(sender);
  expect([verifies(secret), verifies(changed.secret)]).toEqual([true, true]);
  await passHours(db.pool, account, 25);
  await reply(numbers(1));
  await sendDue(sender);
  expect([verifies(secret), verifies(changed.secret)]).toEqual([false, true]);
  // asked again, as the answer was lost: the one that programs have goes on
  const again = await rotateSecret(db.pool, account.scope, { id, seen: 2, overlapHours: 24 }, new Date());
  const third = await rotateSecret(db.pool, account.scope, { id, seen: 2, overlapHours: 24 }, new Date());
  if (!again.ok || !third.ok) throw new Error('refused');
  await reply(numbers(1));
  await sendDue(sender);
  expect([changed.secret, again.secret, third.secret].map(verifies)).toEqual([true, false, true]);
});

test('“send again” sends the same again, and “send a test” something that tells of nothing', async () => {
  const { id } = await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
  await reply(numbers(1));
  await sendDue(sender);
  const [row] = await log(id);
  expect(await sendAgain(db.pool, account.scope, { id: row!.id })).toEqual({ ok: true });
  expect(await sendTest(db.pool, account.scope, { id })).toMatchObject({ ok: true });
  await sendDue(sender);
  const [first, ...others] = receiver.received;
  expect(others.map(({ body }) => body.type).sort()).toEqual(['reply.received', 'webhook.test']);
  const again = others.find(({ body }) => body.type === 'reply.received');
  expect([again?.text, again?.headers['webhook-id']]).toEqual([first?.text, first?.headers['webhook-id']]);
  await pauseEndpoint(db.pool, account.scope, { id }, new Date());
  expect(await sendTest(db.pool, account.scope, { id })).toMatchObject({ ok: false });
  expect(await sendAgain(db.pool, account.scope, { id: row!.id })).toMatchObject({ ok: false });
});

test('a name that leads into a private network is told in the log, and nothing is sent', async () => {
  sender = createSender(db.pool, {
    client: createTestClient({
      allowLoopback: false,
      resolve: async () => [
        { address: '93.184.215.14', family: 4 },
        { address: '10.0.0.7', family: 4 },
      ],
    }),
  });
  const { id } = await createEndpoint(db.pool, account, `http://two.example:${receiver.port}/`);
  await reply(numbers(1));
  await sendDue(sender);
  expect(receiver.received).toEqual([]);
  expect((await log(id))[0]).toMatchObject({
    state: 'WAITING',
    statusCode: null,
    reason: expect.stringContaining('private network'),
  });
});
