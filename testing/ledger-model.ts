import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { correctCredits } from '@/lib/credits/correction-commands';
import { isOverdrawn } from '@/lib/credits/ledger';
import { topUp } from '@/lib/credits/top-up-commands';
import { transferCredits } from '@/lib/credits/transfer-commands';
import { withTransaction } from '@/lib/db/client';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { acceptMessages } from '@/lib/messages/commands';
import { createAccount, nextMsisdn, type TestAccount } from './factories';
import { readLedger } from './ledger';

/** What moves credits, in a family of a main account (0) and two sub-accounts; several at the same moment. */
type Move =
  | { do: 'send'; account: number; recipients: number }
  /** Everything that waits is refused by the network for good. */
  | { do: 'refuse'; account: number; limit: number }
  | { do: 'transfer'; sub: number; isOut: boolean; credits: number; isTwice: boolean }
  | { do: 'top-up'; account: number; credits: number }
  /** By staff, either way. */
  | { do: 'correct'; account: number; amount: number };

const account = fc.nat({ max: 2 });
const credits = fc.integer({ min: 1, max: 12 });
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('send'), account, recipients: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('refuse'), account, limit: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('transfer'),
      sub: fc.integer({ min: 1, max: 2 }),
      isOut: fc.boolean(),
      credits,
      isTwice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('top-up'), account, credits }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('correct'),
      account,
      amount: fc.integer({ min: -12, max: 6 }).filter((amount) => amount !== 0),
    }),
  },
);
const history = fc.array(fc.array(move, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 5 });

export interface LedgerReport {
  violations: string[];
  /** How often each came about: "transfer", "transfer refused", … */
  seen: Record<string, number>;
}

/** Plays histories of moves, each in a family of its own, and looks at every ledger after each moment. */
export async function checkLedgers(
  pool: Pool,
  { runs, seed }: { runs: number; seed: number },
): Promise<LedgerReport> {
  const report: LedgerReport = { violations: [], seen: {} };
  const count = (what: string) => (report.seen[what] = (report.seen[what] ?? 0) + 1);
  for (const moments of fc.sample(history, { numRuns: runs, seed })) {
    const main = await createAccount(pool, { credits: 20 });
    const family = [main];
    for (const had of [10, 0]) {
      family.push(await createAccount(pool, { credits: had, parentAccountId: main.id }));
    }
    for (const moves of moments) {
      const done = await Promise.allSettled(moves.map((one) => play(pool, family, one, count)));
      for (const one of done) if (one.status === 'rejected') report.violations.push(String(one.reason));
      for (const { id } of family) report.violations.push(...(await findFaults(pool, id)));
      if (report.violations.length > 0) return report;
    }
    report.violations.push(...(await findLostTransfers(pool, family)));
  }
  return report;
}

async function play(
  pool: Pool,
  family: readonly TestAccount[],
  one: Move,
  count: (what: string) => void,
): Promise<void> {
  const [main] = family as [TestAccount];
  switch (one.do) {
    case 'send': {
      const result = await acceptMessages(pool, (family[one.account] as TestAccount).scope, {
        recipients: Array.from({ length: one.recipients }, nextMsisdn),
        text: 'Our spring sale begins on Monday',
        idempotencyKey: randomUUID(),
      });
      return void count(result.ok ? 'send' : `send ${result.reason}`);
    }
    case 'refuse': {
      const { id } = family[one.account] as TestAccount;
      const { messages } = await claimBatch(pool, id, { limit: one.limit, leaseMs: 60_000 });
      if (messages.length > 0) count('refund');
      return recordHandover(
        pool,
        messages,
        messages.map(() => ({ status: 'failed', reason: 'No such number.' })),
      );
    }
    case 'transfer': {
      const { id } = family[one.sub] as TestAccount;
      const other = one.isOut ? { toAccountId: id } : { fromAccountId: id };
      const asked = { ...other, credits: one.credits, reference: null, requestId: randomUUID() };
      const results = await Promise.all(
        Array.from({ length: one.isTwice ? 2 : 1 }, () => transferCredits(pool, main.scope, asked)),
      );
      for (const result of results) {
        count(result.ok ? (result.isRepeat ? 'repeat' : 'transfer') : `transfer ${result.reason}`);
      }
      return;
    }
    case 'top-up': {
      const { id } = family[one.account] as TestAccount;
      await withTransaction(pool, (client) => topUp(client, { accountId: id, credits: one.credits }));
      return void count('top-up');
    }
    case 'correct': {
      const { id } = family[one.account] as TestAccount;
      const asked = { accountId: id, amount: one.amount, reason: 'A slip', requestId: randomUUID() };
      const done = await withTransaction(pool, (client) => correctCredits(client, asked)).catch(
        (error: unknown) => {
          if (isOverdrawn(error)) return 'overdrawn';
          throw error;
        },
      );
      if (done === 'overdrawn') return void count('correct overdrawn');
      return void count(one.amount > 0 ? 'correct up' : 'correct down');
    }
  }
}

/** What is wrong with one account's ledger, if anything. */
async function findFaults(pool: Pool, accountId: number): Promise<string[]> {
  const { balance, entries, toppedUpLessCosts } = await readLedger(pool, accountId);
  const { rows } = await pool.query<{ id: string; left: number; sum: number }>(
    `select id, balance_after::float8 as left, sum(amount) over (order by created_at, id)::float8 as sum
     from credit_entry where account_id = $1 order by created_at, id`,
    [accountId],
  );
  const faults = rows.flatMap(({ id, left, sum }) => [
    ...(left === sum
      ? []
      : [`Entry ${id} says ${left} were left, and the entries up to it sum up to ${sum}.`]),
    ...(left < 0 ? [`Entry ${id} left ${left}.`] : []),
  ]);
  if (balance !== entries) faults.push(`${balance} credits, and the ledger sums up to ${entries}.`);
  if (balance !== toppedUpLessCosts)
    faults.push(`${balance} credits, and its sources say ${toppedUpLessCosts}.`);
  const last = rows.at(-1)?.left ?? 0;
  if (last !== balance) faults.push(`${balance} credits, and the last entry left ${last}.`);
  return faults.map((fault) => `W${accountId}: ${fault}`);
}

/** Transfers of a family: each leaves one account as it comes to another, once. */
async function findLostTransfers(pool: Pool, family: readonly TestAccount[]): Promise<string[]> {
  const { rows } = await pool.query<{ request_id: string }>(
    `select request_id from credit_entry where account_id = any ($1) and kind = 'TRANSFER'
     group by request_id having sum(amount) <> 0 or count(*) <> 2`,
    [family.map(({ id }) => id)],
  );
  return rows.map(({ request_id }) => `The transfer ${request_id} is not in both ledgers, once.`);
}
