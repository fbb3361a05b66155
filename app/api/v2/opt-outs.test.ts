import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { operations } from '@/lib/api-v2/operations';
import { env } from '@/lib/env';
import { honourFamilyOptOuts } from '@/lib/people/sub-account-commands';
import { receiveReplies } from '@/lib/replies/commands';
import { answerApi, askApi, type ApiRequest } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  listOnRegistry,
  createSenderNumber,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { isSomebodyWaiting } from '@/testing/lock-waits';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { holdInserts } from '@/testing/where-rows-lie';

let db: TestDatabase;
let account: TestAccount;
let key: string;
let stranger: TestAccount;
let strangersKey: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 3645 });
  ({ secret: key } = await createApiKey(db.pool, account));
  stranger = await createAccount(db.pool, { credits: 0 });
  ({ secret: strangersKey } = await createApiKey(db.pool, stranger));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const ask = (url: string, request: Partial<ApiRequest> = {}) => askApi(url, { key, ...request });

async function replyStop(msisdn: string, to = account): Promise<void> {
  const sender = to.senderNumber as string;
  await createConversation(db.pool, to, { msisdn, senderNumber: sender });
  await receiveReplies(db.pool, [composeReply({ from: msisdn, to: sender, text: 'Stop' })]);
}

describe('one opt-out', () => {
  test('is added once, in whatever form its number is written, and read with a tag', async () => {
    const msisdn = nextMsisdn();
    const local = `0${msisdn.slice(2)}`;
    expect(await ask(`/opt-outs/${local}`)).toMatchObject({ status: 404, body: { status: 404 } });

    const added = await ask(`/opt-outs/${encodeURIComponent(`+${msisdn}`)}?source=web%20form`, {
      method: 'PUT',
    });
    expect(added).toMatchObject({
      status: 201,
      body: { number: `+${msisdn}`, kind: 'api', isRemovable: true, replyText: null },
    });
    const again = await ask(`/opt-outs/${local}`, { method: 'PUT' });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(added.body);

    const got = await ask(`/opt-outs/${msisdn}`);
    expect(got.body).toEqual(added.body);
    const tag = got.headers.get('etag') as string;
    const same = await ask(`/opt-outs/${msisdn}`, { headers: { 'if-none-match': `"x", W/${tag}` } });
    expect(same).toMatchObject({ status: 304, body: null });
    expect(same.headers.get('etag')).toBe(tag);
    expect(await ask(`/opt-outs/${msisdn}`, { headers: { 'if-none-match': '"x"' } })).toMatchObject({
      status: 200,
    });

    const { body: history } = await ask(`/opt-outs/${msisdn}/history`);
    expect(history).toMatchObject({
      data: [
        {
          type: 'opted-out',
          actor: 'program',
          isOptedOut: true,
          evidence: { cause: 'api', source: 'web form' },
        },
      ],
      next: null,
    });
  });

  test('that the account made is removed by it', async () => {
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn);
    expect(await ask(`/opt-outs/${msisdn}`, { method: 'DELETE' })).toMatchObject({ status: 204, body: null });
    const again = await ask(`/opt-outs/${msisdn}`, { method: 'DELETE' });
    expect(again).toMatchObject({ status: 404, body: { type: expect.stringMatching(/#not-opted-out$/) } });
    const { body } = await ask(`/opt-outs/${msisdn}/history`);
    expect(body.data.at(-1)).toMatchObject({
      type: 'removed',
      isOptedOut: false,
      evidence: { cause: 'account' },
    });
  });

  test.each(['a reply', 'our staff'])('that %s made stays, with the way to go', async (who) => {
    const msisdn = nextMsisdn();
    if (who === 'a reply') await replyStop(msisdn);
    else await createManualOptOut(db.pool, account, msisdn, 'STAFF');
    expect(await ask(`/opt-outs/${msisdn}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: {
        type: expect.stringMatching(/\/docs\/api\/problems#removal-request-needed$/),
        removalRequestUrl: `${env.APP_URL}/messages/opt-outs/${msisdn}`,
      },
    });
    expect(await ask(`/opt-outs/${msisdn}`)).toMatchObject({ status: 200, body: { isRemovable: false } });
    // Nor does adding it make it one's own.
    expect(await ask(`/opt-outs/${msisdn}`, { method: 'PUT' })).toMatchObject({ status: 200 });
    expect((await ask(`/opt-outs/${msisdn}`, { method: 'DELETE' })).status).toBe(409);
  });

  test('that a reply made tells what was written, and names no other account', async () => {
    const msisdn = nextMsisdn();
    const senderNumber = await createSenderNumber(db.pool);
    for (const one of [account, stranger]) await createConversation(db.pool, one, { msisdn, senderNumber });
    await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop' })]);
    const { body } = await ask(`/opt-outs/${msisdn}/history`);
    expect(body.data[0]).toMatchObject({
      actor: 'recipient',
      evidence: {
        cause: 'reply',
        text: 'Stop',
        rule: 'exact:stop',
        senderNumber,
        sharedWith: 1,
      },
    });
    expect(JSON.stringify(body)).not.toContain(String(stranger.id));
  });

  test.each(['abc', '012 345', '+27118881234', '%E0%A4%A'])(
    'with no number that can be written to: %s',
    async (number) => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, body } = await ask(`/opt-outs/${number}`, { method });
        expect(status).toBe(422);
        expect(body.errors).toMatchObject([{ path: 'number', message: expect.stringMatching(/\w/) }]);
      }
    },
  );
});

describe('the list', () => {
  test('is read to its end by its cursors, each entry once, in both orders and with filters', async () => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    const numbers = Array.from({ length: 23 }, nextMsisdn);
    await askApi('/opt-outs/bulk', { key: secret, json: { numbers: numbers.slice(0, 20) } });
    for (const msisdn of numbers.slice(20)) await replyStop(msisdn, one);
    const readAll = async (filter: string) => {
      const found: string[] = [];
      let cursor = '';
      do {
        const { body } = await askApi(`/opt-outs?limit=5&${filter}${cursor}`, { key: secret });
        found.push(...body.data.map(({ number }: { number: string }) => number.slice(1)));
        cursor = body.next === null ? '' : `&cursor=${body.next}`;
      } while (cursor !== '');
      return found;
    };
    const newest = await readAll('order=newest');
    expect([...newest].sort()).toEqual([...numbers].sort());
    expect(await readAll('order=oldest')).toEqual([...newest].reverse());
    expect(await readAll('kind=reply')).toHaveLength(3);
    expect(await readAll('kind=reply&kind=api')).toHaveLength(23);
    expect(await readAll(`senderNumber=${one.senderNumber}`)).toHaveLength(3);
    expect(await readAll('to=2020-01-01T00:00:00%2B02:00')).toEqual([]);
    expect(await readAll('from=2020-01-01T00:00:00Z')).toHaveLength(23);
  });

  test('refuses a cursor of another account, of another list, and what is none', async () => {
    await createManualOptOut(db.pool, stranger, nextMsisdn());
    await createManualOptOut(db.pool, stranger, nextMsisdn());
    const { body } = await ask('/opt-outs?limit=1', { key: strangersKey });
    expect(body.next).not.toBeNull();
    expect((await ask(`/opt-outs?cursor=${body.next}`, { key: strangersKey })).status).toBe(200);
    const refused = { status: 422, body: { type: expect.stringMatching(/#invalid-cursor$/) } };
    expect(await ask(`/opt-outs?cursor=${body.next}`)).toMatchObject(refused);
    expect(await ask(`/opt-outs?order=oldest&cursor=${body.next}`, { key: strangersKey })).toMatchObject(
      refused,
    );
    expect(await ask(`/opt-outs/changes?after=${body.next}`, { key: strangersKey })).toMatchObject(refused);
    for (const wrong of [
      'x',
      'bnVsbA',
      Buffer.from(JSON.stringify([account.id, 'opt-outs-newest', '2026-02-30 00:00:00+00', '1'])).toString(
        'base64url',
      ),
    ]) {
      expect(await ask(`/opt-outs?cursor=${wrong}`)).toMatchObject(refused);
    }
    const changes = await ask('/opt-outs/changes', { key: strangersKey });
    expect(await ask(`/opt-outs/changes?after=${changes.body.next}`)).toMatchObject(refused);
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'kind=no', 'from=yesterday', 'order=up', 'page=2'])(
    'refuses %s',
    async (search) => {
      const { status, body } = await ask(`/opt-outs?${search}`);
      expect(status).toBe(422);
      expect(body.type).toMatch(/#invalid-request$/);
      expect(body.errors).toHaveLength(1);
    },
  );
});

describe('many numbers', () => {
  test('are added, each with what became of it', async () => {
    const [fresh, there] = [nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, there);
    const numbers = [`0${fresh.slice(2)}`, Number(there), 'nobody', fresh];
    const { body } = await ask('/opt-outs/bulk', { json: { numbers } });
    expect(body).toMatchObject({ added: 1, alreadyThere: 1, invalid: 1, duplicates: 1 });
    expect(body.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'added',
      'already-there',
      'invalid',
      'duplicate',
    ]);
  });

  test('are checked: 10,000 in one request, and not one more', async () => {
    const blocked = nextMsisdn();
    await createManualOptOut(db.pool, account, blocked);
    const sister = await createAccount(db.pool, { parentAccountId: account.id });
    await createManualOptOut(db.pool, sister, '27720000000');
    await honourFamilyOptOuts(db.pool, account.scope, { honoursAll: true });
    await listOnRegistry(db.pool, ['27720000001']);
    await listOnRegistry(db.pool, ['27720000002'], sister.id);
    const others = Array.from({ length: 9_998 }, (_, index) => String(27_720_000_000 + index));
    const { status, body } = await ask('/opt-outs/check', {
      json: { numbers: [...others, blocked, 'nobody'] },
    });
    expect(status).toBe(200);
    expect(body.optedOut).toBe(1);
    expect(body.results).toHaveLength(10_000);
    expect(body.results.slice(-2)).toMatchObject([
      { number: `+${blocked}`, isOptedOut: true, isBlocked: true, kind: 'manual', reason: null },
      {
        input: 'nobody',
        number: null,
        isOptedOut: false,
        isBlocked: false,
        reason: expect.stringMatching(/\w/),
      },
    ]);
    // one that has opted out of another account of the family is blocked and not on the list
    expect(body.results.slice(0, 2)).toMatchObject([
      { isOptedOut: false, isBlocked: true, kind: null, since: null },
      { isOptedOut: false, isBlocked: false },
    ]);
    expect(
      body.results.slice(0, 3).map(({ isOnRegistry }: { isOnRegistry: boolean }) => isOnRegistry),
    ).toEqual([false, true, false]);
    const many = Array.from({ length: 10_001 }, () => blocked);
    for (const path of ['/opt-outs/check', '/opt-outs/bulk']) {
      expect(await ask(path, { json: { numbers: many } })).toMatchObject({ status: 422 });
      expect(await ask(path, { json: { numbers: [] } })).toMatchObject({ status: 422 });
      expect(await ask(path, { json: { numbers: [blocked], also: 1 } })).toMatchObject({ status: 422 });
    }
  });
});

/**
 * Reads the changes feed to its end. A transaction of any database of the server may hold an event back for a
 * moment: so it asks again until it has at least so many.
 */
async function followChanges(secret: string, from = '', { limit = 2, least = 0 } = {}) {
  const ids: string[] = [];
  const events: unknown[] = [];
  let after = from;
  await waitUntil(`${least} events are given out`, async () => {
    const { body } = await askApi(`/opt-outs/changes?limit=${limit}${after && `&after=${after}`}`, {
      key: secret,
    });
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    events.push(...body.data);
    after = body.next;
    return !body.hasMore && ids.length >= least;
  });
  return { ids, events, after };
}

/** A transaction that may still write events of the account: one of the machine where these lie. */
const drawTransaction = (client: PoolClient, { id }: TestAccount) =>
  client.query(
    'select count(*), pg_current_xact_id() as transaction from opt_out_event where account_id = $1',
    [id],
  );

describe('the changes feed', () => {
  test('has every event once, in order, and the same again from any place', async () => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    const [a, b, c] = [nextMsisdn(), nextMsisdn(), nextMsisdn()] as const;
    await askApi('/opt-outs/bulk', { key: secret, json: { numbers: [a, b] } });
    const middle = await followChanges(secret, '', { least: 2 });
    expect(middle.ids).toHaveLength(2);
    await askApi(`/opt-outs/${a}`, { key: secret, method: 'DELETE' });
    await replyStop(c, one);
    await replyStop(b, one);
    const rest = await followChanges(secret, middle.after, { least: 3 });
    expect(rest.events).toMatchObject([
      { number: `+${a}`, type: 'removed', isOptedOut: false },
      { number: `+${c}`, type: 'opted-out', isOptedOut: true },
      { number: `+${b}`, type: 'confirmed-by-reply', isOptedOut: true },
    ]);
    expect((await followChanges(secret, middle.after, { least: 3 })).ids).toEqual(rest.ids);
    expect((await followChanges(secret, '', { limit: 1_000, least: 5 })).ids).toEqual([
      ...middle.ids,
      ...rest.ids,
    ]);
    expect((await followChanges(secret, rest.after)).ids).toEqual([]);
  });

  test('leaves out nothing that commits late with a lower id', async () => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    const [late, early, last] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    const insert = `with entry as (
        insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL') returning *
      ) insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
      select account_id, msisdn, id, 'OPTED_OUT', 'system', '{}' from entry returning id`;
    const client = await db.pool.connect();
    try {
      await client.query('begin');
      const lower = (await client.query<{ id: string }>(insert, [one.id, late])).rows[0]?.id as string;
      const higher = (await db.pool.query<{ id: string }>(insert, [one.id, early])).rows[0]?.id as string;
      expect(BigInt(higher)).toBeGreaterThan(BigInt(lower));

      // The higher one is there, and waits.
      const before = await followChanges(secret);
      expect(before.ids).toEqual([]);
      await client.query('commit');
      const after = await followChanges(secret, before.after, { least: 2 });
      expect(after.ids).toEqual([lower, higher]);

      // Of another transaction that is under way all the time, what is older does not wait for ever.
      await client.query('begin');
      const [third] = (await db.pool.query<{ id: string }>(insert, [one.id, last])).rows;
      const waiting = await followChanges(secret, after.after, { least: 1 });
      expect(waiting.ids).toEqual([third?.id]);
      await drawTransaction(client, one);
      const held = nextMsisdn();
      const [fourth] = (await db.pool.query<{ id: string }>(insert, [one.id, held])).rows;
      const blocked = await followChanges(secret, waiting.after);
      expect(blocked.ids).toEqual([]);
      // Always another one under way: the horizon in the cursor is passed all the same.
      const next = await db.pool.connect();
      try {
        await next.query('begin');
        await drawTransaction(next, one);
        await client.query('rollback');
        expect((await followChanges(secret)).ids).not.toContain(fourth?.id);
        expect((await followChanges(secret, blocked.after, { least: 1 })).ids).toEqual([fourth?.id]);
      } finally {
        await next.query('rollback');
        next.release();
      }
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test.each<[string, (msisdn: string, of: TestAccount, secret: string) => Promise<unknown>]>([
    ['a program adds', (msisdn, _, secret) => askApi(`/opt-outs/${msisdn}`, { key: secret, method: 'PUT' })],
    ['a recipient wishes', (msisdn, of) => replyStop(msisdn, of)],
    ['is removed', (msisdn, _, secret) => askApi(`/opt-outs/${msisdn}`, { key: secret, method: 'DELETE' })],
  ])('waits for the event of what %s, whose id is drawn and which is not there', async (what, write) => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    const [late, early] = [nextMsisdn(), nextMsisdn()] as const;
    const isRemoved = what === 'is removed';
    if (isRemoved) await askApi(`/opt-outs/${late}`, { key: secret, method: 'PUT' });
    const { after } = await followChanges(secret, '', { least: isRemoved ? 1 : 0 });

    const letThrough = await holdInserts(db, 'opt_out_event', { accountId: one.id, msisdn: late });
    const writing = write(late, one, secret);
    try {
      await waitUntil('the event is held', () => isSomebodyWaiting(db.owner));
      await askApi(`/opt-outs/${early}`, { key: secret, method: 'PUT' });
      expect((await followChanges(secret, after)).ids).toEqual([]);
    } finally {
      await letThrough();
    }
    await writing;
    const { events } = await followChanges(secret, after, { least: 2 });
    expect(events).toMatchObject([{ number: `+${late}` }, { number: `+${early}` }]);
  });

  test('loses and repeats nothing while many write at the same time', async () => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    const numbers = Array.from({ length: 60 }, nextMsisdn);
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let index = writer; index < numbers.length; index += 4) {
        const msisdn = numbers[index] as string;
        await askApi(`/opt-outs/${msisdn}`, { key: secret, method: 'PUT' });
        if (index % 3 === 0) await askApi(`/opt-outs/${msisdn}`, { key: secret, method: 'DELETE' });
      }
    });
    let isOver = false;
    const over = Promise.all(writers).finally(() => (isOver = true));
    const read: string[] = [];
    let after = '';
    while (!isOver) {
      const some = await followChanges(secret, after, { limit: 7 });
      read.push(...some.ids);
      after = some.after;
    }
    await over;
    read.push(...(await followChanges(secret, after, { least: 80 - read.length })).ids);
    const { rows } = await db.pool.query<{ id: string }>(
      'select id from opt_out_event where account_id = $1 order by id',
      [one.id],
    );
    expect(read).toEqual(rows.map(({ id }) => id));
    expect(read).toHaveLength(80);
  });

  test('does not name whose data was erased', async () => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    await db.pool.query(
      `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence) values ($1, '', 1, 'REMOVED', 'recipient', '{}')`,
      [one.id],
    );
    expect((await followChanges(secret, '', { least: 1 })).events).toMatchObject([{ number: null }]);
  });
});

test('the credits', async () => {
  expect(await ask('/credits')).toMatchObject({ status: 200, body: { balance: 3645 } });
  expect(await ask('/credits', { key: strangersKey })).toMatchObject({ body: { balance: 0 } });
});

describe('an idempotency key', () => {
  const bulk = (numbers: string[], idempotencyKey: string, secret = key) =>
    ask('/opt-outs/bulk', { key: secret, json: { numbers }, headers: { 'idempotency-key': idempotencyKey } });

  test('gives the same request the same answer, and another request none', async () => {
    const msisdn = nextMsisdn();
    const first = await bulk([msisdn], 'one');
    expect(first.body).toMatchObject({ added: 1 });
    const again = await bulk([msisdn], 'one');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('ratelimit')).not.toBeNull();
    const reused = { status: 422, body: { type: expect.stringMatching(/#idempotency-key-reused$/) } };
    expect(await bulk([nextMsisdn()], 'one')).toMatchObject(reused);
    const check = { json: { numbers: [msisdn] }, headers: { 'idempotency-key': 'one' } };
    expect(await ask('/opt-outs/check', check)).toMatchObject(reused);
    // Of another key it is another.
    expect((await bulk([msisdn], 'one', strangersKey)).body).toMatchObject({ added: 1 });
  });

  test('of a request under way is refused, and free again when that came to nothing', async () => {
    const msisdn = nextMsisdn();
    const holder = await db.owner.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table opt_out in exclusive mode');
      const first = bulk([msisdn], 'two');
      const waiting = `pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await waitUntil(
        'the first waits',
        async () => (await db.owner.query(`select from ${waiting}`)).rowCount === 1,
      );
      const second = await bulk([msisdn], 'two');
      expect(second).toMatchObject({
        status: 409,
        body: { type: expect.stringMatching(/#idempotency-key-in-flight$/) },
      });
      expect(second.headers.get('retry-after')).toBe('1');
      await db.owner.query(`select pg_cancel_backend(pid) from ${waiting}`);
      expect(await first).toMatchObject({ status: 500 });
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    expect((await bulk([msisdn], 'two')).body).toMatchObject({ added: 1 });
  });

  test.each(['', 'with space', 'x'.repeat(256)])('that is none is refused: “%s”', async (wrong) => {
    expect(await bulk([nextMsisdn()], wrong)).toMatchObject({
      status: 422,
      body: { type: expect.stringMatching(/#idempotency-key-unreadable$/) },
    });
  });
});

describe('who may not', () => {
  const refusal = (status: number, code: string) => ({
    status,
    body: { status, type: `${env.APP_URL}/docs/api/problems#${code}`, detail: expect.stringMatching(/\w/) },
  });
  const someOf = { GET: '/opt-outs/27821234567', body: { numbers: ['27821234567'] } };

  test('no key, and what is none', async () => {
    const { headers, ...answer } = await ask('/credits', { key: null });
    expect(answer).toMatchObject(refusal(401, 'no-key'));
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(await ask('/credits', { key: 'cz_1_x' })).toMatchObject(refusal(401, 'invalid-key'));
  });

  test('a key that lacks the scope, for each operation', async () => {
    const opposite = { READ: 'OPT_OUTS', OPT_OUTS: 'READ', SEND: 'READ', WEBHOOKS: 'READ' } as const;
    const others = new Map<string, string>();
    for (const scope of new Set(Object.values(opposite))) {
      others.set(scope, (await createApiKey(db.pool, account, { scopes: [scope] })).secret);
    }
    for (const { method, path, scope, body } of operations) {
      const other = others.get(opposite[scope]) as string;
      const url = path.replace('{number}', '27821234567').replace(/\{\w+\}/g, '1');
      const json = body ? { json: someOf.body } : {};
      expect(await ask(url, { key: other, method, ...json })).toMatchObject(refusal(403, 'scope-missing'));
    }
  });

  test('a revoked key, an expired one, one of a suspended account, one from elsewhere', async () => {
    const { id, secret } = await createApiKey(db.pool, account);
    expect((await ask('/credits', { key: secret })).status).toBe(200);
    await db.pool.query('update api_key set revoked_at = now() where account_id = $1 and id = $2', [
      account.id,
      id,
    ]);
    expect(await ask('/credits', { key: secret })).toMatchObject(refusal(401, 'key-revoked'));
    await db.pool.query(
      `update api_key set revoked_at = null, expires_at = now() - interval '1 second' where account_id = $1 and id = $2`,
      [account.id, id],
    );
    expect(await ask('/credits', { key: secret })).toMatchObject(refusal(401, 'key-expired'));
    const { secret: bound } = await createApiKey(db.pool, account, { networks: ['203.0.113.0/24'] });
    expect(await ask('/credits', { key: bound })).toMatchObject(refusal(403, 'address-not-allowed'));
    const suspended = await createAccount(db.pool);
    const { secret: sleeping } = await createApiKey(db.pool, suspended);
    await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [suspended.id]);
    expect(await ask('/credits', { key: sleeping })).toMatchObject(refusal(403, 'account-suspended'));
  });

  test.each([
    ['revoked', ({ id }) => ['update api_key set revoked_at = now() where id = $1', [id]]],
    ['expired', ({ id }) => ['update api_key set expires_at = now() where id = $1', [id]]],
    [
      'suspended with its account',
      ({ accountId }) => [`update account set status = 'SUSPENDED' where id = $1`, [accountId]],
    ],
  ] as [string, (key: { id: number; accountId: number }) => [string, number[]]][])(
    'a key that is %s while the body of its request drips does nothing',
    async (_, change) => {
      const one = await createAccount(db.pool);
      const { id, secret } = await createApiKey(db.pool, one);
      const dripping = (number: string, meanwhile: () => Promise<unknown>) => {
        const [first, last] = [`{"numbers":["${number}"`, ']}'];
        const source = {
          async pull(controller: ReadableStreamDefaultController) {
            await meanwhile();
            controller.enqueue(new TextEncoder().encode(first + last));
            controller.close();
          },
        };
        // Not before somebody reads: the key has been looked up then.
        const body = new ReadableStream(source, { highWaterMark: 0 });
        const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body, duplex: 'half' };
        return answerApi(new Request('http://localhost/api/v2/opt-outs/bulk', init));
      };
      const [untouched, late] = [nextMsisdn(), nextMsisdn()];
      expect((await dripping(untouched, async () => undefined)).response.status).toBe(200);
      vi.useFakeTimers({ toFake: ['Date'] });
      try {
        const { response } = await dripping(late, async () => {
          await db.pool.query(...change({ id, accountId: one.id }));
          vi.setSystemTime(Date.now() + 2_000);
        });
        expect(response.status).toBeGreaterThanOrEqual(401);
        expect(response.status).toBeLessThanOrEqual(403);
      } finally {
        vi.useRealTimers();
      }
      const { rows } = await db.pool.query('select msisdn from opt_out where account_id = $1', [one.id]);
      expect(rows).toEqual([{ msisdn: untouched }]);
    },
  );

  test('another account gets nothing of it', async () => {
    const one = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, one);
    const msisdn = nextMsisdn();
    await replyStop(msisdn, one);
    const asks = (who: string) => ({
      list: ask('/opt-outs', { key: who }).then(({ body }) => body.data),
      one: ask(`/opt-outs/${msisdn}`, { key: who }).then(({ status }) => status),
      history: ask(`/opt-outs/${msisdn}/history`, { key: who }).then(({ body }) => body.data),
      changes: followChanges(who, '', { least: who === secret ? 1 : 0 }).then(({ events }) => events),
      check: ask('/opt-outs/check', { key: who, json: { numbers: [msisdn] } }).then(
        ({ body }) => body.optedOut,
      ),
    });
    const { secret: empty } = await createApiKey(db.pool, await createAccount(db.pool));
    for (const [what, answer] of Object.entries(asks(empty))) {
      expect([what, await answer]).toEqual([what, { one: 404, check: 0 }[what] ?? []]);
    }
    const own = asks(secret);
    expect(await own.list).toHaveLength(1);
    expect(await own.one).toBe(200);
    expect(await own.history).toHaveLength(1);
    expect(await own.changes).toHaveLength(1);
    expect(await own.check).toBe(1);
    expect((await ask(`/opt-outs/${msisdn}`, { key: empty, method: 'DELETE' })).status).toBe(404);
    expect(await ask(`/opt-outs/${msisdn}`, { key: secret })).toMatchObject({ status: 200 });
  });

  test('more requests in a minute than a key may make; each answer says how many are left', async () => {
    const { secret } = await createApiKey(db.pool, account);
    const { headers } = await ask('/credits', { key: secret });
    const limit = env.API_REQUESTS_PER_MINUTE;
    expect(headers.get('ratelimit-policy')).toBe(`"key";q=${limit};w=60`);
    expect(headers.get('ratelimit')).toMatch(new RegExp(`^"key";r=${limit - 1};t=\\d+$`));
    const { RateLimiterMemory } = await import('rate-limiter-flexible');
    const consume = vi.spyOn(RateLimiterMemory.prototype, 'consume');
    try {
      await ask('/credits', { key: secret });
      const [keyId] = consume.mock.calls[0] as [number];
      const limiter = consume.mock.contexts[0] as InstanceType<typeof RateLimiterMemory>;
      await limiter.penalty(keyId, limit);
      const answer = await ask('/credits', { key: secret });
      expect(answer).toMatchObject(refusal(429, 'too-many-requests'));
      expect(answer.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      consume.mockRestore();
    }
  });

  test('another method, no path, no JSON, too much', async () => {
    const other = await ask('/opt-outs/27821234567', { method: 'POST', json: {} });
    expect(other).toMatchObject(refusal(405, 'method-not-allowed'));
    expect(other.headers.get('allow')).toBe('GET, PUT, DELETE');
    for (const url of ['/', '/optouts', '/opt-outs/1/2/3']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        expect(await ask(url, { method })).toMatchObject(refusal(404, 'no-such-path'));
      }
    }
    expect(await ask('/opt-outs/check', { body: '{' })).toMatchObject(refusal(400, 'not-json'));
    expect(await ask('/opt-outs/check', { json: {}, contentType: 'text/plain' })).toMatchObject(
      refusal(415, 'content-type'),
    );
    const long = JSON.stringify({ numbers: ['0'.repeat(1_000_001)] });
    expect(await ask('/opt-outs/check', { body: long })).toMatchObject(refusal(413, 'too-large'));
  });
});
