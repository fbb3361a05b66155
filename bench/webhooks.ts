import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Pool } from 'pg';
import { receiveReplies } from '@/lib/replies/commands';
import { composeBody } from '@/lib/webhooks/body';
import { WebhookClient } from '@/lib/webhooks/client';
import { WebhookSender } from '@/lib/webhooks/sender';
import { makeSecret, sealWebhookSecret, Signer } from '@/lib/webhooks/signature';
import { endWithUs } from '@/testing/end-with-us';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { composeReply } from './receive-replies';
import { msisdnSql, seedAccounts, seedConversations, seedHistory } from './seed';

const sendingAccount = 300;
const toldAccount = 301;
const untoldAccount = 302;
const rules = { allowLoopback: true, allowHttp: true };
/** As many as the sender has under way at one endpoint. */
const atOnce = 16;

/** Webhooks: sending them against plain requests, and what they cost those who receive replies. */
export async function benchWebhooks(context: BenchContext): Promise<BenchRow[]> {
  await seedAccounts(context.pool, [sendingAccount, toldAccount, untoldAccount]);
  return [await benchSending(context), await benchReplies(context)];
}

async function benchSending({ pool, quick }: BenchContext): Promise<BenchRow> {
  const count = quick ? 1_000 : 10_000;
  await seedReplies(pool, count);
  const { url, stop } = await startReceiver();
  const secret = sealWebhookSecret(sendingAccount, makeSecret());
  const endpointId = await addEndpoint(pool, sendingAccount, url, secret);
  const sender = new WebhookSender(pool, { client: new WebhookClient(rules) });
  const plain = new WebhookClient(rules);
  try {
    const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
      quick ? 2 : 5,
      async () => {
        await fillQueue(pool, endpointId);
        const elapsedMs = await timeMs(async () => {
          await sender.sweep();
          await sender.settle();
        });
        const { rows } = await pool.query<{ delivered: string }>(
          `select count(*) as delivered from webhook_delivery where state = 'DELIVERED'`,
        );
        if (Number(rows[0]?.delivered) !== count)
          throw new Error(`${rows[0]?.delivered} of ${count} arrived.`);
        return elapsedMs;
      },
      () => timeMs(() => postPlainly(plain, new URL(url), count)),
    );
    const perSecond = (ms: number) => Math.round((count / ms) * 1000).toLocaleString('en-ZA');
    return {
      name: `webhooks, ${count.toLocaleString('en-ZA')} events to an endpoint that answers at once`,
      against: 'plain keep-alive POSTs by the same HTTP client',
      ratio: 1 / timeRatio,
      floor: 0.5,
      goal: 0.8,
      better: 'higher',
      detail: `${perSecond(oursMs)} against ${perSecond(baselineMs)} a second, each made of its event, claimed, signed and recorded`,
    };
  } finally {
    await sender.stop();
    plain.close();
    await stop();
  }
}

async function postPlainly(client: WebhookClient, url: URL, count: number): Promise<void> {
  let left = count;
  const text = composeBody({
    type: 'reply.received',
    createdAt: new Date(),
    data: JSON.stringify(sampleData),
  });
  const headers = ['content-type', 'application/json'];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const answer = await client.post(url, headers, Buffer.from(text));
        if (!answer.ok) throw new Error(answer.reason);
      }
    }),
  );
}

const sampleData = {
  number: '+27820000001',
  replyId: '1001',
  senderNumber: '27600100200',
  messageId: '2002',
  verdict: 'none',
  rule: null,
  receivedAt: '2026-11-29T08:00:00+00:00',
  text: 'What time does the shop open on Saturday? I want to come by in the morning.',
};

/** The replies that the events tell of. */
async function seedReplies(pool: Pool, count: number): Promise<void> {
  await pool.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
     select $1, ${msisdnSql('1000000 + n')}, $2, $3, 'NONE', 'bench', n::text, now() from generate_series(1, $4::int) as n`,
    [sendingAccount, sampleData.senderNumber, sampleData.text, count],
  );
}

/** As receiving replies leaves it: batches of events, of which no deliveries were made. */
async function fillQueue(pool: Pool, endpointId: number): Promise<void> {
  await pool.query('truncate webhook_delivery, webhook_batch');
  await pool.query(
    `insert into webhook_batch (account_id, endpoint_id, source, subject_ids, created_at)
     select $1, $2, 'REPLY', array_agg(id order by id), now()
     from (select id, row_number() over (order by id) - 1 as place from reply where account_id = $1) as reply
     group by place / 500`,
    [sendingAccount, endpointId],
  );
  await pool.query('vacuum analyze webhook_batch, reply');
  await pool.query('checkpoint');
}

async function benchReplies(context: BenchContext): Promise<BenchRow> {
  const { pool, quick } = context;
  const batch = 500;
  const batches = 10;
  const rounds = quick ? 3 : 15;
  await seedHistory(context, [toldAccount, untoldAccount]);
  await addEndpoint(pool, toldAccount, 'https://shop.example/', sealWebhookSecret(toldAccount, makeSecret()));
  const needed = (rounds + 1) * batch * batches;
  const [toldFrom, untoldFrom] = [30_000_000, 35_000_000];
  await seedConversations(pool, [toldAccount], toldFrom, needed);
  await seedConversations(pool, [untoldAccount], untoldFrom, needed);
  const receive = (first: number) => async (round: number) => {
    const from = first + round * batch * batches;
    const all = Array.from({ length: batches }, (_, index) =>
      Array.from({ length: batch }, (_, n) => composeReply(from + index * batch + n)),
    );
    return timeMs(async () => {
      for (const one of all) await receiveReplies(pool, one);
    });
  };
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    rounds,
    receive(toldFrom),
    receive(untoldFrom),
  );
  const { rows } = await pool.query<{ told: string }>(
    `select sum(cardinality(subject_ids)) as told from webhook_batch where account_id = $1 and source = 'REPLY'`,
    [toldAccount],
  );
  if (Number(rows[0]?.told) !== needed) throw new Error(`${rows[0]?.told} events of ${needed} replies.`);
  const perSecond = (ms: number) => Math.round(((batch * batches) / ms) * 1000).toLocaleString('en-ZA');
  return {
    name: 'replies/s with webhooks configured, batches of 500, one in ten an opt-out',
    against: 'without',
    ratio: 1 / timeRatio,
    floor: 0.8,
    goal: 0.95,
    better: 'higher',
    detail: `${perSecond(oursMs)} against ${perSecond(baselineMs)} replies/s, 1.1 events for each, told later: of what that takes, see the row above`,
  };
}

async function addEndpoint(pool: Pool, accountId: number, url: string, secret: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into webhook_endpoint (account_id, handle, url, events, with_texts, in_order, sealed_secret, retry_at, created_at)
     values ($1, $2, $3, '{reply.received,opt_out.created}', true, true, $4, now(), now()) returning id`,
    [accountId, randomUUID(), url, secret],
  );
  if (!Signer.open(accountId, [secret])) throw new Error('The secret cannot be read.');
  return rows[0]?.id ?? 0;
}

/** A program that answers at once, in a process of its own. */
async function startReceiver(): Promise<{ url: string; stop: () => Promise<void> }> {
  const program = `require('node:http').createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;
  const child = endWithUs(spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] }));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${port.toString().trim()}/`,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
