import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { mintAccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { acceptMessages } from '@/lib/messages/commands';
import { blockedReason } from '@/lib/opt-outs/gate';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { describeMsisdn, seedAccounts, seedHistory, seedOptOuts, seedUser, senderNumber } from './seed';

const accountId = 100;
const recipientCount = 1000;
const blockedCount = 50;
export const text = 'Our winter sale starts on Friday: 20 % off everything in store. Reply STOP to opt out.';

/** A batch of 1,000 recipients, 50 of them opted out, against plain inserts of the rows it leaves behind. */
export async function benchAcceptMessages(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const optOutCount = quick ? 10_000 : 1_000_000;
  await seedAccounts(pool, [accountId]);
  await seedHistory(context, [accountId]);
  await seedOptOuts(pool, accountId, optOutCount);
  const userId = await seedUser(pool, accountId);
  const scope = mintAccountScope(accountId, { userId });

  let nextFree = optOutCount;
  let nextBlocked = 0;
  /** Every twentieth number is opted out; nobody was written to before. */
  const takeNumbers = () =>
    Array.from({ length: recipientCount }, (_, index) => {
      const isBlocked = index % (recipientCount / blockedCount) === 0;
      return { msisdn: describeMsisdn(isBlocked ? nextBlocked++ : nextFree++), isBlocked };
    });

  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 5 : 40,
    async () => {
      // as people type them: 0821234567
      const recipients = takeNumbers().map(({ msisdn }) => `0${msisdn.slice(2)}`);
      return timeMs(async () => {
        const message = { recipients, text, idempotencyKey: randomUUID(), purpose: 'MARKETING' } as const;
        const result = await acceptMessages(pool, scope, message);
        if (!result.ok || result.blocked !== blockedCount) throw new Error('A batch was not accepted.');
      });
    },
    async () => {
      const batch = await describeBatch(pool, userId, takeNumbers());
      return timeMs(() => withTransaction(pool, (client) => insertPlainly(client, batch)));
    },
  );
  return [
    {
      name: `accept 1,000 recipients against ${optOutCount.toLocaleString('en-ZA')} opt-outs`,
      against: 'plain inserts of the same rows',
      ratio: 1 / timeRatio,
      floor: 0.75,
      goal: 0.9,
      better: 'higher',
      detail: `${oursMs.toFixed(1)} ms against ${baselineMs.toFixed(1)} ms; one in twenty blocked`,
    },
  ];
}

/** What a batch leaves behind, known in advance: the baseline computes nothing. */
interface PlainBatch {
  id: string;
  userId: number;
  messages: { id: string; msisdn: string; isBlocked: boolean }[];
}

/** Ids are reserved from the sequences, so that both sides fill the indexes at the same places. */
async function describeBatch(
  pool: Pool,
  userId: number,
  numbers: readonly { msisdn: string; isBlocked: boolean }[],
): Promise<PlainBatch> {
  const { rows } = await pool.query<{ batch_id: string; message_ids: string[] }>(
    `select nextval(pg_get_serial_sequence('message_batch', 'id')) as batch_id,
       array(select nextval(pg_get_serial_sequence('message', 'id')) from generate_series(1, $1)) as message_ids`,
    [numbers.length],
  );
  const reserved = rows[0];
  if (!reserved) throw new Error('No ids were reserved.');
  return {
    id: reserved.batch_id,
    userId,
    messages: numbers.map((number, index) => ({ ...number, id: reserved.message_ids[index] as string })),
  };
}

async function insertPlainly(client: PoolClient, { id, userId, messages }: PlainBatch): Promise<void> {
  const queued = messages.filter(({ isBlocked }) => !isBlocked);
  await client.query({
    name: 'plain-batch',
    text: `insert into message_batch (account_id, id, idempotency_key, created_by, text) values ($1, $2, $3, $4, $5)`,
    values: [accountId, id, randomUUID(), userId, text],
  });
  await client.query({
    name: 'plain-messages',
    text: `insert into message (account_id, id, batch_id, purpose, msisdn, sender_number, text, segments, cost, status,
        reason, next_attempt_at, finished_at)
      select $1, id, $2, 'MARKETING', msisdn, $3, $4, 1, cost, status, reason, next_attempt_at, finished_at
      from unnest($5::bigint[], $6::text[], $7::int[], $8::message_status[], $9::text[], $10::timestamptz[], $11::timestamptz[])
        as row (id, msisdn, cost, status, reason, next_attempt_at, finished_at)`,
    values: [
      accountId,
      id,
      senderNumber,
      text,
      messages.map((message) => message.id),
      messages.map(({ msisdn }) => msisdn),
      messages.map(({ isBlocked }) => (isBlocked ? 0 : 1)),
      messages.map(({ isBlocked }) => (isBlocked ? 'BLOCKED' : 'QUEUED')),
      messages.map(({ isBlocked }) => (isBlocked ? blockedReason : null)),
      messages.map(({ isBlocked }) => (isBlocked ? null : 'now')),
      messages.map(({ isBlocked }) => (isBlocked ? 'now' : null)),
    ],
  });
  await client.query({
    name: 'plain-conversations',
    text: `insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
      select msisdn, $1, $2, now(), id from unnest($3::text[], $4::bigint[]) as row (msisdn, id)`,
    values: [
      senderNumber,
      accountId,
      queued.map(({ msisdn }) => msisdn),
      queued.map((message) => message.id),
    ],
  });
  const { rows } = await client.query<{ credits: string }>({
    name: 'plain-balance',
    text: 'update credit_balance set credits = credits - $2 where account_id = $1 returning credits',
    values: [accountId, queued.length],
  });
  await client.query({
    name: 'plain-ledger',
    text: `insert into credit_entry (account_id, kind, amount, balance_after, batch_id) values ($1, 'SEND', $2, $3, $4)`,
    values: [accountId, -queued.length, rows[0]?.credits, id],
  });
}
