import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { composeCsvSelect } from '@/lib/lists/csv';
import { mintStaffScope } from '@/lib/auth/scope';
import { createAccount, createUser, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  composeCleansingFile,
  composeDifferencesFile,
  findOwnAnswer,
  listDifferences,
  listOwnAnswers,
} from './cleansing-queries';
import {
  applyAnswer,
  applyOwnAnswer,
  discardOwnAnswer,
  storeAnswer,
  storeEmptyAnswer,
  storeOwnAnswer,
} from './commands';
import { importRegistry } from './import-job';
import { saveRegistration } from './marketer-commands';
import { listRegistrations, readStanding } from './marketer-queries';
import { countDays, findMarketingWarning } from './schema';
import { listRegistryImports } from './staff-queries';

let db: TestDatabase;
let account: TestAccount;
let stranger: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  stranger = await createAccount(db.pool);
});
afterAll(() => db.close());
beforeEach(async () => {
  account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
});

const today = '2026-11-29';
const noon = new Date('2026-11-29T12:00:00+02:00');
const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;

const store = (content: string | Readable, answeredOn = '2026-11-28', name = 'answer.csv') =>
  storeOwnAnswer(
    db.copyPool,
    account.scope,
    { name, answeredOn, format: { ...format, columns: [0] } },
    typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content,
    today,
  );

async function put(content: string, answeredOn?: string): Promise<string> {
  const id = await store(content, answeredOn);
  expect(await applyOwnAnswer(db.pool, account.scope, id)).toEqual({ ok: true });
  expect(await importRegistry(db.pool, id)).toBe(true);
  return id;
}

const read = async (id: string) =>
  (await findOwnAnswer(db.pool, account.scope, id)) ?? expect.fail('there is none');
const listCleansings = async () =>
  (
    await db.pool.query(
      'select as_of::text, name, lines, matched, came, gone, uploaded_by, file_hash from cleansing where account_id = $1 order by id',
      [account.id],
    )
  ).rows;
const readFile = async (query: Parameters<typeof composeCsvSelect>[0]) =>
  (await db.pool.query<Record<string, string>>(composeCsvSelect(query))).rows.map((row) =>
    Object.values(row),
  );

describe('a cleansing', () => {
  test('counts once its answer is in force: with what it was, who came and who left', async () => {
    const [stays, leaves, comes] = [nextMsisdn(), nextMsisdn(), nextMsisdn()].sort() as [
      string,
      string,
      string,
    ];
    const one = await put(`${stays}\n${leaves}\n0215550123\n`, '2026-10-28');
    expect(await readStanding(db.pool, account.scope, noon)).toMatchObject({
      stop: 'CLEANSING',
      cleansedOn: '2026-10-28',
      age: 32,
      mustCleanse: true,
    });
    const two = await store(`${stays}\n${comes}\n`);
    // looked at first: it counts for nothing yet
    expect(await read(two)).toMatchObject({ state: 'WAITING', comes: 1, goes: 1 });
    const differences = [
      { msisdn: comes, came: true },
      { msisdn: leaves, came: false },
    ];
    expect(await listDifferences(db.pool, account.scope, await read(two), 20)).toEqual(differences);
    expect(await listCleansings()).toHaveLength(1);

    await applyOwnAnswer(db.pool, account.scope, two);
    await importRegistry(db.pool, two);
    expect(await listDifferences(db.pool, account.scope, await read(two), 20)).toEqual(differences);
    expect(
      await readFile(composeDifferencesFile(account.scope, await read(two), 'Africa/Johannesburg')),
    ).toEqual([
      [comes, 'Came'],
      [leaves, 'Left'],
    ]);
    expect(await listCleansings()).toMatchObject([
      { as_of: '2026-10-28', name: 'answer.csv', lines: 3, matched: 2, came: 2, gone: 0 },
      {
        as_of: '2026-11-28',
        lines: 2,
        matched: 2,
        came: 1,
        gone: 1,
        file_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(await readStanding(db.pool, account.scope, noon)).toMatchObject({
      stop: null,
      cleansedOn: '2026-11-28',
      age: 1,
    });
    // what came first is still told of the first answer, though one of the two has left
    expect(
      (await listDifferences(db.pool, account.scope, await read(one), 20)).map(({ came }) => came),
    ).toEqual([true, true]);
    const { rows } = await db.pool.query('select msisdn from registry_lift where marketer_id = $1', [
      account.id,
    ]);
    expect(rows).toEqual([{ msisdn: leaves }]);
  });

  test('in which nobody is needs no file, and lifts all', async () => {
    await put(nextMsisdn(), '2026-10-28');
    expect(await storeEmptyAnswer(db.pool, account.scope, '2026-11-30', today)).toMatchObject({
      ok: false,
      fields: { answeredOn: expect.stringContaining('still to come') },
    });
    const empty = await storeEmptyAnswer(db.pool, account.scope, '2026-11-28', today);
    if (!empty.ok) throw new Error(empty.message);
    expect(await read(empty.id)).toMatchObject({ state: 'WAITING', lines: 0, comes: 0, goes: 1 });
    await applyOwnAnswer(db.pool, account.scope, empty.id);
    await importRegistry(db.pool, empty.id);
    expect(await listCleansings()).toMatchObject([{}, { as_of: '2026-11-28', matched: 0, gone: 1 }]);
  });

  test.each([
    ['of a day to come', () => store(nextMsisdn(), '2026-11-30'), 'still to come'],
    ['that ends before its end', () => store(Readable.from(breakOff())), 'half'],
    ['of other columns', () => store('name\nThandi\n'), 'None of the lines'],
    ['of landlines alone', () => store('021 555 0123\n'), 'None of the lines'],
  ])('%s is refused, and nothing is lost', async (_, hand, message) => {
    const kept = nextMsisdn();
    await put(kept, '2026-11-01');
    await expect(hand()).rejects.toThrow(message);
    expect(await listOwnAnswers(db.pool, account.scope)).toHaveLength(1);
    const { rows } = await db.pool.query('select msisdn from registry_entry where marketer_id = $1', [
      account.id,
    ]);
    expect(rows).toEqual([{ msisdn: kept }]);
  });

  test('of an earlier month than the last is refused, with its day as people read it', async () => {
    await put(nextMsisdn());
    await expect(store(nextMsisdn(), '2026-10-28')).rejects.toThrow(
      'An answer of 28 Nov 2026 is in force already.',
    );
  });

  test('twice: the same file of the same day is refused, of another day it is pointed out', async () => {
    const file = `${nextMsisdn()}\n`;
    const first = await store(file, '2026-10-28');
    await expect(store(file, '2026-10-28', 'copy.csv')).rejects.toThrow(
      'here already, as the answer of 28 Oct 2026',
    );
    // discarded, it may be handed in again
    await discardOwnAnswer(db.pool, account.scope, first);
    await put(file, '2026-10-28');
    await expect(store(file, '2026-10-28')).rejects.toThrow('it counts');
    const again = await store(file, '2026-11-28');
    expect(await read(again)).toMatchObject({ sameAs: '2026-10-28', comes: 0, goes: 0 });
  });

  test('waits for nobody else’s, and for its own', async () => {
    const [first, second] = [await store(nextMsisdn()), await store(nextMsisdn())];
    const staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
    const industrys = await storeAnswer(
      db.copyPool,
      staff,
      {
        name: 'all.csv',
        source: 'NCC',
        answeredOn: '2026-11-01',
        marketerId: 0,
        format: { ...format, columns: [0] },
      },
      Readable.from([Buffer.from(nextMsisdn())]),
      today,
    );
    expect(await applyAnswer(db.pool, staff, industrys)).toEqual({ ok: true });
    expect(await applyOwnAnswer(db.pool, account.scope, first)).toEqual({ ok: true });
    expect(await applyOwnAnswer(db.pool, account.scope, second)).toMatchObject({
      ok: false,
      message: expect.stringContaining('Another answer is being put in force'),
    });
    await importRegistry(db.pool, industrys);
    await importRegistry(db.pool, first);
    // an answer for the industry is a cleansing of everybody as of its day
    expect(await readStanding(db.pool, stranger.scope, noon)).toMatchObject({
      cleansedOn: '2026-11-01',
      isOfIndustry: true,
      mustCleanse: false,
      stop: null,
    });
    expect(await readStanding(db.pool, account.scope, noon)).toMatchObject({
      cleansedOn: '2026-11-28',
      isOfIndustry: false,
    });
    // the staff's list has what staff handed in
    expect((await listRegistryImports(db.pool, staff)).map(({ name }) => name)).toEqual(['all.csv']);
  });
});

test('another account sees, puts in force, discards and downloads nothing of it', async () => {
  const number = nextMsisdn();
  await queueMessages(db.pool, account, [number]);
  const id = await store(nextMsisdn());
  expect(await findOwnAnswer(db.pool, stranger.scope, id)).toBeNull();
  expect(await listOwnAnswers(db.pool, stranger.scope)).toEqual([]);
  const refused = { ok: false, message: expect.stringContaining('already') };
  expect(await applyOwnAnswer(db.pool, stranger.scope, id)).toMatchObject(refused);
  expect(await discardOwnAnswer(db.pool, stranger.scope, id)).toMatchObject(refused);
  expect(await read(id)).toMatchObject({ state: 'WAITING' });
  expect(await readFile(composeCleansingFile(stranger.scope, [], 'Africa/Johannesburg'))).toEqual([]);
  expect(await listRegistrations(db.pool, stranger.scope)).toEqual([]);
});

test('what is to be cleansed: whom it sent marketing in a year, who is on the registry for it, and chosen lists', async () => {
  const [recent, old, served, erased, unsaid, listed, checked] = Array.from({ length: 7 }, nextMsisdn) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  await queueMessages(db.pool, account, [recent, recent, old, served, erased, unsaid]);
  const change = (set: string, msisdn: string) =>
    db.pool.query(`update message set ${set} where account_id = $1 and msisdn = $2`, [account.id, msisdn]);
  await change(`created_at = now() - interval '366 days'`, old);
  await change(`purpose = 'SERVICE'`, served);
  await change(`purpose = null`, unsaid);
  await change(`msisdn = ''`, erased);
  await put(listed);
  const insertList = async (owner: TestAccount, msisdn: string) => {
    const { rows } = await db.pool.query<{ id: string }>(
      `insert into number_list (account_id, purpose, state, name, lines, invalid, duplicates)
       values ($1, 'CHECK', 'DONE', 'list.csv', 2, 0, 1) returning id`,
      [owner.id],
    );
    await db.pool.query(
      `insert into number_list_block (account_id, list_id, first_position, lines, inputs, msisdns, problems)
       values ($1, $2, 1, '{1,2}', array[$3, $3], array[$3, $3], array[null, 'duplicate'])`,
      [owner.id, rows[0]?.id, msisdn],
    );
    return rows[0]?.id as string;
  };
  const lists = [await insertList(account, checked), await insertList(stranger, nextMsisdn())];
  const file = composeCleansingFile(account.scope, lists, 'Africa/Johannesburg');
  expect((await readFile(file)).flat()).toEqual([recent, unsaid, listed, checked].sort());
});

describe('a registration', () => {
  const save = (number: string, endsOn: string) =>
    withTransaction(db.pool, (client) => saveRegistration(client, account.scope, { number, endsOn }, noon));

  test('that is newer counts, and those before it stay; the same again is none', async () => {
    expect(await save(' DM  2026/001 ', '2027-07-31')).toEqual({ ok: true });
    expect(await save('DM 2026/001', '2027-07-31')).toEqual({ ok: true });
    expect(await save('DM 2026/777', '2027-01-31')).toEqual({ ok: true });
    expect(await listRegistrations(db.pool, account.scope)).toMatchObject([
      { number: 'DM 2026/777', endsOn: '2027-01-31' },
      { number: 'DM 2026/001', endsOn: '2027-07-31' },
    ]);
    expect(await readStanding(db.pool, account.scope, noon)).toMatchObject({
      registrationEndsOn: '2027-01-31',
      registrationLeft: 63,
    });
  });

  test.each([
    ['', '2027-07-31', 'number'],
    ['x'.repeat(61), '2027-07-31', 'number'],
    ['DM 1', '2026-11-28', 'endsOn'],
    ['DM 1', '2028-11-30', 'endsOn'],
  ])('“%s” until %s is refused at its %s', async (number, endsOn, field) => {
    expect(await save(number, endsOn)).toMatchObject({ ok: false, fields: { [field]: expect.any(String) } });
    expect(await listRegistrations(db.pool, account.scope)).toEqual([]);
  });
});

test.each([
  [{ age: 24 }, null],
  [{ age: 25 }, 'CLEANSING'],
  [{ age: 25, mustCleanse: false }, null],
  [{ age: 32, stop: 'CLEANSING' as const }, null],
  [{ registrationLeft: 31 }, null],
  [{ registrationLeft: 30 }, 'REGISTRATION'],
])('of %o is warned: %s', (facts, warning) => {
  const standing = {
    stop: null,
    cleansedOn: '2026-11-01',
    isOfIndustry: false,
    age: 0,
    mostDays: 31,
    mustCleanse: true,
    cleansingRequiredFrom: null,
    registrationEndsOn: null,
    registrationLeft: null,
    registrationRequiredFrom: null,
  };
  expect(findMarketingWarning({ ...standing, ...facts })).toBe(warning);
});

test('days are counted over the end of a year', () => {
  expect(countDays('2026-12-01', '2027-01-01')).toBe(31);
  expect(countDays('2026-12-02', '2026-12-01')).toBe(-1);
});

async function* breakOff(): AsyncGenerator<Buffer> {
  yield Buffer.from(`${nextMsisdn()}\n`);
  await Promise.resolve();
  throw new Error('half a file');
}
