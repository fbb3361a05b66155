import type { Pool, PoolClient } from 'pg';
import { receiveReplies } from '@/lib/replies/commands';
import type { IncomingReply } from '@/lib/replies/schema';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs, type Comparison } from './interleave';
import { composeReply } from './receive-replies';
import { seedAccounts, seedConversations, seedHistory } from './seed';

const accountId = 100;
const repliesPerRound = 10;

/** One reply while nothing else goes on, from the call to the commit, against one plain insert of a reply. */
export async function benchOneReply(context: BenchContext): Promise<BenchRow[]> {
  const rounds = context.quick ? 10 : 150;
  await seedAccounts(context.pool, [accountId]);
  await seedHistory(context, [accountId]);
  await seedConversations(context.pool, [accountId], 0, 100_000);
  const mix = await compare(context, 0, 1, rounds);
  const stop = await compare(context, 50_000, 10, rounds);
  const each = (ms: number) => `${(ms / repliesPerRound).toFixed(2)} ms`;
  return [
    {
      name: 'one reply, idle, request to committed',
      against: 'one plain insert over the same connection',
      ratio: mix.timeRatio,
      floor: 3,
      goal: 2,
      better: 'lower',
      detail: `${each(mix.oursMs)} against ${each(mix.baselineMs)}; a Stop alone ${each(stop.oursMs)}, ${stop.timeRatio.toFixed(2)}×`,
    },
  ];
}

/** @param step 1: every tenth reply is an opt-out; 10: every one */
async function compare(
  { pool }: BenchContext,
  firstNumber: number,
  step: number,
  rounds: number,
): Promise<Comparison> {
  let next = firstNumber;
  const takeReplies = () =>
    Array.from({ length: repliesPerRound }, () => {
      const reply = composeReply(next);
      next += step;
      return reply;
    });
  return compareInterleaved(
    rounds,
    async () => {
      const replies = takeReplies();
      return timeMs(async () => {
        for (const reply of replies) await receiveReplies(pool, [reply]);
      });
    },
    async () => {
      const replies = takeReplies();
      return timeMs(async () => {
        for (const reply of replies) await insertPlainly(pool, reply);
      });
    },
  );
}

async function insertPlainly(db: Pool | PoolClient, reply: IncomingReply): Promise<void> {
  await db.query({
    name: 'plain-reply',
    text: `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      accountId,
      reply.from,
      reply.to,
      reply.text,
      'NONE',
      reply.carrier,
      reply.carrierMessageId,
      reply.receivedAt,
    ],
  });
}
