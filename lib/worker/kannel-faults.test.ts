import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase } from '@/testing/test-database';
import { CarrierFaults } from '@/testing/carrier-faults';
import { nextMsisdn } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start({ areBoxes = false } = {}) {
  const db = await createTestDatabase();
  closing.push(() => db.close());
  const faults = await CarrierFaults.start({
    databaseUrl: db.url,
    pool: db.pool,
    workers: 2,
    ratePerSecond: 150,
    areBoxes,
  });
  closing.push(() => faults.stop());
  return { db, faults };
}

const numbers = (count: number) => Array.from({ length: count }, nextMsisdn);

test(
  'workers, smsbox and bearerbox killed while replies come in and messages go out: nothing acknowledged is lost',
  { timeout: 180_000 },
  async () => {
    const { db, faults } = await start();

    // The last of a long batch opt out while the first of it leave.
    const batch = numbers(900);
    await faults.send(batch);
    const stops = await faults.pour(batch.slice(-100), { isStop: () => true });
    await waitUntil('the opt-outs are acknowledged', () => faults.areAcknowledged(stops));
    const { rows: queued } = await db.pool.query<{ msisdn: string }>(
      `select msisdn from message where account_id = $1 and status = 'QUEUED' and msisdn = any ($2)`,
      [faults.account.id, stops],
    );
    expect(queued.length).toBeGreaterThan(0);
    // They are in force: what is accepted from here on is blocked, too.
    await faults.send(stops);

    let isOver = false;
    const sending = (async () => {
      while (!isOver) {
        await faults.send(numbers(10));
        await delay(100);
      }
    })();
    const pouring = faults.pour(numbers(200), { width: 10, pauseMs: 50 });
    await faults.endWorker(0);
    const replaced = faults.startWorker(0);
    // With one worker left, and both of Kannel's programs away in turn.
    await faults.restart('smsbox', 'SIGKILL');
    await replaced;
    await faults.endWorker(1);
    await faults.restart('bearerbox', 'SIGKILL');
    // By itself it comes back to a bearerbox that was killed after ten seconds.
    await faults.restart('smsbox', 'SIGKILL');
    await pouring;
    isOver = true;
    await sending;
    await faults.finish();

    const { counts, violations } = await faults.judge();
    expect(violations, JSON.stringify(counts)).toEqual([]);
    expect(counts).toMatchObject({ 'worker kills': 2, 'smsbox ends': 2, 'bearerbox ends': 1 });
    expect(counts['opt-outs in force']).toBeGreaterThanOrEqual(stops.length);
    const { rows } = await db.pool.query<{ status: string }>(
      `select distinct status from message where account_id = $1 and kind = 'NORMAL' and msisdn = any ($2)`,
      [faults.account.id, queued.map(({ msisdn }) => msisdn)],
    );
    expect(rows).toEqual([{ status: 'BLOCKED' }]);
  },
);

// npm run soak -- --only properties has this one, and --only carrier many like it.
test.runIf(isLong)(
  'where workers are boxes of Kannel, nothing that it took is lost, whichever of them is killed or stopped',
  { timeout: 180_000 },
  async () => {
    const { db, faults } = await start({ areBoxes: true });

    const pouring = faults.pour(numbers(900), { width: 30, pauseMs: 50 });
    const recorded = async () =>
      (await db.pool.query('select from reply where account_id = $1', [faults.account.id])).rows.length;
    await waitUntil('the first are there', async () => (await recorded()) > 50);
    await faults.endWorker(0);
    // By HTTP this loses whatever smsbox has in its memory.
    await faults.restart('smsbox', 'SIGKILL');
    await faults.endWorker(1);
    // What comes while no worker is there waits, also over a death of bearerbox.
    await faults.restart('bearerbox', 'SIGKILL');
    await faults.restart('smsbox', 'SIGKILL');
    await faults.startWorker(0);
    await faults.endWorker(0, 'SIGTERM');
    await pouring;
    await faults.finish();

    const { counts, violations } = await faults.judge();
    expect(violations, JSON.stringify(counts)).toEqual([]);
    expect(counts).toMatchObject({
      'worker kills': 3,
      'smsbox ends': 2,
      'bearerbox ends': 1,
      'people whose reply is recorded': 900,
      'opt-outs in force': 180,
      confirmations: 180,
    });
  },
);
