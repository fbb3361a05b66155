import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { giveBackLeases, keepLeases, type Condition } from './leases';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => db.pool.query('delete from carrier_lease'));
afterAll(() => db.close());

/** Which of the carriers are the worker's, once it has asked. */
async function ask(worker: string, wanted: Record<string, Condition>): Promise<string[]> {
  const given = Object.entries(wanted).map(([carrier, condition]) => ({ carrier, condition }));
  const leases = await keepLeases(db.pool, worker, given, 55_000);
  return leases.flatMap(({ carrier, isOurs }) => (isOurs ? [carrier] : [])).sort();
}

const endLeases = () => db.pool.query(`update carrier_lease set held_until = now() - interval '1 second'`);

test('one worker has a carrier, and keeps it; who comes later is told how it finds the carrier', async () => {
  expect(await ask('one', { a: 'usable' })).toEqual(['a']);
  expect(await ask('other', { a: 'usable' })).toEqual([]);
  expect(await ask('one', { a: 'probing' })).toEqual(['a']);
  const [lease] = await keepLeases(db.pool, 'other', [{ carrier: 'a', condition: 'usable' }]);
  expect(lease).toMatchObject({ carrier: 'a', isOurs: false, condition: 'probing' });
  expect(lease?.leftMs).toBeGreaterThan(0);
});

test('one that says nothing any more loses it', async () => {
  await ask('one', { a: 'usable' });
  await endLeases();
  expect(await ask('other', { a: 'usable' })).toEqual(['a']);
  expect(await ask('one', { a: 'usable' })).toEqual([]);
});

test('when the clock of the database is set back, nobody waits for a lease of before', async () => {
  await ask('one', { a: 'usable' });
  await db.pool.query(`update carrier_lease set held_until = now() + interval '1 hour'`);
  expect(await ask('other', { a: 'usable' })).toEqual(['a']);
});

test('one that ended a year ago, of a carrier that nobody uses any more, is in nobody’s way', async () => {
  await ask('one', { a: 'usable' });
  await db.pool.query(`update carrier_lease set held_until = now() - interval '1 year'`);
  expect(await ask('other', { b: 'usable' })).toEqual(['b']);
});

test('one that gives it back loses it, and nobody else’s', async () => {
  await ask('one', { a: 'usable' });
  await giveBackLeases(db.pool, 'other', ['a']);
  expect(await ask('other', { a: 'usable' })).toEqual([]);
  await giveBackLeases(db.pool, 'one', ['a']);
  expect(await ask('other', { a: 'usable' })).toEqual(['a']);
});

test('one that cannot reach the carrier leaves it to one that may, and not to one that cannot either', async () => {
  await ask('one', { a: 'usable' });
  expect(await ask('one', { a: 'out' })).toEqual(['a']);
  expect(await ask('other', { a: 'out' })).toEqual([]);
  expect(await ask('one', { a: 'out' })).toEqual(['a']);
  expect(await ask('other', { a: 'probing' })).toEqual(['a']);
  expect(await ask('one', { a: 'out' })).toEqual([]);
  await endLeases();
  // whose turn it is to try comes back to it
  expect(await ask('one', { a: 'out' })).toEqual([]);
});

test('workers that begin together share the carriers', async () => {
  const all = { a: 'usable', b: 'usable', c: 'usable' } as const;
  expect(await ask('one', all)).toEqual(['a']);
  expect(await ask('other', all)).toEqual(['b']);
  expect(await ask('one', all)).toEqual(['a', 'c']);
  expect(await ask('other', all)).toEqual(['b']);
});

test('of many that ask at the same moment one gets it', async () => {
  for (let round = 0; round < 5; round++) {
    await endLeases();
    const got = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ask(`worker-${round}-${index}`, { a: 'usable' })),
    );
    expect(got.flat()).toEqual(['a']);
  }
});
