import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, createUser, nextMsisdn, queueMessages } from '@/testing/factories';
import { mintStaffScope, type StaffScope } from '@/lib/auth/scope';
import { countFacts, flushFacts } from './facts';
import { readCarriers } from './registry';
import {
  addCarrier,
  changeCarrier,
  removeCarrier,
  removeRoute,
  saveRoute,
  setCarrierState,
} from './system-commands';
import { countSystemAttention, readSystem } from './system-queries';

let db: TestDatabase;
let staff: StaffScope;
beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
});
beforeEach(async () => {
  await db.pool.query(`delete from carrier where name <> 'simulator'`);
  await db.pool.query(`update carrier set state = 'ACTIVE', problem = null`);
  await saveRoute(db.pool, staff, { prefix: '', carrier: 'simulator', priority: 1, weight: 1 });
});
afterAll(() => db.close());

const second = {
  name: 'second',
  address: 'http://10.0.0.5:13013/cgi-bin/sendsms',
  username: 'client-zone',
  password: 'top secret',
  ratePerSecond: 100,
  windowSize: 50,
};

async function listAudit(action: string): Promise<string> {
  const { rows } = await db.pool.query<{ entry: string }>(
    `select target || ' ' || details as entry from audit_entry where action = $1 order by id`,
    [action],
  );
  return rows.map(({ entry }) => entry).join('\n');
}

test('a carrier is added with its password sealed, changed with and without it, and never shown with it', async () => {
  expect(await addCarrier(db.pool, staff, { ...second, password: '' })).toMatchObject({ ok: false });
  expect(await addCarrier(db.pool, staff, second)).toEqual({ ok: true });
  expect(await addCarrier(db.pool, staff, second)).toMatchObject({
    ok: false,
    fields: { name: expect.stringContaining('already') },
  });
  const find = async () => (await readCarriers(db.pool)).find(({ name }) => name === 'second');
  expect(await find()).toMatchObject({ kind: 'KANNEL', password: 'top secret', windowSize: 50 });
  await changeCarrier(db.pool, staff, { ...second, password: '', ratePerSecond: 7 });
  expect(await find()).toMatchObject({ password: 'top secret', ratePerSecond: 7 });
  await changeCarrier(db.pool, staff, { ...second, password: 'another' });
  expect(await find()).toMatchObject({ password: 'another', ratePerSecond: 100 });
  expect(await listAudit('carrier.save')).not.toMatch(/top secret|another/);
  expect(JSON.stringify(await readSystem(db.pool, staff))).not.toMatch(/top secret|another/);
});

test('the carrier of the environment is neither changed nor removed here', async () => {
  await db.pool.query(`update carrier set state = 'PAUSED' where name = 'simulator'`);
  expect(await removeCarrier(db.pool, staff, { name: 'simulator' })).toMatchObject({ ok: false });
  expect((await readCarriers(db.pool)).map(({ name }) => name)).toEqual(['simulator']);
});

test('a carrier is removed once it drains and nothing is with it, with its routes', async () => {
  await addCarrier(db.pool, staff, second);
  await saveRoute(db.pool, staff, { prefix: '2782', carrier: 'second', priority: 1, weight: 1 });
  expect(await removeCarrier(db.pool, staff, { name: 'second' })).toMatchObject({ ok: false });
  await setCarrierState(db.pool, staff, { name: 'second', state: 'DRAINING' });

  const account = await createAccount(db.pool);
  await queueMessages(db.pool, account, [nextMsisdn()]);
  await db.pool.query(
    `update message set status = 'SENT', carrier = 'second', next_attempt_at = null where account_id = $1`,
    [account.id],
  );
  const outstanding = async () =>
    (await readSystem(db.pool, staff)).carriers.find(({ name }) => name === 'second')?.outstanding;
  expect(await outstanding()).toBe(1);
  expect(await removeCarrier(db.pool, staff, { name: 'second' })).toMatchObject({ ok: false });
  await db.pool.query(`update message set status = 'DELIVERED' where account_id = $1`, [account.id]);
  expect(await outstanding()).toBe(0);
  expect(await removeCarrier(db.pool, staff, { name: 'second' })).toEqual({ ok: true });
  expect(await removeCarrier(db.pool, staff, { name: 'second' })).toMatchObject({ ok: false });
  expect((await readSystem(db.pool, staff)).routes.map(({ carrier }) => carrier)).toEqual(['simulator']);
});

test('paused and resumed, each once in the audit log; resuming forgets what stopped it', async () => {
  await db.pool.query(`update carrier set problem = 'Wrong password.', problem_at = now()`);
  expect(await countSystemAttention(db.pool, staff)).toBe(1);
  await setCarrierState(db.pool, staff, { name: 'simulator', state: 'PAUSED' });
  await setCarrierState(db.pool, staff, { name: 'simulator', state: 'PAUSED' });
  const read = async () => (await readSystem(db.pool, staff)).carriers[0];
  expect(await read()).toMatchObject({ state: 'PAUSED', problem: 'Wrong password.' });
  await setCarrierState(db.pool, staff, { name: 'simulator', state: 'ACTIVE' });
  expect(await read()).toMatchObject({ state: 'ACTIVE', problem: null });
  expect(await countSystemAttention(db.pool, staff)).toBe(0);
  expect((await listAudit('carrier.set-state')).match(/Carrier simulator/g)).toHaveLength(2);
  expect(await setCarrierState(db.pool, staff, { name: 'nobody', state: 'PAUSED' })).toMatchObject({
    ok: false,
  });
});

test('numbers without a carrier are named, before a route is removed and after', async () => {
  await addCarrier(db.pool, staff, second);
  await saveRoute(db.pool, staff, { prefix: '2782', carrier: 'second', priority: 1, weight: 1 });
  const uncovered = async () => (await readSystem(db.pool, staff)).uncovered;
  expect(await uncovered()).toEqual([]);
  const { routes } = await readSystem(db.pool, staff);
  expect(routes.map(({ prefix, leavesUncovered }) => [prefix, leavesUncovered])).toEqual([
    ['', ['']],
    ['2782', []],
  ]);
  await removeRoute(db.pool, staff, { prefix: '', carrier: 'simulator' });
  expect(await uncovered()).toEqual(['']);
  await setCarrierState(db.pool, staff, { name: 'second', state: 'PAUSED' });
  expect(await uncovered()).toEqual(['', '2782']);
  expect(await listAudit('route.remove')).toContain('Route of every number by simulator');
});

test('due messages are counted by the carrier whose they are; paused, of the one that waits for it', async () => {
  await addCarrier(db.pool, staff, second);
  await saveRoute(db.pool, staff, { prefix: '2783', carrier: 'second', priority: 1, weight: 1 });
  await removeRoute(db.pool, staff, { prefix: '', carrier: 'simulator' });
  await saveRoute(db.pool, staff, { prefix: '2782', carrier: 'simulator', priority: 1, weight: 1 });
  const account = await createAccount(db.pool);
  const numbers = ['27825550201', '27825550202', '27835550203', '27845550204'];
  await queueMessages(db.pool, account, numbers);
  const counts = async () => {
    const { carriers, unrouted } = await readSystem(db.pool, staff);
    return { ...Object.fromEntries(carriers.map(({ name, queued }) => [name, queued])), unrouted };
  };
  expect(await counts()).toEqual({ simulator: 2, second: 1, unrouted: 1 });
  await setCarrierState(db.pool, staff, { name: 'second', state: 'PAUSED' });
  expect(await counts()).toEqual({ simulator: 2, second: 1, unrouted: 1 });
  await saveRoute(db.pool, staff, { prefix: '', carrier: 'simulator', priority: 1, weight: 1 });
  expect(await counts()).toEqual({ simulator: 4, second: 0, unrouted: 0 });
  await db.pool.query('delete from message where account_id = $1', [account.id]);
});

test('what passed in the last minute and hour, and when something last came, of all processes', async () => {
  countFacts(db.pool, 'simulator', { sent: 5, failed: 1 });
  countFacts(db.pool, 'simulator', { sent: 2, replies: 3 });
  await flushFacts(db.pool);
  countFacts(db.pool, 'simulator', { sent: 1, receipts: 4 });
  await flushFacts(db.pool);
  await db.pool.query(
    `insert into carrier_minute (carrier, minute, sent) values ('simulator', now() - interval '20 minutes', 10),
       ('simulator', now() - interval '2 hours', 100)`,
  );
  const [carrier] = (await readSystem(db.pool, staff)).carriers;
  expect(carrier?.lastHour).toEqual({ sent: 18, failed: 1, retried: 0, doubted: 0, replies: 3, receipts: 4 });
  expect(carrier?.lastMinute.sent).toBeLessThanOrEqual(8);
  expect(carrier?.lastReplyAt).not.toBeNull();
  expect(carrier?.lastReceiptAt).not.toBeNull();
});
