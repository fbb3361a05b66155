import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { env } from '@/lib/env';
import { measureText } from '@/lib/sms/segments';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { GoBetween } from '@/testing/go-between';
import { TestKannel } from '@/testing/kannel';
import { readLedger } from '@/testing/ledger';
import { writeEveryForm } from '@/testing/reply-forms';
import { waitUntil } from '@/testing/poll';
import { encodeGsm, joinParts, type NetworkPart } from '@/testing/smpp-network';
import { findFreePort, isWorkerUp, startWorkerProcess } from '@/testing/worker-process';
import { composeReplyUrl } from './addresses';
import { longestQueue, mostParts } from './configuration';

/*
 * A real Kannel, the real worker, and a network that speaks SMPP: what is between them is what runs in
 * production. Between Kannel and the worker stands a go-between that can lose answers.
 */

let db: TestDatabase;
let kannel: TestKannel;
let worker: ChildProcess;
let between: GoBetween;

/** Numbers that the network has no way to. */
const unroutablePrefix = '2784';

beforeAll(async () => {
  db = await createTestDatabase();
  const port = await findFreePort();
  between = await GoBetween.start(port);
  kannel = await TestKannel.prepare({
    replyUrl: composeReplyUrl({ listener: between.address, carrier: 'kannel', secret: env.CARRIER_SECRET }),
    // A part waits a second for the rest.
    instead: { 'sms-combine-concatenated-mo-timeout': '1' },
    ofNetwork: { 'denied-prefix': `"+${unroutablePrefix};${unroutablePrefix}"` },
  });
  worker = await startWorkerProcess({
    databaseUrl: db.url,
    ratePerSecond: 2000,
    port,
    environment: { ...kannel.environment, CARRIER_LISTENER_URL: between.address },
  });
  await Promise.all([kannel.run(), waitUntil('the worker is up', () => isWorkerUp(port))]);
});

afterAll(async () => {
  worker?.kill('SIGKILL');
  await kannel?.stop();
  await between?.close();
  await db.close();
});

async function count(query: string, values: unknown[]): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(`select count(*) from ${query}`, values);
  return Number(rows[0]?.count);
}

/** What phones of these numbers got, by number, in the order of arrival. */
function partsOf(numbers: readonly string[]): Map<string, NetworkPart[]> {
  const wanted = new Map<string, NetworkPart[]>(numbers.map((number) => [number, []]));
  for (const part of kannel.network.parts) wanted.get(part.to)?.push(part);
  return wanted;
}

describe('replies', () => {
  test('of every coding and form arrive as they were written', async () => {
    const { written, arrived, wantNoMore, blocked } = await writeEveryForm({
      pool: db.pool,
      network: kannel.network,
    });
    expect(arrived).toEqual(written);
    expect(wantNoMore.length).toBeGreaterThan(0);
    expect(blocked).toEqual(wantNoMore);
  });

  test('500, every fifth handed over twice: each is there once, each opt-out with one confirmation that leaves', async () => {
    const account = await createAccount(db.pool);
    const replies = Array.from({ length: 500 }, (_, index) => ({
      from: nextMsisdn(),
      to: account.senderNumber as string,
      octets: encodeGsm(index % 10 === 0 ? 'Stop' : `hello ${index}`),
    }));
    const before = between.handedOn;
    between.losesAnswer = (place) => place % 5 === 0;
    await kannel.network.deliver(replies);
    const stopped = replies.filter((_, index) => index % 10 === 0).map(({ from }) => from);
    const distinct = `(select distinct carrier_message_id from reply where account_id = $1) as known`;
    await waitUntil('all are recorded', async () => (await count(distinct, [account.id])) === 500);
    await waitUntil('the confirmations have left', () =>
      [...partsOf(stopped).values()].every((parts) => parts.length > 0),
    );
    // Until Kannel has heard of each: then nothing more can come.
    await waitUntil('Kannel has nothing left', () => between.handedOn - before >= 500 + 100);
    between.losesAnswer = () => false;

    expect(between.handedOn - before).toBeGreaterThan(500);
    expect(await count('reply where account_id = $1', [account.id])).toBe(500);
    expect(await count('opt_out where account_id = $1', [account.id])).toBe(50);
    const confirmations = `message where account_id = $1 and kind = 'CONFIRMATION'`;
    expect(await count(confirmations, [account.id])).toBe(50);
    expect([...partsOf(stopped).values()].map((parts) => parts.length)).toEqual(stopped.map(() => 1));
    await waitUntil(
      'their receipts are applied',
      async () => (await count(`${confirmations} and status = 'DELIVERED'`, [account.id])) === 50,
    );
    const [parts] = partsOf(stopped).values();
    expect(parts?.[0]?.from).toBe(account.senderNumber);
  });
});

describe('while the network answers nothing', () => {
  /** What its link takes without an answer, as the configuration has it. */
  const pending = 100;

  /** Answers with how it is let go on. */
  function holdNetwork(): () => void {
    let letGo = () => {};
    kannel.network.until = new Promise((resolve) => (letGo = resolve));
    return () => {
      kannel.network.until = null;
      letGo();
    };
  }

  test('a confirmation goes ahead of what waits in Kannel', async () => {
    const [batch, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const before = kannel.network.parts.length;
    const letGo = holdNetwork();
    const handedOver = `message where account_id = $1 and status = 'SENT'`;
    const sendMore = async (messages: number, inAll: number) => {
      await queueMessages(db.pool, batch, Array.from({ length: messages }, nextMsisdn));
      await waitUntil(
        'Kannel has all of the batch',
        async () => (await count(handedOver, [batch.id])) === inAll,
      );
    };
    await sendMore(pending + 10, pending + 10);
    const from = nextMsisdn();
    await kannel.network.deliver([{ from, to: other.senderNumber as string, octets: encodeGsm('Stop') }]);
    await waitUntil('Kannel has the confirmation', async () => (await count(handedOver, [other.id])) === 1);
    // Without a priority Kannel takes the newest second first.
    const second = Math.floor(Date.now() / 1000);
    await waitUntil('the next second has begun', () => Date.now() / 1000 > second + 1);
    await sendMore(50, pending + 60);
    expect(kannel.network.parts.length - before).toBe(pending);
    letGo();
    await waitUntil('all have arrived', () => kannel.network.parts.length >= before + pending + 61);
    const place = kannel.network.parts.findIndex(({ to }) => to === from) - before;
    expect(place).toBeGreaterThanOrEqual(pending);
    expect(place).toBeLessThan(pending + 5);
  });

  test('most of a long batch stays with us, and an opt-out meanwhile reaches it', async () => {
    const account = await createAccount(db.pool);
    const inAll = pending + 2 * longestQueue;
    const letGo = holdNetwork();
    await queueMessages(db.pool, account, Array.from({ length: inAll }, nextMsisdn));
    const handedOver = `message where account_id = $1 and kind = 'NORMAL' and status = 'SENT'`;
    await waitUntil(
      'Kannel is full',
      async () => (await count(handedOver, [account.id])) > pending + longestQueue,
    );
    // Which of them stay with us is for the worker to say: those that met a full Kannel wait for a turn.
    const { rows: waitingHere } = await db.pool.query<{ msisdn: string }>(
      `select msisdn from message where account_id = $1 and status = 'QUEUED' order by next_attempt_at desc, id desc`,
      [account.id],
    );
    const last = waitingHere[0]?.msisdn as string;
    await kannel.network.deliver([
      { from: last, to: account.senderNumber as string, octets: encodeGsm('Stop') },
    ]);
    await waitUntil(
      'the opt-out is in force',
      async () => (await count('opt_out where account_id = $1', [account.id])) === 1,
    );
    // Calls that were under way when it became full may have been taken, too.
    expect(await count(handedOver, [account.id])).toBeLessThan(inAll - longestQueue / 2);
    letGo();
    const waiting = `message where account_id = $1 and status not in ('DELIVERED', 'BLOCKED')`;
    await waitUntil('all have ended', async () => (await count(waiting, [account.id])) === 0);
    const { rows } = await db.pool.query<{ msisdn: string }>(
      `select msisdn from message where account_id = $1 and status = 'BLOCKED'`,
      [account.id],
    );
    expect(rows).toEqual([{ msisdn: last }]);
    // The confirmation, and nothing else.
    expect(partsOf([last]).get(last)).toHaveLength(1);
  });
});

describe('messages', () => {
  async function send(account: TestAccount, texts: readonly string[]): Promise<string[]> {
    const recipients = texts.map(nextMsisdn);
    for (const [index, text] of texts.entries()) {
      await queueMessages(db.pool, account, [recipients[index] as string], text);
    }
    return recipients;
  }

  test('leave in as many parts as are charged, and arrive as they were written', async () => {
    const account = await createAccount(db.pool);
    const texts = [
      'short',
      'x'.repeat(160),
      ...[1, 2, 3, 4, 5, 6].flatMap((parts) => [
        'x'.repeat(153 * parts),
        // An extension character that does not fit begins the next part.
        `${'y'.repeat(152)}€`.repeat(parts).slice(0, 918),
      ]),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((parts) => [
        '€{}'.repeat(100).slice(0, 76 * parts),
        'ж'.repeat(67 * parts),
        '😀'.repeat(33 * parts),
      ]),
      '停'.repeat(70),
      // A pair of surrogates, parted.
      '😀'.repeat(67),
      '😀'.repeat(68),
      `a${'😀'.repeat(458)}`,
      '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà ^{}\\[~]|€ %41 %C3%A9 100% + & = # ?',
    ];
    const recipients = await send(account, texts);
    const segments = texts.map((text) => measureText(text).segments);
    const total = segments.reduce((sum, one) => sum + one, 0);
    const arrived = () => [...partsOf(recipients).values()];
    await waitUntil('all have arrived', () => arrived().flat().length >= total);

    expect(Math.max(...segments)).toBe(mostParts);
    expect(arrived().map((parts) => parts.length)).toEqual(segments);
    expect(arrived().map(joinParts)).toEqual(texts);
    const { rows } = await db.pool.query<{ sum: string }>(
      'select sum(cost) from message where account_id = $1',
      [account.id],
    );
    expect(Number(rows[0]?.sum)).toBe(total);
    // Of a long text the first part alone has a receipt.
    await waitUntil(
      'all are delivered',
      async () =>
        (await count(`message where account_id = $1 and status = 'DELIVERED'`, [account.id])) ===
        texts.length,
    );
  });

  test('end as the network says: delivered, not delivered, refused, no way', async () => {
    const account = await createAccount(db.pool);
    const [good, lost, refused] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    const unroutable = `${unroutablePrefix}${nextMsisdn().slice(4)}`;
    kannel.network.receipt = ({ to }) => (to === lost ? 'UNDELIV' : 'DELIVRD');
    kannel.network.answer = ({ to }) => (to === refused ? 'refuse' : 'take');
    await queueMessages(db.pool, account, [good, lost, refused, unroutable]);
    const read = async () => {
      const { rows } = await db.pool.query<{ msisdn: string; status: string }>(
        'select msisdn, status from message where account_id = $1',
        [account.id],
      );
      return new Map(rows.map(({ msisdn, status }) => [msisdn, status]));
    };
    await waitUntil('all have ended', async () =>
      [...(await read()).values()].every((status) => status === 'DELIVERED' || status === 'FAILED'),
    );
    const ended = await read();
    expect([good, lost, refused, unroutable].map((msisdn) => ended.get(msisdn))).toEqual([
      'DELIVERED',
      'FAILED',
      'FAILED',
      'FAILED',
    ]);
    // None of them is given back twice.
    const ledger = await readLedger(db.pool, account.id);
    expect(ledger.balance).toBe(ledger.entries);
    expect(ledger.balance).toBe(ledger.toppedUpLessCosts);
    expect(partsOf([unroutable]).get(unroutable)).toEqual([]);
  });

  test('wait while Kannel refuses our password, and leave when it is right', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await db.pool.query(`update carrier set username = 'nobody' where name = 'kannel'`);
    // What the worker knows of its carriers is a second old at most: the first may leave as before.
    let queuedAt = 0;
    await waitUntil('the carrier is paused', async () => {
      if (Date.now() - queuedAt > 200) {
        await queueMessages(db.pool, account, [nextMsisdn()]);
        queuedAt = Date.now();
      }
      return (
        (await count(`carrier where name = 'kannel' and state = 'PAUSED' and problem is not null`, [])) === 1
      );
    });
    await queueMessages(db.pool, account, [msisdn]);
    const of = (status: string) =>
      count('message where account_id = $1 and status = $2', [account.id, status]);
    await waitUntil('what was under way is back', async () => (await of('SENDING')) === 0);
    for (const status of ['FAILED', 'IN_DOUBT']) expect(await of(status), status).toBe(0);
    expect(await count('audit_entry where action = $1', ['carrier.stop'])).toBe(1);

    await db.pool.query(
      `update carrier set username = $1, state = 'ACTIVE', problem = null where name = 'kannel'`,
      [kannel.username],
    );
    const waiting = `message where account_id = $1 and status <> 'DELIVERED'`;
    await waitUntil('all have left', async () => (await count(waiting, [account.id])) === 0);
    expect(partsOf([msisdn]).get(msisdn)).toHaveLength(1);
  });
});

test('Kannel writes down no text, no number of a person and no secret, also where it tries again', async () => {
  const account = await createAccount(db.pool);
  const [written, writing] = [nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [written], 'Your kettle is ready');
  await waitUntil('the message is delivered', async () => {
    return (await count(`message where msisdn = $1 and status = 'DELIVERED'`, [written])) === 1;
  });
  let tries = 0;
  between.losesAnswer = () => ++tries <= 3;
  await kannel.network.deliver([
    { from: writing, to: account.senderNumber as string, octets: encodeGsm('Which kettle?') },
  ]);
  await waitUntil('the fourth try is answered', async () => tries >= 4);
  between.losesAnswer = () => false;
  await waitUntil(
    'the reply is there',
    async () => (await count('reply where msisdn = $1', [writing])) === 1,
  );
  const logs = await kannel.readLogs();
  // They are the right files, and written to.
  expect(logs).toContain('Client connected from');
  for (const secret of ['kettle', written.slice(2), writing.slice(2), kannel.password, '@127.0.0.1'])
    expect(logs).not.toContain(secret);
});
