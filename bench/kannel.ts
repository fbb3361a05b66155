import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { composeReplyUrl } from '@/lib/carriers/kannel/addresses';
import { env } from '@/lib/env';
import { BoxGoBetween } from '@/testing/box-go-between';
import { GoBetween } from '@/testing/go-between';
import { TestKannel } from '@/testing/kannel';
import { waitUntil } from '@/testing/poll';
import { encodeGsm, type PhoneReply } from '@/testing/smpp-network';
import { findFreePort, isWorkerUp, startWorkerProcess } from '@/testing/worker-process';
import type { BenchRow } from './bench-row';
import type { Bench, BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import {
  describeMsisdn,
  msisdnSql,
  seedAccounts,
  seedConversations,
  seedHistory,
  senderNumber,
} from './seed';

const accountId = 400;
const otherAccountId = 401;
/** Of the product's calls, of the bare client's, and of the network's replies. */
const windowSize = 100;
const deadlineMs = 90_000;
/** For the last receipts of what one side has sent, before the other begins. */
const restMs = 500;
/** Some ten seconds after a start V8 gives back what it can spare, which is work: 0.1 s in each of eight. */
const settleMs = 20_000;

/** What runs beside the bench; ended with it. */
const running = new Set<ChildProcess>();

/**
 * Through a real Kannel and a network that speaks SMPP. Each bench has a database and a Kannel of its own:
 * what one leaves behind, another would wait for.
 */
interface Stage {
  context: BenchContext;
  kannel: TestKannel;
  /** Where workers listen, one at a time. */
  port: number;
  /** A second Kannel, whose replies and receipts go to a listener that does nothing. */
  startIdle: () => Promise<{ idle: TestKannel; sink: ChildProcess; sinkPort: number }>;
  /** A third one, whose replies and receipts go to a box that does nothing. */
  startIdleBox: () => Promise<{ idle: TestKannel; sink: ChildProcess }>;
}

async function onStage(
  context: BenchContext,
  work: (stage: Stage) => Promise<BenchRow[]>,
  listener?: string,
): Promise<BenchRow[]> {
  await seedAccounts(context.pool, [accountId, otherAccountId]);
  await seedHistory(context, [accountId, otherAccountId]);
  const kannels: TestKannel[] = [];
  const port = await findFreePort();
  const startKannel = async (address: string, hasOwnBox: boolean) => {
    const replyUrl = composeReplyUrl({ listener: address, carrier: 'kannel', secret: env.CARRIER_SECRET });
    const kannel = await TestKannel.start({ replyUrl, hasOwnBox });
    kannels.push(kannel);
    return kannel;
  };
  const startIdle = async () => {
    const sink = await startSide('sink');
    const [address] = (await once(sink, 'message')) as [AddressInfo];
    const idle = await startKannel(`http://127.0.0.1:${address.port}`, false);
    return { idle, sink, sinkPort: address.port };
  };
  const startIdleBox = async () => {
    const idle = await startKannel('http://127.0.0.1:9', true);
    const sink = fork('bench/kannel-box-side.ts', [String(idle.boxPort)]);
    running.add(sink);
    await once(sink, 'message');
    return { idle, sink };
  };
  try {
    // As the product is set up: workers are boxes of it, unless what stands between is to see each reply.
    const kannel = await startKannel(listener ?? `http://127.0.0.1:${port}`, listener === undefined);
    return await work({ context, kannel, port, startIdle, startIdleBox });
  } finally {
    for (const process of running) process.kill('SIGKILL');
    running.clear();
    for (const kannel of kannels) await kannel.stop();
  }
}

/** Replies in, against Kannel into a listener that does nothing. */
export const benchKannelReplies: Bench = (context) => onStage(context, benchReplies);

/** Messages out, against a client that does nothing else. */
export const benchKannelMessages: Bench = (context) =>
  onStage(context, async (stage) => [await benchMessages(stage)]);

/** Messages out by eight workers, against one. */
export const benchKannelWorkers: Bench = (context) =>
  onStage(context, async (stage) => [await benchWorkers(stage)]);

/** A confirmation beside another account's long batch. */
export const benchKannelFairness: Bench = (context) =>
  onStage(context, async (stage) => [await benchFairness(stage)]);

/** How long it takes until a "Stop" is honoured, end to end, where smsbox hands replies over. */
export const benchKannelHonour: Bench = async (context) => {
  const between = await GoBetween.start();
  try {
    return await onStage(
      context,
      ({ port, ...stage }) => {
        between.workers.push(port);
        return benchHonour({ port, ...stage }, { way: 'HTTP', acknowledged: between.acknowledged });
      },
      between.address,
    );
  } finally {
    await between.close();
  }
};

/** The same where the worker is a box of bearerbox's. */
export const benchKannelHonourByBox: Bench = async (context) => {
  const between = await BoxGoBetween.start();
  try {
    return await onStage(context, (stage) => {
      between.boxPort = stage.kannel.boxPort;
      const { acknowledged, address } = between;
      return benchHonour(stage, { way: 'box', acknowledged, boxAddress: address });
    });
  } finally {
    await between.close();
  }
};

async function startSide(...parameters: string[]): Promise<ChildProcess> {
  const side = fork('bench/kannel-sides.mjs', parameters, { execArgv: [] });
  running.add(side);
  return side;
}

async function startWorker(
  { url }: BenchContext,
  kannel: TestKannel,
  port: number,
  {
    ratePerSecond = 1_000_000,
    listenerPort = port,
    environment = {},
  }: { ratePerSecond?: number; listenerPort?: number; environment?: Record<string, string> } = {},
): Promise<ChildProcess> {
  const worker = await startWorkerProcess({
    databaseUrl: url,
    ratePerSecond,
    port,
    environment: {
      ...kannel.environment,
      // Of a worker that has ended Kannel would ask for ever, and have less time for the others.
      CARRIER_LISTENER_URL: `http://127.0.0.1:${listenerPort}`,
      CARRIER_WINDOW: String(windowSize),
      LOG_LEVEL: 'error',
      ...environment,
    },
  });
  running.add(worker);
  await waitUntil('the worker is up', () => isWorkerUp(port));
  return worker;
}

async function endWorker(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
  running.delete(worker);
}

async function count(pool: Pool, query: string, values: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(`select count(*) from ${query}`, values);
  return Number(rows[0]?.count);
}

const perSecond = (messages: number, ms: number) =>
  Math.round((messages / ms) * 1000).toLocaleString('en-ZA');

/** The replies of these numbers: one in ten is an opt-out, and one in twenty comes twice. */
function composeReplies(first: number, size: number): PhoneReply[] {
  const replies: PhoneReply[] = [];
  for (let n = first; replies.length < size; n++) {
    const isStop = n % 10 === 0;
    const reply = {
      from: describeMsisdn(n),
      to: senderNumber,
      octets: encodeGsm(isStop ? 'Stop' : `What time does the shop open on Saturday? ${n}`),
    };
    replies.push(reply);
    if (n % 20 === 0 && replies.length < size) replies.push(reply);
  }
  return replies;
}

/** Who wants no more. */
function findStops(replies: readonly PhoneReply[]): Set<string> {
  return new Set(
    replies.filter(({ octets }) => octets.toString('latin1') === 'Stop').map(({ from }) => from),
  );
}

async function benchReplies({
  context,
  kannel: ours,
  port,
  startIdle,
  startIdleBox,
}: Stage): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const size = quick ? 500 : 4_000;
  const rounds = quick ? 2 : 5;
  // A comparison has a round besides, which does not count; and there are two.
  const roundsInAll = 2 * (rounds + 1);
  const idle = await startIdle();
  const idleBox = await startIdleBox();
  await seedConversations(pool, [accountId], 0, roundsInAll * size);
  const worker = await startWorker(context, ours, port);
  // Only what came since the last look is counted, as one process records and ids grow: a count of all that
  // a round has recorded, asked each 10 ms, was a share of the database's work.
  const seen = { last: '0', replies: 0 };
  const lookAtReplies = async () => {
    const { rows } = await pool.query<{ last: string | null; count: number }>(
      'select max(id) as last, count(*)::int as count from reply where account_id = $1 and id > $2',
      [accountId, seen.last],
    );
    seen.last = rows[0]?.last ?? seen.last;
    seen.replies += rows[0]?.count ?? 0;
    return seen.replies;
  };
  const countConfirmed = () =>
    count(
      pool,
      `message where account_id = $1 and kind = 'CONFIRMATION' and status in ('SENT', 'DELIVERED')`,
      [accountId],
    );
  const recordedBefore = await count(pool, 'reply');
  let confirmed = 0;
  let done = 0;
  const measureOurs = async () => {
    const replies = composeReplies(done * size, size);
    done += 1;
    const before = await lookAtReplies();
    const elapsedMs = await timeMs(async () => {
      await ours.network.deliver(replies, windowSize);
      await waitUntil('all are recorded', async () => (await lookAtReplies()) >= before + size, deadlineMs);
    });
    // What is left of them is not to meet the other side.
    confirmed += findStops(replies).size;
    await waitUntil(
      'all confirmations have left',
      async () => (await countConfirmed()) >= confirmed,
      deadlineMs,
    );
    await delay(restMs);
    return elapsedMs;
  };
  const measureIdle = async ({ idle: kannel, sink }: { idle: TestKannel; sink: ChildProcess }) => {
    const countSink = async () => {
      const counted = once(sink, 'message');
      sink.send('count');
      return ((await counted) as [number])[0];
    };
    const replies = composeReplies(0, size);
    const before = await countSink();
    return timeMs(async () => {
      await kannel.network.deliver(replies, windowSize);
      await waitUntil('all are heard', async () => (await countSink()) >= before + size, deadlineMs);
    });
  };
  const byListener = await compareInterleaved(rounds, measureOurs, () => measureIdle(idle));
  const byBox = await compareInterleaved(rounds, measureOurs, () => measureIdle(idleBox));
  if ((await count(pool, 'reply')) !== recordedBefore + roundsInAll * size)
    throw new Error('Other replies were recorded than were written.');
  const stops = findStops(
    Array.from({ length: roundsInAll }, (_, round) => composeReplies(round * size, size)).flat(),
  );
  const blocked = await count(pool, 'opt_out where account_id = $1', [accountId]);
  const arrived = ours.network.parts.filter(({ to }) => stops.has(to)).length;
  if (blocked !== stops.size || (await countConfirmed()) !== stops.size || arrived !== stops.size) {
    throw new Error(
      `${stops.size} opt-outs were wanted: ${blocked} are in force, with ${await countConfirmed()} confirmations, of which ${arrived} arrived.`,
    );
  }
  await endWorker(worker);
  const name = `replies from a real Kannel, ${(rounds * size).toLocaleString('en-ZA')}, one in ten an opt-out, all of it done`;
  const speeds = ({ oursMs, baselineMs }: typeof byBox) =>
    `${perSecond(size, oursMs)} against ${perSecond(size, baselineMs)} replies/s`;
  return [
    {
      name,
      against: 'Kannel delivering to a listener that does nothing',
      ratio: 1 / byListener.timeRatio,
      floor: 0.6,
      goal: 0.9,
      better: 'higher',
      detail: `${speeds(byListener)}; ${stops.size} opt-outs, each with one confirmation at its phone`,
    },
    {
      name: `${name}, by the same way`,
      against: 'bearerbox delivering to a box that does nothing',
      ratio: 1 / byBox.timeRatio,
      floor: 0,
      goal: 0,
      better: 'higher',
      detail: speeds(byBox),
    },
  ];
}

/** Messages that are due now, or whenever a worker comes. */
async function fillQueue(pool: Pool, account: number, first: number, size: number): Promise<void> {
  await pool.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, next_attempt_at)
     select $1, ${msisdnSql('n')}, $2, 'Our winter sale starts on Friday: 20 % off everything in store. Reply STOP to opt out.',
       1, 1, 'QUEUED', now()
     from generate_series($3::int, $4::int - 1) as n`,
    [account, senderNumber, first, first + size],
  );
}

/** From the first of so many parts to the last, as the network sees them. */
async function timeArrivals(
  kannel: TestKannel,
  size: number,
  start: () => Promise<unknown>,
): Promise<number> {
  const { parts } = kannel.network;
  const before = parts.length;
  await start();
  await waitUntil('all have arrived', () => parts.length >= before + size, deadlineMs);
  return (parts[before + size - 1]?.at ?? 0) - (parts[before]?.at ?? 0);
}

async function benchMessages({ context, kannel: ours, port, startIdle }: Stage): Promise<BenchRow> {
  const { pool, quick } = context;
  const size = quick ? 500 : 4_000;
  const rounds = quick ? 2 : 5;
  const { idle, sinkPort } = await startIdle();
  const worker = await startWorker(context, ours, port);
  const bare = await startSide('send', idle.sendsmsUrl, String(windowSize));
  await once(bare, 'message');
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    rounds,
    async (round) => {
      const elapsedMs = await timeArrivals(ours, size, () =>
        fillQueue(pool, otherAccountId, 20_000_000 + round * size, size),
      );
      const waiting = `message where account_id = $1 and status in ('QUEUED', 'SENDING')`;
      await waitUntil('all is recorded', async () => (await count(pool, waiting, [otherAccountId])) === 0);
      return elapsedMs;
    },
    async (round) => {
      const queries = Array.from({ length: size }, (_, index) =>
        String(
          new URLSearchParams({
            username: idle.username,
            password: idle.password,
            from: senderNumber,
            to: describeMsisdn(30_000_000 + round * size + index),
            text: 'Our winter sale starts on Friday: 20 % off everything in store. Reply STOP to opt out.',
            coding: '0',
            charset: 'UTF-8',
            'dlr-mask': '31',
            'dlr-url': `http://127.0.0.1:${sinkPort}/receipt?status=%d&answer=%A`,
          }),
        ),
      );
      return timeArrivals(idle, size, async () => {
        const sent = once(bare, 'message');
        const ended = once(bare, 'exit').then(() => {
          throw new Error('The bare client has ended before its time.');
        });
        bare.send(queries);
        await Promise.race([sent, ended]);
      });
    },
  );
  await endWorker(worker);
  return {
    name: `${(rounds * size).toLocaleString('en-ZA')} messages out by a real Kannel, with their receipts`,
    against: 'sendsms calls by a bare client with the same window',
    ratio: 1 / timeRatio,
    floor: 0.6,
    goal: 0.9,
    better: 'higher',
    detail: `${perSecond(size, oursMs)} against ${perSecond(size, baselineMs)} messages/s, counted by the network`,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** One account's long batch, and how long the confirmations of another take meanwhile. */
async function benchFairness({ context, kannel, port }: Stage): Promise<BenchRow> {
  const { pool, quick } = context;
  const batch = quick ? 20_000 : 200_000;
  const stops = quick ? 20 : 200;
  await seedConversations(pool, [accountId], 40_000_000, stops);
  await fillQueue(pool, otherAccountId, 50_000_000, batch);
  // The rate of a fresh installation: the batch lasts longer than the measuring does.
  const worker = await startWorker(context, kannel, port, { ratePerSecond: 500 });
  const before = kannel.network.parts.length;
  await waitUntil('the batch is leaving', () => kannel.network.parts.length > before);
  const delays: number[] = [];
  await Promise.all(
    Array.from({ length: stops }, async (_, index) => {
      await delay(index * 100);
      const from = describeMsisdn(40_000_000 + index);
      const begunAt = performance.now();
      const arrival = kannel.network.waitForPart(from);
      await kannel.network.deliver([{ from, to: senderNumber, octets: encodeGsm('Stop') }]);
      delays.push((await arrival).at - begunAt);
    }),
  );
  const left = await count(pool, `message where account_id = $1 and status = 'QUEUED'`, [otherAccountId]);
  if (left === 0) throw new Error('The long batch was over before the measuring was.');
  await endWorker(worker);
  const slow = percentile(delays, 0.99);
  return {
    name: `a confirmation while another account sends ${batch.toLocaleString('en-ZA')}, 99th percentile, reply to phone`,
    against: 'nothing: seconds',
    ratio: slow / 1000,
    floor: 1,
    goal: 0.5,
    better: 'lower',
    detail: `median ${Math.round(percentile(delays, 0.5))} ms, 99th percentile ${Math.round(slow)} ms of ${stops}`,
  };
}

/** Eight workers, on two cores, against one: both are there before there is something to send. */
async function benchWorkers({ context, kannel, port }: Stage): Promise<BenchRow> {
  const { pool, quick } = context;
  const size = quick ? 500 : 4_000;
  let first = 70_000_000;
  const run = async (workers: number) => {
    const started = await Promise.all(
      Array.from({ length: workers }, async (_, place) =>
        startWorker(context, kannel, place === 0 ? port : await findFreePort(), { listenerPort: port }),
      ),
    );
    // Their receipts come to the first of them, while it is there.
    const waiting = `message where account_id = $1 and status in ('QUEUED', 'SENDING', 'SENT')`;
    const send = async (messages: number) => {
      const elapsedMs = await timeArrivals(kannel, messages, () =>
        fillQueue(pool, otherAccountId, first, messages),
      );
      first += messages;
      await waitUntil('all are delivered', async () => (await count(pool, waiting, [otherAccountId])) === 0);
      return elapsedMs;
    };
    // What a program does for the first times it does slowly: eight of them are not to be measured by that.
    await send(size / 4);
    await delay(settleMs);
    const elapsedMs = await send(size);
    await Promise.all(started.map(endWorker));
    return elapsedMs;
  };
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 1 : 5,
    () => run(8),
    () => run(1),
  );
  return {
    name: 'messages out by eight workers',
    against: 'one worker, on the same two cores',
    ratio: 1 / timeRatio,
    floor: 1,
    goal: 1.2,
    better: 'higher',
    detail: `${perSecond(size, oursMs)} against ${perSecond(size, baselineMs)} messages/s`,
  };
}

interface Acknowledging {
  way: 'HTTP' | 'box';
  /** By Kannel's id; what stands between it and the worker sees them. */
  acknowledged: ReadonlyMap<string, { from: string; at: number }>;
  /** What the worker is to take for bearerbox. */
  boxAddress?: string;
}

/** From the network's deliver until the block is in force: until the answer that comes after the commit. */
async function benchHonour(
  { context, kannel, port }: Stage,
  { way, acknowledged, boxAddress }: Acknowledging,
): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const size = quick ? 500 : 6_000;
  const first = 60_000_000;
  await seedConversations(pool, [accountId], first, 2 * size);
  const worker = await startWorker(context, kannel, port, {
    environment: boxAddress === undefined ? {} : { KANNEL_BOX_ADDRESS: boxAddress },
  });
  const measure = async (from: number, ratePerMs: number) => {
    const begun = new Map<string, number>();
    const acknowledgedBefore = acknowledged.size;
    const start = performance.now();
    const replies = Array.from({ length: size }, (_, index) => ({
      from: describeMsisdn(from + index),
      to: senderNumber,
      octets: encodeGsm(index % 10 === 0 ? 'Stop' : `See you then ${index}`),
    }));
    let next = 0;
    await Promise.all(
      Array.from({ length: windowSize }, async () => {
        for (let reply = replies[next]; reply !== undefined; reply = replies[next]) {
          const dueAt = start + next / ratePerMs;
          next += 1;
          if (dueAt > performance.now()) await delay(dueAt - performance.now());
          begun.set(reply.from, Date.now());
          await kannel.network.deliver([reply], 1);
        }
      }),
    );
    const stops = replies.filter((_, index) => index % 10 === 0).map((reply) => reply.from);
    await waitUntil('all are acknowledged', () => acknowledged.size >= acknowledgedBefore + size);
    const elapsedMs = performance.now() - start;
    const at = new Map([...acknowledged.values()].map((reply) => [reply.from, reply.at]));
    const delays = stops.map((stop) => (at.get(stop) ?? 0) - (begun.get(stop) ?? 0));
    const marks = [0.5, 0.99, 0.999].map((share) => percentile(delays, share));
    return { marks, perMs: size / elapsedMs };
  };
  const full = await measure(first, Number.POSITIVE_INFINITY);
  const half = await measure(first + size, full.perMs / 2);
  await endWorker(worker);
  const row = (
    what: string,
    { marks, perMs }: typeof full,
    limits: { floor: number; goal: number },
  ): BenchRow => ({
    name: `time to honour a Stop by ${way} at ${what} load, 99th percentile, network's deliver to acknowledged`,
    against: 'nothing: milliseconds',
    ratio: marks[1] ?? Number.NaN,
    ...limits,
    better: 'lower',
    detail: `median ${marks[0]} ms, 99th ${marks[1]} ms, 99.9th ${marks[2]} ms, at ${Math.round(perMs * 1000)} replies/s`,
  });
  return [row('half', half, { floor: 0, goal: 0 }), row('full', full, { floor: 0, goal: 0 })];
}
