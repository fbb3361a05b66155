import { Client, type Pool } from 'pg';
import type { Carrier } from '@/lib/messages/carrier';
import { defaultDispatcherOptions, Dispatcher } from '@/lib/messages/dispatcher';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs, type Comparison } from './interleave';
import { msisdnSql, seedAccounts, seedOptOuts, senderNumber } from './seed';

const { batchSize, leaseMs } = defaultDispatcherOptions;

/**
 * The dispatcher, draining a queue to a carrier that answers at once, against the claims and updates alone.
 */
export async function benchDispatch(context: BenchContext): Promise<BenchRow[]> {
  const messageCount = context.quick ? 5_000 : 50_000;
  const rounds = context.quick ? 2 : 5;
  const one = [100];
  const ten = Array.from({ length: 10 }, (_, index) => 11 + index);
  await seedAccounts(context.pool, [...one, ...ten]);
  for (const accountId of [...one, ...ten]) {
    await seedOptOuts(context.pool, accountId, context.quick ? 1_000 : 20_000);
  }
  const alone = await compare(context, one, messageCount, rounds);
  const byTurns = await compare(context, ten, messageCount, rounds);
  const perSecond = (ms: number) => Math.round((messageCount / ms) * 1000).toLocaleString('en-ZA');
  return [
    {
      name: `dispatch ${messageCount.toLocaleString('en-ZA')} messages to a carrier that answers at once`,
      against: 'claim with the gate, and update, in a loop within the server',
      ratio: 1 / alone.timeRatio,
      floor: 1,
      goal: 1.3,
      better: 'higher',
      detail:
        `${perSecond(alone.oursMs)} against ${perSecond(alone.baselineMs)} messages/s; ` +
        `ten accounts by turns ${(1 / byTurns.timeRatio).toFixed(2)}`,
    },
  ];
}

async function compare(
  { pool, url }: BenchContext,
  accountIds: readonly number[],
  messageCount: number,
  rounds: number,
): Promise<Comparison> {
  const fill = () => fillQueue(pool, accountIds, messageCount);
  return compareInterleaved(
    rounds,
    async () => {
      await fill();
      const elapsedMs = await timeMs(() => drain(pool, accountIds, messageCount));
      await expectSent(pool);
      return elapsedMs;
    },
    async () => {
      await fill();
      const elapsedMs = await drainWithinServer(url, accountIds);
      await expectSent(pool);
      return elapsedMs;
    },
  );
}

/** Messages that are due, to numbers that are not opted out. */
export async function fillQueue(pool: Pool, accountIds: readonly number[], count: number): Promise<void> {
  await pool.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, next_attempt_at)
     select ($2::int[])[1 + n % cardinality($2::int[])], ${msisdnSql('1000000 + n')}, $1,
       'Our winter sale starts on Friday: 20 % off everything in store. Reply STOP to opt out.', 1, 1, 'QUEUED', now()
     from generate_series(1, $3::int) as n`,
    [senderNumber, accountIds, count],
  );
  await pool.query('vacuum analyze message');
  await pool.query('checkpoint');
}

export async function drain(pool: Pool, accountIds: readonly number[], messageCount: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let taken = 0;
    const carrier: Carrier = {
      name: 'bench',
      ratePerSecond: Number.POSITIVE_INFINITY,
      async send(messages) {
        taken += messages.length;
        // Stopping lets the last batch be recorded.
        if (taken >= messageCount) dispatcher.stop().then(resolve, reject);
        return messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `bench-${id}` }));
      },
    };
    const dispatcher = new Dispatcher(pool, carrier);
    dispatcher.start();
    for (const accountId of accountIds) dispatcher.announce(accountId);
  });
}

/**
 * The same claims (lease, gate, skip locked) and the same results, batch by batch, each in a transaction of
 * its own as the dispatcher's are, without a row leaving the server: no client could be faster.
 */
async function drainWithinServer(url: string, accountIds: readonly number[]): Promise<number> {
  // A connection of its own: the loop commits, which it may not do within somebody else's transaction.
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await timeMs(() =>
      client.query(`
        do $loop$
        declare
          account int;
          waiting int[] := array[${accountIds.join(', ')}];
          claimed bigint[];
        begin
          while cardinality(waiting) > 0 loop
            account := waiting[1];
            with due as (
              select account_id, id, msisdn from message
              where account_id = account and next_attempt_at <= now()
              order by priority, next_attempt_at, id
              limit ${batchSize}
              for update skip locked
            ), updated as (
              update message set status = 'SENDING', attempts = attempts + 1,
                next_attempt_at = now() + interval '${leaseMs} milliseconds'
              from due
              where message.account_id = due.account_id and message.id = due.id
                and not exists (select from opt_out where opt_out.account_id = due.account_id and opt_out.msisdn = due.msisdn)
              returning message.id
            )
            select array_agg(id) into claimed from updated;
            commit;
            update message set status = 'SENT', carrier_message_id = 'bench-' || id, sent_at = now(), next_attempt_at = null
            where account_id = account and id = any(claimed) and status = 'SENDING';
            commit;
            waiting := waiting[2:];
            if cardinality(claimed) = ${batchSize} then waiting := waiting || account; end if;
          end loop;
        end $loop$`),
    );
  } finally {
    await client.end();
  }
}

async function expectSent(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*) from message where status <> 'SENT' or carrier_message_id is null`,
  );
  if (rows[0]?.count !== '0') throw new Error(`${rows[0]?.count} messages were not sent.`);
}
