import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase } from '@/lib/db/client';
import { env } from '@/lib/env';
import { recordReceipts } from '@/lib/messages/receipts';
import { receiveReplies } from '@/lib/replies/commands';
import { composeReply, createAccount, nextMsisdn, queueMessages } from '@/testing/factories';
import { MemoryCarrier, takeMessage } from '@/testing/memory-carrier';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import { Dispatcher } from '@/lib/messages/dispatcher';
import { answerMetrics } from './exposition';
import { forgetQueues } from './queues';
import { metrics } from './registry';
import type { ReplicaView } from './schema';

const token = 'a-token-of-prometheus-that-guards-nothing';
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  env.METRICS_TOKEN = token;
  forgetQueues();
  metrics.registry.resetMetrics();
});
afterEach(() => {
  env.METRICS_TOKEN = undefined;
});

const ask = (authorization?: string) => answerMetrics(authorization, { main: db.pool });

/** The figures that are shown, by name and labels as they stand there. */
async function readFigures(pool = db.pool, replica: ReplicaView | null = null): Promise<Map<string, number>> {
  const { status, body } = await answerMetrics(`Bearer ${token}`, { main: pool }, replica);
  expect(status).toBe(200);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^(.*) (\S+)$/.exec(line) ?? [];
      return [name, Number(value)];
    }),
  );
}

test('shows nothing without the token, and is not there while none is set', async () => {
  expect((await ask()).status).toBe(401);
  expect((await ask('Bearer another-token-of-the-same-length-as-it')).status).toBe(401);
  expect((await ask(`Basic ${token}`)).status).toBe(401);
  expect((await ask(`bearer ${token}`)).status).toBe(200);
  env.METRICS_TOKEN = undefined;
  expect((await ask(`Bearer ${token}`)).status).toBe(404);
  expect((await ask('Bearer undefined')).status).toBe(404);
});

test('counts what is due by class, confirmations apart, and nothing of what is not due', async () => {
  const ordinary = await createAccount(db.pool, { credits: 10 });
  const own = nextMsisdn();
  const trial = await createAccount(db.pool, { credits: 10, trialMsisdn: own });
  const suspended = await createAccount(db.pool, { credits: 10 });
  await queueMessages(db.pool, ordinary, [nextMsisdn(), nextMsisdn(), nextMsisdn()]);
  await queueMessages(db.pool, trial, [own]);
  await queueMessages(db.pool, suspended, [nextMsisdn()]);
  await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [suspended.id]);
  const later = await createAccount(db.pool, { credits: 10 });
  await queueMessages(db.pool, later, [nextMsisdn()]);
  await db.pool.query(
    `update message set next_attempt_at = now() + interval '1 hour' where account_id = $1`,
    [later.id],
  );
  await db.pool.query(
    `update message set next_attempt_at = now() - interval '10 minutes' where account_id = $1`,
    [trial.id],
  );
  await receiveReplies(db.pool, [
    composeReply({ from: nextMsisdn(), to: ordinary.senderNumber as string, text: 'Stop' }),
  ]);

  const figures = await readFigures();
  const waiting = (name: string) =>
    figures.get(`client_zone_queue_waiting{queue="messages",class="${name}"}`);
  const age = (name: string) =>
    figures.get(`client_zone_queue_age_seconds{queue="messages",class="${name}"}`);
  expect(['ordinary', 'trial', 'confirmation', 'consent', 'service'].map(waiting)).toEqual([3, 1, 1, 0, 0]);
  expect(age('trial')).toBeGreaterThanOrEqual(600);
  expect(age('ordinary')).toBeLessThan(600);
  expect(age('consent')).toBe(0);
});

test('counts replies by verdict, what carriers answer and receipts, and times what is an opt-out', async () => {
  const account = await createAccount(db.pool, { credits: 10 });
  const to = account.senderNumber as string;
  const stop = composeReply({ from: nextMsisdn(), to, text: 'Stop' });
  const receivedAt = new Date(Date.now() - 20_000);
  await receiveReplies(db.pool, [
    { ...stop, receivedAt },
    composeReply({ from: nextMsisdn(), to, text: 'Thank you' }),
    composeReply({ from: nextMsisdn(), to: '99999', text: 'Stop' }),
  ]);
  await receiveReplies(db.pool, [stop]);

  await queueMessages(db.pool, account, [nextMsisdn()]);
  await new Dispatcher(db.pool, new MemoryCarrier(takeMessage)).dispatchBatch(account.id);
  const down = new MemoryCarrier(() => {
    throw new Error('no route to host');
  });
  await queueMessages(db.pool, account, [nextMsisdn()]);
  await new Dispatcher(db.pool, down).dispatchBatch(account.id);
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from message where account_id = $1 and status = 'SENT' limit 1`,
    [account.id],
  );
  const receipt = { accountId: account.id, status: 'delivered', reason: null } as const;
  await recordReceipts(db.pool, [
    { ...receipt, messageId: rows[0]?.id ?? '' },
    { ...receipt, messageId: '999999999' },
  ]);

  const figures = await readFigures();
  const replies = (verdict: string) => figures.get(`client_zone_replies_total{verdict="${verdict}"}`);
  expect(['opt-out', 'none', 'duplicate'].map(replies)).toEqual([2, 1, 1]);
  // the one that nobody owns blocks nothing
  expect(figures.get('client_zone_time_to_honour_seconds_count')).toBe(1);
  expect(figures.get('client_zone_time_to_honour_seconds_bucket{le="10"}')).toBe(0);
  expect(figures.get('client_zone_time_to_honour_seconds_bucket{le="60"}')).toBe(1);
  const { name } = down;
  expect(figures.get(`client_zone_handovers_total{carrier="${name}",outcome="sent"}`)).toBe(2);
  expect(figures.get(`client_zone_handovers_total{carrier="${name}",outcome="retry"}`)).toBe(1);
  expect(figures.get(`client_zone_carrier_errors_total{carrier="${name}",fault="away"}`)).toBe(1);
  expect(figures.get('client_zone_receipts_total{status="delivered"}')).toBe(1);
  expect(figures.get('client_zone_receipts_refused_total{because="message"}')).toBe(1);
});

test('tells no number, text or account', async () => {
  const account = await createAccount(db.pool, { credits: 10 });
  const from = nextMsisdn();
  const text = 'Stop, says Themba Nkosi';
  await receiveReplies(db.pool, [composeReply({ from, to: account.senderNumber as string, text })]);
  const body = (await ask(`Bearer ${token}`)).body;
  expect(body).toContain('client_zone_replies_total');
  const labels = [...body.matchAll(/\{(.*)\}/g)].map(([, inside]) => inside).join('\n');
  for (const secret of [from, 'Themba', account.name, `"${account.id}"`, account.senderNumber as string])
    expect(labels).not.toContain(secret);
});

test('asks the database once, however many ask at once and soon after', async () => {
  const texts = await watchStatements(async () => {
    await Promise.all(Array.from({ length: 20 }, () => ask(`Bearer ${token}`)));
    await ask(`Bearer ${token}`);
  });
  expect(texts).toHaveLength(1);
  forgetQueues();
  expect(await watchStatements(() => ask(`Bearer ${token}`))).toHaveLength(1);
});

test('shows the rest while the database is away, and no queue as it was', async () => {
  expect((await readFigures()).get('client_zone_database_up')).toBe(1);
  forgetQueues();
  const address = new URL(db.url);
  address.pathname = '/no_such_database';
  const elsewhere = createDatabase(address.href);
  const figures = await readFigures(elsewhere.pool);
  await elsewhere.close();
  expect(figures.get('client_zone_database_up')).toBe(0);
  expect(figures.get('client_zone_workers')).toBeNaN();
  expect([...figures.keys()].filter((name) => name.startsWith('client_zone_queue'))).toEqual([]);
  expect(figures.get('process_resident_memory_bytes')).toBeGreaterThan(0);
});

test('shows who holds connections and who waits for one', async () => {
  const { pool, close } = createDatabase(db.url, 2);
  const held = [await pool.connect(), await pool.connect()];
  const third = pool.connect();
  // the queues were asked for before
  await ask(`Bearer ${token}`);
  const figures = await readFigures(pool);
  for (const client of held) client.release();
  (await third).release();
  await close();
  expect(figures.get('client_zone_database_connections{pool="main",state="in_use"}')).toBe(2);
  expect(figures.get('client_zone_database_waiting{pool="main"}')).toBe(1);
  expect(figures.get('client_zone_database_connections_max{pool="main"}')).toBe(2);
});

test('shows what the read replica is to this process, and nothing where there is none', async () => {
  const of = (figures: Map<string, number>) =>
    Object.fromEntries([...figures].filter(([name]) => /replica_(state|reads)/.test(name)));
  expect(of(await readFigures())).toEqual({});
  const replica = { state: 'behind', since: new Date(), problem: null, lagBytes: 4096 } as const;
  const reads = { replica: 7, behind: 2, away: 1, failed: 0 };
  // a counter begins anew with each process, not with each question
  for (let question = 0; question < 2; question++) {
    const figures = await readFigures(db.pool, { ...replica, reads });
    expect(figures.get('client_zone_replica_lag_bytes')).toBe(4096);
    expect(of(figures)).toEqual({
      'client_zone_replica_state{state="used"}': 0,
      'client_zone_replica_state{state="behind"}': 1,
      'client_zone_replica_state{state="away"}': 0,
      'client_zone_replica_reads_total{answered="replica"}': 7,
      'client_zone_replica_reads_total{answered="behind"}': 2,
      'client_zone_replica_reads_total{answered="away"}': 1,
      'client_zone_replica_reads_total{answered="failed"}': 0,
    });
  }
});

describe.each(['deploy/grafana/client-zone.json', 'deploy/prometheus/client-zone.rules.yml'])(
  '%s',
  (file) => {
    const text = readFileSync(file, 'utf8').replaceAll('\\"', '"');

    test('names nothing that is not shown', async () => {
      const shown = new Set(
        metrics.registry
          .getMetricsAsArray()
          .flatMap(({ name }) => ['', '_bucket', '_sum', '_count'].map((ending) => `${name}${ending}`)),
      );
      const named = new Set(text.match(/\b(?:client_zone|nodejs|process)_[a-z0-9_]+/g));
      expect(named.size).toBeGreaterThan(8);
      expect([...named].filter((name) => !shown.has(name))).toEqual([]);
    });

    test('asks for queues and classes that there are', async () => {
      const figures = [...(await readFigures()).keys()].join('\n');
      const asked = [...text.matchAll(/\b(queue|class)=(~?)"([^"]*)"/g)];
      expect(asked.length).toBeGreaterThan(3);
      for (const [, label, , values = ''] of asked)
        for (const value of values.split('|')) expect(figures).toContain(`${label}="${value}"`);
    });

    test('asks for labels that its figures have', () => {
      for (const [, name = '', inside = ''] of text.matchAll(/\b(client_zone_\w+)\{([^}]*)\}/g)) {
        const figure = metrics.registry.getSingleMetric(name.replace(/_bucket$/, '')) as unknown as {
          labelNames: string[];
        };
        const labels = [...inside.matchAll(/(\w+)=/g)].map(([, label]) => label);
        expect([...figure.labelNames, 'le', 'instance'], name).toEqual(expect.arrayContaining(labels));
      }
    });
  },
);
