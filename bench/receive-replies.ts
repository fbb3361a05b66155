import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { receiveReplies } from '@/lib/replies/commands';
import { hashContent } from '@/lib/replies/content-hash';
import type { IncomingReply } from '@/lib/replies/schema';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs, type Comparison } from './interleave';
import {
  chooseAccount,
  describeMsisdn,
  seedAccounts,
  seedConversations,
  seedHistory,
  senderNumber,
} from './seed';

const batchSize = 500;
const batchesPerRound = 10;
const repliesPerRound = batchSize * batchesPerRound;

/** Replies in batches of 500, one in ten an opt-out, against plain inserts of the rows they leave behind. */
export async function benchReceiveReplies(context: BenchContext): Promise<BenchRow[]> {
  const one = [100];
  const twenty = Array.from({ length: 20 }, (_, index) => 101 + index);
  await seedAccounts(context.pool, [...one, ...twenty]);
  await seedHistory(context, [...one, ...twenty]);
  const alone = await compare(context, one, 0);
  const spread = await compare(context, twenty, 10_000_000);
  return [
    {
      name: 'replies through receiveReplies, batches of 500, one in ten an opt-out',
      against: 'plain set-based inserts of the same rows',
      ratio: 1 / alone.timeRatio,
      floor: 0.85,
      goal: 0.95,
      better: 'higher',
      detail: `${perSecond(alone.oursMs)} against ${perSecond(alone.baselineMs)} replies/s; spread over 20 accounts ${(1 / spread.timeRatio).toFixed(2)}`,
    },
  ];
}

function perSecond(ms: number): string {
  return Math.round((repliesPerRound / ms) * 1000).toLocaleString('en-ZA');
}

async function compare(
  { pool, quick }: BenchContext,
  accountIds: readonly number[],
  firstNumber: number,
): Promise<Comparison> {
  const rounds = quick ? 3 : 15;
  await seedConversations(pool, accountIds, firstNumber, (rounds + 1) * 2 * repliesPerRound);
  let next = firstNumber;
  const takeBatches = () =>
    Array.from({ length: batchesPerRound }, () => {
      const first = next;
      next += batchSize;
      return Array.from({ length: batchSize }, (_, index) => composeReply(first + index));
    });
  return compareInterleaved(
    rounds,
    async () => {
      const batches = takeBatches();
      return timeMs(async () => {
        for (const batch of batches) await receiveReplies(pool, batch);
      });
    },
    async () => {
      const batches: PlainRow[][] = [];
      for (const batch of takeBatches()) batches.push(await describeRows(pool, accountIds, batch));
      return timeMs(async () => {
        for (const rows of batches) await withTransaction(pool, (client) => insertPlainly(client, rows));
      });
    },
  );
}

const ordinaryTexts = [
  'Ok thanks',
  'What time does the shop open on Saturday? I want to come by in the morning.',
  'Please call me back, I have a question about my account and nobody answers.',
  'Hi, is the special still on? 😀',
  'Wrong number',
];

/** The reply of the n-th number; every tenth is an opt-out. */
export function composeReply(n: number): IncomingReply & { n: number } {
  return {
    n,
    carrier: 'bench',
    carrierMessageId: `bench-${n}`,
    from: describeMsisdn(n),
    to: senderNumber,
    text: n % 10 === 0 ? 'Stop' : (ordinaryTexts[n % ordinaryTexts.length] as string),
    raw: null,
    receivedAt: new Date(),
  };
}

/** What one reply leaves behind, known in advance: the baseline computes nothing. */
interface PlainRow extends IncomingReply {
  contentHash: string;
  accountId: number;
  messageId: number;
  replyId: string;
  optOut: { id: string; evidence: string; confirmation: string } | null;
}

/** Ids are reserved from the sequences, so that both sides fill the indexes at the same places. */
export async function describeRows(
  pool: Pool,
  accountIds: readonly number[],
  replies: readonly (IncomingReply & { n: number })[],
): Promise<PlainRow[]> {
  const { rows } = await pool.query<{ reply_id: string; opt_out_id: string }>(
    `select nextval(pg_get_serial_sequence('reply', 'id')) as reply_id,
       case when n % 10 = 0 then nextval(pg_get_serial_sequence('opt_out', 'id')) end as opt_out_id
     from unnest($1::int[]) as n`,
    [replies.map(({ n }) => n)],
  );
  return replies.map((reply, index) => {
    const { reply_id: replyId, opt_out_id: optOutId } = rows[index] as (typeof rows)[number];
    const accountId = chooseAccount(accountIds, reply.n);
    const messageId = reply.n + 1;
    const evidence = {
      text: reply.text,
      rule: 'exact:stop',
      verdict: 'OPT_OUT',
      replyId: Number(replyId),
      messageId,
      senderNumber,
      candidates: null,
      receivedAt: reply.receivedAt.toISOString(),
    };
    const confirmation = composeConfirmation({ name: `Account ${accountId}`, confirmationText: null });
    return {
      ...reply,
      contentHash: hashContent(reply),
      accountId,
      messageId,
      replyId,
      optOut: reply.n % 10 === 0 ? { id: optOutId, evidence: JSON.stringify(evidence), confirmation } : null,
    };
  });
}

export async function insertPlainly(client: PoolClient, rows: readonly PlainRow[]): Promise<void> {
  const optOuts = rows.flatMap((row) => (row.optOut ? [{ ...row, optOut: row.optOut }] : []));
  await client.query({
    name: 'plain-receipts',
    text: `insert into carrier_receipt (msisdn, carrier, carrier_message_id, content_hash)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[])`,
    values: [
      rows.map(({ from }) => from),
      rows.map(({ carrier }) => carrier),
      rows.map(({ carrierMessageId }) => carrierMessageId),
      rows.map(({ contentHash }) => contentHash),
    ],
  });
  await client.query({
    name: 'plain-replies',
    text: `insert into reply (account_id, id, msisdn, sender_number, text, verdict, rule, message_id,
        carrier, carrier_message_id, received_at)
      select * from unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::verdict[], $7::text[],
        $8::bigint[], $9::text[], $10::text[], $11::timestamptz[])`,
    values: [
      rows.map(({ accountId }) => accountId),
      rows.map(({ replyId }) => replyId),
      rows.map(({ from }) => from),
      rows.map(({ to }) => to),
      rows.map(({ text }) => text),
      rows.map(({ optOut }) => (optOut ? 'OPT_OUT' : 'NONE')),
      rows.map(({ optOut }) => (optOut ? 'exact:stop' : null)),
      rows.map(({ messageId }) => messageId),
      rows.map(({ carrier }) => carrier),
      rows.map(({ carrierMessageId }) => carrierMessageId),
      rows.map(({ receivedAt }) => receivedAt),
    ],
  });
  await client.query({
    name: 'plain-opt-outs',
    text: `insert into opt_out (account_id, msisdn, id, kind, sender_number, reply_id, reply_text, rule)
      select account_id, msisdn, id, 'REPLY', sender_number, reply_id, text, 'exact:stop'
      from unnest($1::int[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
        as row (account_id, msisdn, id, sender_number, reply_id, text)`,
    values: [
      optOuts.map(({ accountId }) => accountId),
      optOuts.map(({ from }) => from),
      optOuts.map(({ optOut }) => optOut.id),
      optOuts.map(({ to }) => to),
      optOuts.map(({ replyId }) => replyId),
      optOuts.map(({ text }) => text),
    ],
  });
  await client.query({
    name: 'plain-events',
    text: `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
      select account_id, msisdn, id, 'OPTED_OUT', 'recipient', evidence
      from unnest($1::int[], $2::text[], $3::bigint[], $4::jsonb[]) as row (account_id, msisdn, id, evidence)`,
    values: [
      optOuts.map(({ accountId }) => accountId),
      optOuts.map(({ from }) => from),
      optOuts.map(({ optOut }) => optOut.id),
      optOuts.map(({ optOut }) => optOut.evidence),
    ],
  });
  await client.query({
    name: 'plain-confirmations',
    text: `insert into message (account_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
        next_attempt_at, episode_id)
      select account_id, 'CONFIRMATION', msisdn, sender_number, text, 1, 0, 'QUEUED', 0, now(), id
      from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::bigint[])
        as row (account_id, msisdn, sender_number, text, id)`,
    values: [
      optOuts.map(({ accountId }) => accountId),
      optOuts.map(({ from }) => from),
      optOuts.map(({ to }) => to),
      optOuts.map(({ optOut }) => optOut.confirmation),
      optOuts.map(({ optOut }) => optOut.id),
    ],
  });
}
