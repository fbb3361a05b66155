import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { findCarrier, putEnvironmentCarrier, readCarriers } from './registry';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const simulator = {
  CARRIER: 'simulator' as const,
  CARRIER_RATE_PER_SECOND: 500,
  CARRIER_WINDOW: 100,
  KANNEL_SENDSMS_URL: undefined,
  KANNEL_USERNAME: undefined,
  KANNEL_PASSWORD: undefined,
};
const kannel = {
  ...simulator,
  CARRIER: 'kannel' as const,
  KANNEL_SENDSMS_URL: 'http://127.0.0.1:13013/cgi-bin/sendsms',
  KANNEL_USERNAME: 'client-zone',
  KANNEL_PASSWORD: 'pass word %26',
};

async function listRoutes(): Promise<string[]> {
  const { rows } = await db.pool.query<{ route: string }>(
    `select prefix || '>' || carrier || ' ' || priority || ' ' || weight as route from carrier_route order by 1`,
  );
  return rows.map(({ route }) => route);
}

async function listStates(): Promise<string[]> {
  return (await readCarriers(db.pool)).map(({ name, state }) => `${name} ${state}`);
}

test('a new database has the simulator, and all numbers go to it', async () => {
  expect(await readCarriers(db.pool)).toEqual([
    {
      name: 'simulator',
      kind: 'SIMULATOR',
      state: 'ACTIVE',
      ratePerSecond: 500,
      windowSize: 500,
      address: null,
      username: null,
      password: null,
    },
  ]);
  expect(await listRoutes()).toEqual([`>simulator 1 1`]);
});

test('the environment makes the first carrier; the one before drains, and its routes are now this one’s', async () => {
  await db.pool.query(
    `insert into carrier_route (prefix, carrier, priority, weight) values ('2782', 'simulator', 2, 30)`,
  );
  await Promise.all([putEnvironmentCarrier(db.pool, kannel), putEnvironmentCarrier(db.pool, kannel)]);
  expect(await listStates()).toEqual(['kannel ACTIVE', 'simulator DRAINING']);
  expect(await listRoutes()).toEqual(['2782>kannel 2 30', '>kannel 1 1']);
  expect(await findCarrier(db.pool, 'kannel')).toMatchObject({
    kind: 'KANNEL',
    windowSize: 100,
    address: kannel.KANNEL_SENDSMS_URL,
    username: 'client-zone',
    password: 'pass word %26',
  });
  const { rows } = await db.pool.query<{ stored: string }>('select carrier::text as stored from carrier');
  expect(rows.map(({ stored }) => stored).join()).not.toContain('pass word');

  await putEnvironmentCarrier(db.pool, simulator);
  expect(await listStates()).toEqual(['kannel DRAINING', 'simulator ACTIVE']);
  await putEnvironmentCarrier(db.pool, kannel);
  expect(await listStates()).toEqual(['kannel ACTIVE', 'simulator DRAINING']);
});

test('what staff paused stays paused at the next start; what a wrong password stopped goes on with another one', async () => {
  const state = async () => (await listStates())[0];
  await db.pool.query(`update carrier set state = 'PAUSED' where name = 'kannel'`);
  await putEnvironmentCarrier(db.pool, { ...kannel, KANNEL_PASSWORD: 'another' });
  expect(await state()).toBe('kannel PAUSED');

  await db.pool.query(`update carrier set problem = 'Wrong password.' where name = 'kannel'`);
  await putEnvironmentCarrier(db.pool, { ...kannel, KANNEL_PASSWORD: 'another' });
  expect(await state()).toBe('kannel PAUSED');
  await putEnvironmentCarrier(db.pool, kannel);
  expect(await state()).toBe('kannel ACTIVE');
  const { rows } = await db.pool.query(`select problem from carrier where name = 'kannel'`);
  expect(rows).toEqual([{ problem: null }]);
});

test('a carrier is found while the database is away, once it was known', async () => {
  let isAway = false;
  const pool = new Proxy(db.pool, {
    get: (target, property) =>
      property === 'query' && isAway
        ? () => Promise.reject(new Error('away'))
        : (Reflect.get(target, property) as unknown),
  });
  isAway = true;
  await expect(findCarrier(pool, 'kannel')).rejects.toThrow('away');
  isAway = false;
  expect(await findCarrier(pool, 'kannel')).toBeDefined();
  isAway = true;
  expect(await findCarrier(pool, 'kannel')).toBeDefined();
  expect(await findCarrier(pool, 'pigeon')).toBeUndefined();
});
