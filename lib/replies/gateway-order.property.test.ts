import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StaffScope } from '@/lib/auth/scope';
import { readPlatformSettings, savePlatformSettings } from '@/lib/platform/settings';
import { decideRequests } from '@/lib/removal-requests/decisions';
import { composeReply, createAccount, type TestAccount } from '@/testing/factories';
import { propertyRuns } from '@/testing/property-runs';
import { ask, createStaff, readFacts, type Asked } from '@/testing/removals';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { receiveReplies } from './commands';
import { listRepliesToReview } from './review-queries';

let db: TestDatabase;
let account: TestAccount;
let staff: StaffScope;
beforeAll(async () => {
  db = await createTestDatabase();
  account = await createAccount(db.pool);
  staff = await createStaff(db.pool);
});
afterAll(() => db.close());

/** A request that waits for an answer now, and not in the week for which the other tests are written. */
async function askNow(): Promise<Asked> {
  const asked = await ask(db.pool, account);
  await db.pool.query(
    `update removal_request set expires_at = now() + interval '7 days' where account_id = $1 and id = $2`,
    [account.id, asked.requestId],
  );
  return asked;
}

interface Written {
  text: string;
  /** Seconds after the first. */
  at: number;
}

/** When the gateway had the first; the request is a moment old. */
const start = () => Math.floor(Date.now() / 1000) * 1000;

function compose(asked: Asked, { text, at }: Written, from: number) {
  return composeReply({
    from: asked.msisdn,
    to: asked.senderNumber,
    text,
    arrivedAt: new Date(from + at * 1000),
  });
}

/** What becomes of them when they are handed over in this order, so many in each transaction. */
async function handOver(written: readonly Written[], batches: readonly number[]) {
  const asked = await askNow();
  const from = start();
  const replies = written.map((one) => compose(asked, one, from));
  for (let next = 0, batch = 0; next < replies.length; batch++) {
    const size = batches[batch % batches.length] ?? 1;
    await receiveReplies(db.pool, replies.slice(next, next + size));
    next += size;
  }
  const { state, isBlocked, optOutEvents } = await readFacts(db.pool, account, asked);
  const { rows } = await db.pool.query<{ confirmations: number }>(
    `select count(*)::int as confirmations from message where account_id = $1 and msisdn = $2 and kind = 'CONFIRMATION'`,
    [account.id, asked.msisdn],
  );
  const episodes = optOutEvents.filter((event) => event === 'OPTED_OUT').length;
  return { state, isBlocked, extraConfirmations: (rows[0]?.confirmations ?? 0) - episodes };
}

// npm run soak -- --only properties runs as many as the second number says.
const { numRuns, seed } = propertyRuns(6, 40);
const size = { minLength: 1, maxLength: 6 };
const orders = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 6, maxLength: 6 });
const batches = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

function shuffle<Item>(items: readonly Item[], keys: readonly number[]): Item[] {
  return items
    .map((item, index) => ({ item, key: keys[index] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe('replies that the gateway hands over shuffled end as those in their order', () => {
  const write = (...texts: string[]) =>
    fc.array(fc.record({ text: fc.constantFrom(...texts), at: fc.integer({ min: 0, max: 2 }) }), size);

  test(`YES, NO and Stop to a question, ties among them (PROPERTY_SEED=${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        write('YES', 'NO', 'Stop', 'Who is this?'),
        orders,
        batches,
        async (written, keys, sizes) => {
          const texts = written.map(({ text }) => text);
          const isRefused = texts.includes('NO') || texts.includes('Stop');
          const expected = {
            state: isRefused ? 'REFUSED' : texts.includes('YES') ? 'AWAITING_APPROVAL' : 'AWAITING_REPLY',
            isBlocked: true,
            extraConfirmations: 0,
          };
          const inOrder = [...written].sort((a, b) => a.at - b.at);
          expect(await handOver(inOrder, [1])).toEqual(expected);
          expect(await handOver(shuffle(written, keys), sizes)).toEqual(expected);
          expect(await handOver(shuffle(written, keys), [6])).toEqual(expected);
        },
      ),
      { numRuns, seed },
    );
  });

  test(`YES and Stop where an exact YES lifts by itself (PROPERTY_SEED=${seed})`, async () => {
    await savePlatformSettings(db.pool, staff, {
      ...(await readPlatformSettings(db.pool)),
      autoApprove: true,
    });
    try {
      await fc.assert(
        fc.asyncProperty(
          write('YES', 'Stop', 'Who is this?'),
          orders,
          batches,
          async (written, keys, sizes) => {
            const texts = written.map(({ text }) => text);
            const isBlocked = texts.includes('Stop') || !texts.includes('YES');
            const expected = { isBlocked, extraConfirmations: 0 };
            const inOrder = [...written].sort((a, b) => a.at - b.at);
            expect(await handOver(inOrder, [1])).toMatchObject(expected);
            expect(await handOver(shuffle(written, keys), sizes)).toMatchObject(expected);
            expect(await handOver(shuffle(written, keys), [6])).toMatchObject(expected);
          },
        ),
        { numRuns, seed },
      );
    } finally {
      await savePlatformSettings(db.pool, staff, {
        ...(await readPlatformSettings(db.pool)),
        autoApprove: false,
      });
    }
  });
});

test('of several wishes in one transaction the first at the gateway is the cause', async () => {
  const other = await createAccount(db.pool);
  const from = '27825550177';
  const reply = (text: string, seconds: number) =>
    composeReply({ from, to: other.senderNumber ?? '', text, arrivedAt: new Date(start() - seconds * 1000) });
  await receiveReplies(db.pool, [reply('unsubscribe', 10), reply('stop', 20), reply('cancel', 15)]);
  const { rows } = await db.pool.query('select reply_text, rule from opt_out where account_id = $1', [
    other.id,
  ]);
  expect(rows).toEqual([{ reply_text: 'stop', rule: 'exact:stop' }]);
});

describe('a reply that the gateway has kept', () => {
  const before = (minutes: number) => new Date(start() - minutes * 60_000);
  const say = (asked: Asked, text: string, arrivedAt?: Date) =>
    receiveReplies(db.pool, [
      composeReply({ from: asked.msisdn, to: asked.senderNumber, text, ...(arrivedAt && { arrivedAt }) }),
    ]);
  const readState = async (asked: Asked) => {
    const { state, isBlocked } = await readFacts(db.pool, account, asked);
    return { state, isBlocked };
  };

  test.each(['Stop', 'NO', 'YES'])('since before the request is no answer to it: %s', async (text) => {
    const asked = await askNow();
    await say(asked, text, before(30));
    expect(await readState(asked)).toEqual({ state: 'AWAITING_REPLY', isBlocked: true });
    await say(asked, text);
    expect((await readState(asked)).state).toBe(text === 'YES' ? 'AWAITING_APPROVAL' : 'REFUSED');
  });

  test('a YES in time counts, though it is handed over after the end', async () => {
    const asked = await askNow();
    const { rows } = await db.pool.query<{ at: Date }>(
      `update removal_request set expires_at = now() - interval '1 second' where account_id = $1 and id = $2
       returning expires_at as at`,
      [account.id, asked.requestId],
    );
    const end = rows[0]?.at.getTime() ?? 0;
    await say(asked, 'YES');
    expect((await readState(asked)).state).toBe('AWAITING_REPLY');
    await say(asked, 'YES', new Date(end - 1000));
    expect((await readState(asked)).state).toBe('AWAITING_APPROVAL');
  });

  test('a wish from before the request does not undo the YES that came since: a person looks at it', async () => {
    const asked = await askNow();
    await say(asked, 'YES');
    const key = { accountId: account.id, requestId: asked.requestId };
    await decideRequests(db.pool, staff, [key], { decision: 'approve' });
    await say(asked, 'Stop', before(30));
    expect(await readState(asked)).toEqual({ state: 'REMOVED', isBlocked: false });
    const waiting = await listRepliesToReview(db.pool, account.scope);
    expect(waiting.filter(({ msisdn }) => msisdn === asked.msisdn)).toMatchObject([
      { text: 'Stop', rule: 'review:late', canOptOut: true },
    ]);

    await say(asked, 'Stop', new Date(start() - 1000));
    expect((await readState(asked)).isBlocked).toBe(true);
  });

  test('without a time of the gateway’s, a Stop after all blocks anew', async () => {
    const asked = await askNow();
    await say(asked, 'YES');
    const key = { accountId: account.id, requestId: asked.requestId };
    await decideRequests(db.pool, staff, [key], { decision: 'approve' });
    await say(asked, 'Stop');
    expect((await readState(asked)).isBlocked).toBe(true);
  });
});
