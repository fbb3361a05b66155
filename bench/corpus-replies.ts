import { spawn } from 'node:child_process';
import { text as readText } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { answerCarrier } from '@/lib/carriers/door';
import { createCarrierListener } from '@/lib/carriers/listener';
import { env } from '@/lib/env';
import { receiveReplies } from '@/lib/replies/commands';
import { createReceiptIntake } from '@/lib/messages/receipt-intake';
import { createReplyIntake } from '@/lib/replies/intake';
import type { IncomingReply } from '@/lib/replies/schema';
import { loadSmsCorpus } from '@/testing/sms-corpus';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs, type Side } from './interleave';
import { describeMsisdn, seedAccounts, seedConversations, seedHistory, senderNumber } from './seed';
import { startWeb } from './web';

const accountId = 100;
const batchSize = 500;
const authorization = `Bearer ${env.CARRIER_SECRET}`;
const replyPath = `/carrier/${env.CARRIER}/reply`;
/** Connections a carrier keeps open, each with one request at a time. */
const connections = 200;
/** Of the corpus, what goes to the web: it takes some hundreds a second. */
const textsForWeb = 5_000;

/**
 * 55,835 real SMSs as replies, each from a number of its own: through the door with natural batching, over
 * HTTP to the worker's listener, over HTTP to the web. For information: the figure with a floor is the one
 * with a real Kannel.
 */
export async function benchCorpusReplies(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const corpus = quick ? loadSmsCorpus().slice(0, textsForWeb) : loadSmsCorpus();
  const rounds = quick ? 1 : 3;
  let taken = 0;
  const take = (texts: readonly string[]) => texts.map((text) => composeReply(taken++, text));
  const compare = async (
    name: string,
    against: string,
    texts: readonly string[],
    ours: Run,
    baseline: Run,
  ) => {
    const side = (run: Run): Side => {
      return () => run(take(texts));
    };
    const { timeRatio, oursMs, baselineMs } = await compareInterleaved(rounds, side(ours), side(baseline));
    const perSecond = (ms: number) => Math.round((texts.length / ms) * 1000).toLocaleString('en-ZA');
    return {
      name,
      against,
      ratio: 1 / timeRatio,
      floor: 0,
      goal: 0,
      better: 'higher' as const,
      detail: `${perSecond(oursMs)} against ${perSecond(baselineMs)} replies/s`,
    };
  };

  await seedAccounts(pool, [accountId]);
  await seedHistory(context, [accountId]);
  await seedConversations(pool, [accountId], 0, corpus.length * 4 * (rounds + 1));

  const worker = createCarrierListener(pool);
  const idle = createIdleListener();
  const web = await startWeb(context);
  try {
    const workerUrl = await worker.listen({ host: '127.0.0.1', port: 0 });
    const idleUrl = await idle.listen({ host: '127.0.0.1', port: 0 });
    const postTo = (url: string) => (replies: Reply[]) => postOverHttp(`${url}${replyPath}`, replies);
    return [
      await compare(
        'the corpus through the carriers’ door, 500 at a time',
        'receiveReplies in batches of 500',
        corpus,
        (replies) => postThroughDoor(pool, replies),
        (replies) => receiveInBatches(pool, replies),
      ),
      await compare(
        'the corpus over HTTP to the worker',
        'a listener that does nothing',
        corpus,
        postTo(workerUrl),
        postTo(idleUrl),
      ),
      await compare(
        'the corpus over HTTP to the web',
        'a listener that does nothing',
        corpus.slice(0, textsForWeb),
        postTo(`${web.url}/api`),
        postTo(idleUrl),
      ),
    ];
  } finally {
    await Promise.all([worker.close(), idle.close(), web.stop()]);
  }
}

/** A reply, and the request a carrier would make of it. */
interface Reply {
  incoming: IncomingReply;
  body: string;
}

/** Answers with milliseconds. */
type Run = (replies: Reply[]) => Promise<number>;

function composeReply(n: number, text: string): Reply {
  const fields = { id: `corpus-${n}`, from: describeMsisdn(n), to: senderNumber, text };
  const { id: carrierMessageId, ...rest } = fields;
  return {
    incoming: { ...rest, carrierMessageId, carrier: env.CARRIER, raw: null, receivedAt: new Date() },
    body: JSON.stringify(fields),
  };
}

async function receiveInBatches(pool: Pool, replies: readonly Reply[]): Promise<number> {
  return timeMs(async () => {
    for (let start = 0; start < replies.length; start += batchSize) {
      const batch = replies.slice(start, start + batchSize).map(({ incoming }) => incoming);
      await receiveReplies(pool, batch);
    }
  });
}

async function postThroughDoor(pool: Pool, replies: readonly Reply[]): Promise<number> {
  const tools = { pool, replies: createReplyIntake(pool), receipts: createReceiptIntake(pool) };
  let next = 0;
  const post = async () => {
    for (let reply = replies[next++]; reply !== undefined; reply = replies[next++]) {
      const body = Buffer.from(reply.body);
      const { status } = await answerCarrier(tools, {
        kind: 'reply',
        carrier: env.CARRIER,
        authorization,
        address: null,
        contentType: 'application/json',
        readBody: async () => body,
      });
      if (status !== 200) throw new Error(`A reply was answered with ${status}.`);
    }
  };
  return timeMs(() => Promise.all(Array.from({ length: batchSize }, post)));
}

/**
 * The carrier runs in a process of its own, so that it takes no time from the listeners, which run in this
 * one.
 */
async function postOverHttp(url: string, replies: readonly Reply[]): Promise<number> {
  const carrier = spawn(
    process.execPath,
    ['--import', 'tsx', 'bench/http-load.ts', url, authorization, String(connections)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve, reject) => carrier.on('error', reject).on('exit', resolve));
  carrier.stdin.end(replies.map(({ body }) => body).join('\n'));
  const output = await readText(carrier.stdout);
  if ((await ended) !== 0) throw new Error('The carrier failed.');
  return Number(output);
}

/** What a listener costs that reads replies and does nothing with them. */
function createIdleListener(): FastifyInstance {
  const app = Fastify({ logger: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('*', () => ({ status: 'accepted' }));
  return app;
}
