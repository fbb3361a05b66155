import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { propertyRuns } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { claimBatch, recordHandover, type ClaimedMessage } from './claim';
import { refusedPartReason } from './labels';
import { createReceiptIntake } from './receipt-intake';
import type { ReceiptStatus } from './receipts';

let db: TestDatabase;
let account: TestAccount;
beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 10_000 });
});
afterAll(() => db.close());

async function claimOne(segments: 1 | 2): Promise<ClaimedMessage> {
  await queueMessages(db.pool, account, [nextMsisdn()], 'x'.repeat(segments === 1 ? 20 : 200));
  const { messages } = await claimBatch(db.pool, account.id, { limit: 1, leaseMs: 60_000 });
  return messages[0] as ClaimedMessage;
}

async function read({ id }: ClaimedMessage) {
  const { rows } = await db.pool.query<{
    status: string;
    reason: string | null;
    waits: boolean;
    cost: number;
  }>(
    `select status, reason, next_attempt_at is not null as waits, cost from message where account_id = $1 and id = $2`,
    [account.id, id],
  );
  return rows[0] ?? { status: 'none', reason: null, waits: false, cost: 0 };
}

/** What is left of the credits, and what the messages cost: together what there was. */
async function readBooks(): Promise<number> {
  const { rows } = await db.pool.query<{ sum: number }>(
    `select ((select credits from credit_balance where account_id = $1)
       + (select sum(cost) from message where account_id = $1))::int as sum`,
    [account.id],
  );
  return rows[0]?.sum ?? 0;
}

/** A receipt, or that the answer to the message is recorded. */
type Event = ReceiptStatus | 'sent';
const statuses = ['accepted', 'waiting', 'delivered', 'failed', 'refused'] as const;

/** Whatever the order, by what was said. */
function expectEnd(said: readonly Event[], segments: number) {
  const has = (status: ReceiptStatus) => said.includes(status);
  if (has('delivered')) {
    const reason = segments > 1 && has('refused') ? refusedPartReason : null;
    return { status: 'DELIVERED', reason, waits: false };
  }
  if (has('refused')) return { status: 'FAILED', reason: 'refused', waits: false };
  if (has('failed')) return { status: 'FAILED', reason: 'failed', waits: false };
  return { status: 'SENT', reason: null, waits: false };
}

// npm run soak -- --only properties runs as many as the second number says.
const { numRuns, seed } = propertyRuns(15, 150);

test(`receipts in any order, twice, late and before "sent" end alike (PROPERTY_SEED=${seed})`, async () => {
  const events = fc
    .array(fc.constantFrom<Event>(...statuses), { minLength: 0, maxLength: 6 })
    .chain((said) => {
      const all: Event[] = ['sent', ...said];
      const order = () => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
      return fc.tuple(order(), order());
    });
  await fc.assert(
    fc.asyncProperty(
      events,
      fc.constantFrom<1 | 2>(1, 2),
      fc.boolean(),
      async ([one, other], segments, isTogether) => {
        for (const order of [one, other]) {
          const message = await claimOne(segments);
          const intake = createReceiptIntake(db.pool);
          const tell = (status: Event) =>
            status === 'sent'
              ? recordHandover(db.pool, [message], [{ status, carrierMessageId: 'mt-1' }])
              : intake.submit({
                  accountId: account.id,
                  messageId: message.id,
                  status,
                  reason: status === 'failed' || status === 'refused' ? status : null,
                });
          if (isTogether) await Promise.all(order.map(tell));
          else for (const event of order) await tell(event);

          const { cost, ...end } = await read(message);
          expect(end).toEqual(expectEnd(order, segments));
          // given back once: of a long text whatever the order, and never without a refusal
          expect([0, segments]).toContain(cost);
          if (segments > 1 || cost === 0) expect(cost === 0).toBe(order.includes('refused'));
          expect(await readBooks()).toBe(10_000);
        }
      },
    ),
    { numRuns, seed },
  );
});
