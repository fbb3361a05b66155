import { afterEach, expect, test } from 'vitest';
import { BoxGoBetween } from '@/testing/box-go-between';
import { CarrierFaults } from '@/testing/carrier-faults';
import { nextMsisdn } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase } from '@/testing/test-database';

/*
 * Replies that the database refuses for good, by a real Kannel, workers of their own processes, and either
 * door: what Kannel is answered and when it says them again, whether others wait for them, and what is left
 * of them when they can be recorded.
 */

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const numbers = (count: number) => Array.from({ length: count }, nextMsisdn);

async function start(door: 'HTTP' | 'box') {
  const db = await createTestDatabase();
  closing.push(() => db.close());
  // Without the rights of the program, which may not read a table of the test's.
  await db.owner.query(`
    create table refused_number (msisdn text primary key);
    create function refuse_number() returns trigger language plpgsql security definer as $$
    begin
      if exists (select from public.refused_number where msisdn = new.msisdn) then raise exception 'Not this one'; end if;
      return new;
    end $$;
    create trigger refuse_number before insert on reply for each row execute function refuse_number()`);
  const box = await BoxGoBetween.start();
  closing.push(() => box.close());
  const areBoxes = door === 'box';
  const faults = await CarrierFaults.start({
    databaseUrl: db.url,
    pool: db.pool,
    workers: 2,
    ratePerSecond: 150,
    areBoxes,
    environmentOf: (): Record<string, string> => (areBoxes ? { KANNEL_BOX_ADDRESS: box.address } : {}),
  });
  closing.push(() => faults.stop());
  box.boxPort = faults.kannel.boxPort;
  const acknowledged = areBoxes ? box.acknowledged : faults.between.acknowledged;
  return {
    db,
    faults,
    /** They reply "Stop", and the database takes none of it. */
    refuse: async (msisdns: readonly string[]) => {
      await db.owner.query('insert into refused_number select unnest($1::text[])', [msisdns]);
      await faults.pour(msisdns, { isStop: () => true });
    },
    areAcknowledged: (msisdns: readonly string[]) => {
      const known = new Set([...acknowledged.values()].map(({ from }) => from));
      return msisdns.every((msisdn) => known.has(msisdn));
    },
    /** Each time that what this one wrote was handed to a worker. */
    triesOf: (msisdn: string): readonly unknown[] =>
      (areBoxes ? box.offers : faults.between.answers).get(msisdn) ?? [],
    listSetAside: async () =>
      (await db.pool.query<{ msisdn: string }>('select msisdn from set_aside_reply order by id')).rows.map(
        ({ msisdn }) => msisdn,
      ),
  };
}

test.runIf(isLong).each(['HTTP', 'box'] as const)(
  'what cannot be recorded holds up nobody, is set aside once, and counts once when it can be: by %s',
  { timeout: 300_000 },
  async (door) => {
    const { db, faults, refuse, areAcknowledged, triesOf, listSetAside } = await start(door);
    const refused: string[] = [];
    const refuseOne = async (): Promise<string> => {
      const [bad] = numbers(1) as [string];
      refused.push(bad);
      await refuse([bad]);
      await waitUntil('it is tried', () => triesOf(bad).length > 0);
      return bad;
    };
    const waitUntilSetAside = (bad: string) =>
      waitUntil('it is set aside', async () => (await listSetAside()).includes(bad), 90_000);

    // What comes behind it is recorded while it is tried.
    const [before, after] = [numbers(10), numbers(40)];
    await faults.pour(before);
    const first = await refuseOne();
    await faults.pour(after);
    await waitUntil('all others are acknowledged', () => areAcknowledged([...before, ...after]));
    expect(areAcknowledged([first])).toBe(false);
    expect(await listSetAside()).toEqual([]);
    await waitUntilSetAside(first);
    await waitUntil('it is acknowledged', () => areAcknowledged([first]));
    // Within the 30 seconds for which smsbox waits: Kannel has said it once.
    expect(triesOf(first)).toHaveLength(1);

    // Whoever tries it ends meanwhile: it was not acknowledged, and comes again.
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const bad = await refuseOne();
      for (const place of [0, 1]) await faults.endWorker(place, signal);
      expect(await listSetAside()).not.toContain(bad);
      expect(areAcknowledged([bad])).toBe(false);
      await Promise.all([0, 1].map((place) => faults.startWorker(place)));
      await waitUntilSetAside(bad);
      await waitUntil('it is acknowledged', () => areAcknowledged([bad]));
      expect(triesOf(bad).length).toBeGreaterThan(1);
    }

    // What smsbox had in its memory the worker has, too; bearerbox finds it on its disk.
    for (const box of ['smsbox', 'bearerbox'] as const) {
      const bad = await refuseOne();
      await faults.restart(box, 'SIGKILL');
      await waitUntilSetAside(bad);
    }
    await faults.keepSmsboxRunning();

    // More of them than Kannel has places for, and behind them people whose replies can be recorded.
    const [many, others] = [numbers(150), numbers(20)];
    refused.push(...many);
    await refuse(many);
    await faults.pour(others);
    await waitUntil('all others are acknowledged', () => areAcknowledged(others));
    expect(areAcknowledged(many)).toBe(false);
    await waitUntil('all are acknowledged', () => areAcknowledged(many));
    expect((await listSetAside()).sort()).toEqual(refused.sort());

    // A worker is killed while it records them, now that it can.
    await db.owner.query('delete from refused_number');
    await db.pool.query(`update set_aside_reply set tried_at = tried_at - interval '10 minutes'`);
    await db.owner.query(`select graphile_worker.add_job('record-set-aside')`);
    await waitUntil('the first are recorded', async () => (await listSetAside()).length < refused.length);
    for (const place of [0, 1]) await faults.endWorker(place);
    await faults.startWorker(0);
    // The next run; that of the dead worker is its own for hours.
    await db.owner.query(`select graphile_worker.add_job('record-set-aside')`);
    await waitUntil('none is set aside any more', async () => (await listSetAside()).length === 0);
    await faults.finish();
    const { counts, violations } = await faults.judge();
    expect(violations, JSON.stringify(counts)).toEqual([]);
    const wanted = refused.length + [...before, ...after, ...others].length / 5;
    expect(counts).toMatchObject({
      'people whose reply is recorded': refused.length + before.length + after.length + others.length,
      'opt-outs in force': wanted,
      confirmations: wanted,
    });
  },
);
