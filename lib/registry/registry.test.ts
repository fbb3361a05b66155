import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintStaffScope, type StaffScope } from '@/lib/auth/scope';
import { createAccount, createUser, nextMsisdn, type TestAccount } from '@/testing/factories';
import { listJobs } from '@/testing/jobs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { applyAnswer, discardAnswer, storeAnswer } from './commands';
import { failRegistryImport, importRegistry } from './import-job';
import { readAllRegistryRecords, readRegistryRecords } from './queries';
import { wholeIndustry } from './schema';
import { findRegistryImport, listRegistryImports, readRegistrySize } from './staff-queries';
import { answerParameters, type NewAnswer } from './upload';

let db: TestDatabase;
let staff: StaffScope;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null, name: 'Sipho' }));
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const today = '2026-11-29';
let day = 0;
/** A later one each time. */
const nextDay = () => `2026-10-${String((day += 1)).padStart(2, '0')}`;

function compose(change: Partial<NewAnswer> = {}): NewAnswer {
  return {
    name: 'answer.csv',
    source: 'National Consumer Commission',
    answeredOn: nextDay(),
    marketerId: wholeIndustry,
    format: { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 },
    ...change,
  };
}

const store = (content: string | Readable, change: Partial<NewAnswer> = {}) =>
  storeAnswer(
    db.copyPool,
    staff,
    compose(change),
    typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content,
    today,
  );
const read = async (id: string) => (await findRegistryImport(db.pool, staff, id)) ?? expect.fail('none');

/** All of it. */
async function put(content: string, change: Partial<NewAnswer> = {}): Promise<string> {
  const id = await store(content, change);
  expect(await applyAnswer(db.pool, staff, id)).toEqual({ ok: true });
  expect(await importRegistry(db.pool, id)).toBe(true);
  return id;
}

async function listEntries(marketerId = wholeIndustry): Promise<string[]> {
  const { rows } = await db.pool.query<{ msisdn: string }>(
    'select msisdn from registry_entry where marketer_id = $1 order by msisdn',
    [marketerId],
  );
  return rows.map(({ msisdn }) => msisdn);
}

describe('an answer file', () => {
  test('is compared first and changes nothing; put in force, it adds what is new and lifts what has left', async () => {
    const [first, second, third] = [nextMsisdn(), nextMsisdn(), nextMsisdn()].sort();
    const one = await store(`${first}\n${second}\n`);
    expect(await read(one)).toMatchObject({
      state: 'WAITING',
      numbers: 2,
      comes: 2,
      goes: 0,
      createdBy: 'Sipho',
    });
    expect(await listEntries()).toEqual([]);
    expect(await applyAnswer(db.pool, staff, one)).toEqual({ ok: true });
    expect(await listJobs(db.pool, 'import-registry')).toHaveLength(1);
    await importRegistry(db.pool, one);
    expect(await read(one)).toMatchObject({ state: 'DONE', processed: 2, added: 2, lifted: 0 });
    expect(await listEntries()).toEqual([first, second]);

    // second stays with the answer that brought it, first has left
    const two = await store(`${second}\n${third}`);
    expect(await read(two)).toMatchObject({ comes: 1, goes: 1 });
    await applyAnswer(db.pool, staff, two);
    await importRegistry(db.pool, two);
    expect(await read(two)).toMatchObject({ state: 'DONE', added: 1, lifted: 1 });
    expect(await listEntries()).toEqual([second, third]);
    expect(await readAllRegistryRecords(db.pool, first as string)).toMatchObject([
      { marketerId: 0, answeredOn: '2026-10-01', liftedAt: expect.any(String) },
    ]);
    expect(await readAllRegistryRecords(db.pool, second as string)).toMatchObject([
      { answeredOn: '2026-10-01', source: 'National Consumer Commission', liftedAt: null },
    ]);
    expect(await readRegistrySize(db.pool, staff)).toEqual({ entries: 2, answeredOn: '2026-10-02' });
    const { rows } = await db.pool.query('select count(*)::int as blocks from registry_block');
    expect(rows).toEqual([{ blocks: 0 }]);
    // and one that comes back is a new entry beside the one that was lifted
    await put(`${first}\n${second}\n${third}`);
    expect(
      (await readAllRegistryRecords(db.pool, first as string)).map(({ liftedAt }) => liftedAt !== null),
    ).toEqual([false, true]);
  });

  test('twice is put in force twice, and changes nothing', async () => {
    const file = `${nextMsisdn()}\n${nextMsisdn()}`;
    const entries = async () => (await db.pool.query('select * from registry_entry order by msisdn')).rows;
    await put(file);
    const before = await entries();
    const again = await put(file);
    expect(await read(again)).toMatchObject({ comes: 0, goes: 0, added: 0, lifted: 0 });
    expect(await entries()).toEqual(before);
  });

  test('with other columns, landlines, rubbish and repetitions: what can be used is, and the rest is told', async () => {
    const [first, second] = [nextMsisdn(), nextMsisdn()].sort();
    const file = `ID;Name;Cell\n1;Thandi;${first}\n2;Sipho;021 555 0123\n3;Anna;\n4;Jan;"${first}\n5;Zola;0${second?.slice(2)}\n6;Zola;+${first}\n`;
    const id = await put(file, {
      format: { encoding: 'utf-8', separator: ';', columns: [2], headerRows: 1 },
    });
    expect(await read(id)).toMatchObject({
      lines: 6,
      numbers: 6,
      invalid: 3,
      duplicates: 1,
      problems: [
        { line: 3, input: '021 555 0123', problem: 'not-mobile' },
        { line: 4, input: '', problem: 'empty' },
        { line: 5, problem: 'odd-quote' },
        { line: 7, input: `+${first}`, problem: 'duplicate' },
      ],
    });
    expect(await listEntries()).toEqual([first, second]);
  });

  test.each([
    ['that ends before its end', () => Readable.from(breakOff()), 'half'],
    ['without a number', () => Readable.from([Buffer.from('name\nThandi\n')]), 'None of the lines'],
    ['with nothing in it', () => Readable.from([Buffer.from('\n')]), 'There is nothing'],
    ['that is a workbook', () => Readable.from([Buffer.from([0x50, 0x4b, 3, 4, 0])]), 'Excel workbook'],
  ])('%s is refused, and nothing of it is kept', async (_, content, message) => {
    const before = (await listRegistryImports(db.pool, staff)).length;
    await expect(store(content())).rejects.toThrow(message);
    expect(await listRegistryImports(db.pool, staff)).toHaveLength(before);
    const { rows } = await db.pool.query('select count(*)::int as blocks from registry_block');
    expect(rows).toEqual([{ blocks: 0 }]);
  });

  test('of a day to come, or of one before the last, is refused; so is one for no account', async () => {
    await expect(store(nextMsisdn(), { answeredOn: '2026-11-30' })).rejects.toThrow('still to come');
    await put(nextMsisdn(), { answeredOn: '2026-10-20' });
    await expect(store(nextMsisdn(), { answeredOn: '2026-10-19' })).rejects.toThrow(
      'An answer of 20 Oct 2026 is in force already.',
    );
    await expect(store(nextMsisdn(), { marketerId: 999_999 })).rejects.toThrow('There is no account W999999');
    // of another day, that waited while a later one was put in force
    const waiting = await store(nextMsisdn(), { answeredOn: '2026-10-21' });
    await put(nextMsisdn(), { answeredOn: '2026-10-22' });
    expect(await applyAnswer(db.pool, staff, waiting)).toMatchObject({
      ok: false,
      message: expect.stringContaining('would lift what has come since'),
    });
    day = 22;
  });
});

test('the entries of one account are its own: an answer for it lifts no others, and others do not see them', async () => {
  const [everybodys, own] = [nextMsisdn(), nextMsisdn()];
  await put(everybodys);
  await put(own, { marketerId: account.id });
  await put(`${own}\n${nextMsisdn()}`, { marketerId: account.id });
  expect(await listEntries()).toEqual([everybodys]);
  expect(await listEntries(account.id)).toContain(own);
  const other = await createAccount(db.pool);
  expect(await readRegistryRecords(db.pool, account.scope, own)).toMatchObject([{ marketerId: account.id }]);
  expect(await readRegistryRecords(db.pool, other.scope, own)).toEqual([]);
  expect(await readRegistryRecords(db.pool, other.scope, everybodys)).toMatchObject([{ marketerId: 0 }]);
});

test('one answer is put in force at a time, once, and not after it was discarded', async () => {
  const [first, second] = [await store(nextMsisdn()), await store(nextMsisdn())];
  expect(await applyAnswer(db.pool, staff, first)).toEqual({ ok: true });
  expect(await applyAnswer(db.pool, staff, first)).toMatchObject({ ok: false });
  expect(await applyAnswer(db.pool, staff, second)).toMatchObject({
    ok: false,
    message: expect.stringContaining('Another answer is being put in force'),
  });
  await importRegistry(db.pool, first);
  expect(await discardAnswer(db.pool, staff, first)).toMatchObject({ ok: false });
  expect(await discardAnswer(db.pool, staff, second)).toEqual({ ok: true });
  expect(await applyAnswer(db.pool, staff, second)).toMatchObject({ ok: false });
  expect(await read(second)).toMatchObject({ state: 'DISCARDED' });
});

test('it goes on where a job that was killed had ended, and what failed lifts nothing', async () => {
  const kept = nextMsisdn();
  await put(kept);
  const numbers = Array.from({ length: 10_001 }, nextMsisdn);
  const id = await store(numbers.join('\n'));
  await applyAnswer(db.pool, staff, id);
  // as if it had been killed after its first block
  await db.pool.query(
    `insert into registry_entry (msisdn, import_id) select msisdn, $1 from registry_block, unnest(msisdns) as msisdn
     where import_id = $1 and first_position = 1`,
    [id],
  );
  await db.pool.query(
    `update registry_import set state = 'RUNNING', processed = 10000, added = 10000 where id = $1`,
    [id],
  );
  expect(await importRegistry(db.pool, id, AbortSignal.abort())).toBe(false);
  expect(await importRegistry(db.pool, id)).toBe(true);
  expect(await read(id)).toMatchObject({ state: 'DONE', processed: 10_001, added: 10_001, lifted: 1 });
  expect((await listEntries()).length).toBe(10_001);

  const failing = await store(kept);
  await applyAnswer(db.pool, staff, failing);
  await failRegistryImport(db.pool, failing);
  expect(await read(failing)).toMatchObject({
    state: 'FAILED',
    reason: expect.stringContaining('nothing was lifted'),
  });
  expect(await importRegistry(db.pool, failing)).toBe(true);
  expect((await listEntries()).length).toBe(10_001);
});

test('what was lifted cannot be written over', async () => {
  await expect(db.pool.query('delete from registry_lift')).rejects.toMatchObject({ code: '42501' });
  await expect(db.owner.query('delete from registry_lift')).rejects.toThrow();
});

test('what an upload says of itself is read, or refused with what to do', () => {
  const query = {
    answeredOn: '2026-11-28',
    source: ' NCC ',
    name: 'a.csv',
    separator: ';',
    column: '1',
    header: 'yes',
    encoding: 'utf-8',
  };
  expect(answerParameters.parse(query)).toMatchObject({ source: 'NCC', marketerId: 0 });
  expect(answerParameters.parse({ ...query, account: 'w58324' })).toMatchObject({ marketerId: 58324 });
  const refuse = (change: object) =>
    answerParameters.safeParse({ ...query, ...change }).error?.issues[0]?.message;
  expect(refuse({ account: 'Karoo' })).toContain('W58324');
  expect(refuse({ answeredOn: '2026-02-30' })).toContain('Choose the day');
  expect(refuse({ source: ' ' })).toContain('where the file is from');
});

async function* breakOff(): AsyncGenerator<Buffer> {
  yield Buffer.from(`${nextMsisdn()}\n`);
  throw new Error('half of it');
}
