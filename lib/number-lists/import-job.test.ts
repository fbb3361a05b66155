import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordConsents } from '@/lib/consents/commands';
import { readConsentRecords } from '@/lib/consents/queries';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeCsvSelect } from '@/lib/lists/csv';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { cancelImport, storeNumberList } from './commands';
import { failImport, importBatch, importNumberList, paceBatch } from './import-job';
import { problemLabels } from './labels';
import { composeListFile, readNumberList } from './queries';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function storeImport(
  account: TestAccount,
  lines: readonly string[],
  columns: readonly number[] = [0],
): Promise<string> {
  const format = { encoding: 'utf-8', separator: ',', columns, headerRows: 0 } as const;
  const list = { purpose: 'IMPORT' as const, name: 'numbers.csv', format };
  return storeNumberList(db.copyPool, account.scope, list, Readable.from([Buffer.from(lines.join('\n'))]));
}

/** The next few numbers of an import, as a worker does them. */
function runBatch(account: TestAccount, id: string, size: number): Promise<boolean> {
  return withTransaction(db.pool, (client) => importBatch(client, account.scope, id, { size }));
}

interface OptedOut {
  msisdn: string;
  kind: string;
  createdBy: number;
  events: { kind: string; actor: string; evidence: unknown }[];
}

async function readOptOuts(account: TestAccount): Promise<OptedOut[]> {
  const { rows } = await db.pool.query<OptedOut>(
    `select msisdn, kind, created_by as "createdBy", (
       select json_agg(json_build_object('kind', kind, 'actor', actor, 'evidence', evidence) order by id)
       from opt_out_event where account_id = $1 and episode_id = opt_out.id and msisdn = opt_out.msisdn) as events
     from opt_out where account_id = $1 order by msisdn`,
    [account.id],
  );
  return rows;
}

async function readResults(account: TestAccount, id: string): Promise<(string | undefined)[]> {
  const query = composeCsvSelect(
    composeListFile(account.scope, { id, purpose: 'IMPORT' }, 'report', 'Africa/Johannesburg', null),
  );
  const { rows } = await db.pool.query<Record<string, string>>(query);
  return rows.map((row) => row.Result);
}

/** Every number is opted out once, with one event, and the list counts what is there. */
async function expectWhole(account: TestAccount, id: string, numbers: readonly string[]): Promise<void> {
  const optOuts = await readOptOuts(account);
  expect(optOuts.map(({ msisdn }) => msisdn)).toEqual([...numbers].sort());
  expect(optOuts.filter(({ events }) => events.length !== 1)).toEqual([]);
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(numbers.length);
  expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
    state: 'DONE',
    added: numbers.length,
    alreadyThere: 0,
  });
  expect(new Set(await readResults(account, id))).toEqual(new Set(['Added']));
}

test('an import opts its numbers out, each with its event, and says of each line what became of it', async () => {
  const account = await createAccount(db.pool);
  const [fresh, there] = [nextMsisdn(), nextMsisdn()];
  const episode = await createManualOptOut(db.pool, account, there);
  const totalBefore = await readOptOutTotal(db.pool, account.scope);
  const id = await storeImport(account, [`+${fresh}`, '', there, `0${fresh.slice(2)}`, 'Thandi']);

  expect(await importNumberList(db.pool, account.scope, id)).toBe(true);
  expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
    state: 'DONE',
    lines: 4,
    invalid: 1,
    duplicates: 1,
    added: 1,
    alreadyThere: 1,
    finishedAt: expect.any(String),
  });
  expect(await readResults(account, id)).toEqual(['Added', 'Already there', 'Duplicate', 'Invalid']);
  expect(await readOptOuts(account)).toEqual([
    {
      msisdn: fresh,
      kind: 'IMPORT',
      createdBy: account.userId,
      events: [
        {
          kind: 'OPTED_OUT',
          actor: `user:${account.userId}`,
          evidence: { list: Number(id), line: 1, input: `+${fresh}` },
        },
      ],
    },
    { msisdn: there, kind: 'MANUAL', createdBy: account.userId, events: [expect.anything()] },
  ]);
  expect(await readOptOutTotal(db.pool, account.scope)).toBe(totalBefore + 1);
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from opt_out where account_id = $1 and msisdn = $2',
    [account.id, there],
  );
  expect(rows).toEqual([{ id: episode }]);
  const messages = await db.pool.query('select from message where account_id = $1', [account.id]);
  expect(messages.rowCount).toBe(0);

  // the same file again adds nothing, and a job that runs again does nothing
  const again = await storeImport(account, [fresh, there]);
  await importNumberList(db.pool, account.scope, again);
  expect(await readNumberList(db.pool, account.scope, again)).toMatchObject({ added: 0, alreadyThere: 2 });
  await importNumberList(db.pool, account.scope, id);
  expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ added: 1, alreadyThere: 1 });
});

test('a transaction takes as many numbers as keep nobody waiting for long, and some at least', () => {
  const pace = (perNumberMs: number) => {
    let size = 250;
    for (let batch = 0; batch < 20; batch++) size = paceBatch(size, size * perNumberMs);
    return size;
  };
  expect(pace(0.05) * 0.05).toBeCloseTo(12, 0);
  expect(pace(0.000_1)).toBe(2_000);
  expect(pace(5)).toBe(100);
  // one that had to wait for a disk
  expect(paceBatch(500, 4_000)).toBe(250);
});

describe('an import that is', () => {
  test('killed between two batches goes on where it was', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 95 }, nextMsisdn);
    const id = await storeImport(account, numbers);
    expect(await runBatch(account, id, 30)).toBe(true);
    expect(await runBatch(account, id, 30)).toBe(true);
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ state: 'RUNNING', added: 60 });
    await importNumberList(db.pool, account.scope, id);
    await expectWhole(account, id, numbers);
  });

  test('begun by an earlier version, which kept a place for each line of a block, goes on where it was', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 95 }, nextMsisdn);
    const id = await storeImport(account, numbers);
    await runBatch(account, id, 30);
    await db.pool.query(
      `update number_list_block set outcomes = outcomes || array_fill(null::number_list_outcome, array[65])
       where account_id = $1 and list_id = $2`,
      [account.id, id],
    );
    await importNumberList(db.pool, account.scope, id);
    await expectWhole(account, id, numbers);
    const { rows } = await db.pool.query<{ kept: number }>(
      'select cardinality(outcomes) as kept from number_list_block where account_id = $1 and list_id = $2',
      [account.id, id],
    );
    expect(rows).toEqual([{ kept: 95 }]);
  });

  test('killed within a batch does that batch again, once', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 50 }, nextMsisdn);
    const id = await storeImport(account, numbers);
    const killed = withTransaction(db.pool, async (client) => {
      await importBatch(client, account.scope, id, { size: 30 });
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await readOptOuts(account)).toEqual([]);
    await importNumberList(db.pool, account.scope, id);
    await expectWhole(account, id, numbers);
  });

  test('run by two workers at once is done once', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 300 }, nextMsisdn);
    const id = await storeImport(account, numbers);
    const work = async () => {
      while (await runBatch(account, id, 20));
    };
    await Promise.all([work(), work()]);
    await expectWhole(account, id, numbers);
  });

  test('a multiple of a batch long ends', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 40 }, nextMsisdn);
    const id = await storeImport(account, numbers);
    expect(await runBatch(account, id, 20)).toBe(true);
    expect(await runBatch(account, id, 20)).toBe(true);
    expect(await runBatch(account, id, 20)).toBe(false);
    await expectWhole(account, id, numbers);
  });

  test('killed in the middle of a line with many numbers goes on in that line', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 2_500 }, nextMsisdn);
    const id = await storeImport(
      account,
      [
        numbers.slice(0, 10).join(';'),
        `${numbers.slice(10, 2_400).join(';')},${numbers.slice(2_400, 2_450).join(' ::: ')}`,
        ...numbers.slice(2_450),
      ],
      [0, 1],
    );
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ lines: 52, numbers: 2_500 });
    for (const size of [7, 5, 1_500]) expect(await runBatch(account, id, size)).toBe(true);
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ added: 1_512 });
    await importNumberList(db.pool, account.scope, id);
    await expectWhole(account, id, numbers);
    const { rows } = await db.pool.query<{ line: number; count: number }>(
      `select (evidence->>'line')::int as line, count(*)::int as count from opt_out_event
       where account_id = $1 group by 1 order by 1 limit 3`,
      [account.id],
    );
    expect(rows).toEqual([
      { line: 1, count: 10 },
      { line: 2, count: 2_440 },
      { line: 3, count: 1 },
    ]);
  });

  test('interrupted by thousands of lines without a number goes on behind them', async () => {
    const account = await createAccount(db.pool);
    const [first, last] = [nextMsisdn(), nextMsisdn()];
    const id = await storeImport(account, [first, ...Array.from({ length: 3500 }, () => 'Thandi'), last]);
    expect(await runBatch(account, id, 30)).toBe(true);
    expect((await readOptOuts(account)).map(({ msisdn }) => msisdn)).toEqual([first]);
    await importNumberList(db.pool, account.scope, id);
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ state: 'DONE', added: 2 });
    const results = await readResults(account, id);
    expect([results[0], results[1], results.at(-2), results.at(-1)]).toEqual([
      'Added',
      'Invalid',
      'Invalid',
      'Added',
    ]);
  });

  test('cancelled half way keeps what it has added and says what it has not', async () => {
    const account = await createAccount(db.pool);
    const numbers = Array.from({ length: 50 }, nextMsisdn);
    const id = await storeImport(account, numbers);
    await runBatch(account, id, 20);
    expect(await cancelImport(db.pool, account.scope, id)).toBe(true);
    expect(await cancelImport(db.pool, account.scope, id)).toBe(false);
    expect(await importNumberList(db.pool, account.scope, id)).toBe(true);

    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ state: 'CANCELLED', added: 20 });
    expect((await readOptOuts(account)).map(({ msisdn }) => msisdn)).toEqual(numbers.slice(0, 20));
    const results = await readResults(account, id);
    expect(results.filter((result) => result === 'Added')).toHaveLength(20);
    expect(results.filter((result) => result === 'Not imported')).toHaveLength(30);
  });

  test('told to end ends between two batches', async () => {
    const account = await createAccount(db.pool);
    const id = await storeImport(account, [nextMsisdn()]);
    expect(await importNumberList(db.pool, account.scope, id, AbortSignal.abort())).toBe(false);
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ state: 'QUEUED' });
  });

  test('given up says so, and one that has ended is not given up', async () => {
    const account = await createAccount(db.pool);
    const id = await storeImport(account, [nextMsisdn()]);
    await failImport(db.pool, account.scope, id);
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('could not be finished'),
    });
    const done = await storeImport(account, [nextMsisdn()]);
    await importNumberList(db.pool, account.scope, done);
    await failImport(db.pool, account.scope, done);
    expect(await readNumberList(db.pool, account.scope, done)).toMatchObject({ state: 'DONE', reason: null });
  });
});

test('an import meets replies that opt the same numbers out, and neither waits for ever', async () => {
  const account = await createAccount(db.pool);
  const numbers = Array.from({ length: 200 }, nextMsisdn);
  const id = await storeImport(account, [...numbers].reverse());
  const others = numbers.map((msisdn) => createManualOptOut(db.pool, account, msisdn).catch(() => null));
  await Promise.all([importNumberList(db.pool, account.scope, id), ...others]);
  const list = await readNumberList(db.pool, account.scope, id);
  expect((list?.added ?? 0) + (list?.alreadyThere ?? 0)).toBe(200);
  const optOuts = await readOptOuts(account);
  expect(optOuts).toHaveLength(200);
  expect(optOuts.filter(({ events }) => events.length !== 1)).toEqual([]);
  expect(optOuts.filter(({ kind }) => kind === 'IMPORT')).toHaveLength(list?.added ?? -1);
});

describe('a list of consents', () => {
  const consent = {
    givenAt: '2026-11-01T00:00:00.000Z',
    source: 'SHOP' as const,
    wording: 'Yes to offers',
    url: null,
    fileName: 'forms.pdf',
    fileHash: 'ab'.repeat(32),
  };
  const store = (account: TestAccount, lines: readonly string[]) =>
    storeNumberList(
      db.copyPool,
      account.scope,
      {
        purpose: 'CONSENT',
        name: 'forms.csv',
        format: { encoding: 'utf-8', separator: ';', columns: [1], headerRows: 1 },
        consent,
      },
      Readable.from([Buffer.from(['name;cell', ...lines].join('\n'))]),
    );

  test('is written down number by number, with its line, and lifts and opts out nobody', async () => {
    const account = await createAccount(db.pool);
    const [fresh, there, gone, blocked] = [nextMsisdn(), nextMsisdn(), nextMsisdn(), nextMsisdn()] as const;
    await recordConsents(db.pool, account.scope, [there], {
      ...consent,
      givenAt: new Date('2026-11-02'),
      file: null,
    });
    await createManualOptOut(db.pool, account, gone);
    await createManualOptOut(db.pool, account, blocked);
    const id = await store(account, [
      `Thandi;${fresh}`,
      `Sipho;${there}`,
      `Anna;${gone}`,
      'Jan;landline',
      `Thandi;${fresh}`,
    ]);
    // as a worker does it that is stopped after each number
    while (await runBatch(account, id, 1));
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
      state: 'DONE',
      added: 1,
      alreadyThere: 1,
      blocked: 1,
      invalid: 1,
      duplicates: 1,
    });
    const query = composeCsvSelect(
      composeListFile(account.scope, { id, purpose: 'CONSENT' }, 'report', 'Africa/Johannesburg', null),
    );
    const { rows } = await db.pool.query<Record<string, string>>(query);
    expect(rows.map((row) => row.Result)).toEqual([
      'Recorded',
      'Already there',
      'Opted out or withdrawn since',
      'Invalid',
      'Duplicate',
    ]);
    expect(await readConsentRecords(db.pool, account.scope, fresh)).toMatchObject([
      { source: 'SHOP', wording: 'Yes to offers', file: { name: 'forms.pdf' }, isInForce: true },
    ]);
    const { rows: events } = await db.pool.query(
      `select evidence -> 'line' as line, evidence -> 'list' as list from consent_event where account_id = $1 and msisdn = $2`,
      [account.id, fresh],
    );
    expect(events).toEqual([{ line: 2, list: Number(id) }]);
    expect((await readOptOuts(account)).map(({ msisdn }) => msisdn)).toEqual([gone, blocked].sort());
  });

  test('takes the day and how of each line where the file has them; a bad date costs its line alone', async () => {
    const account = await createAccount(db.pool);
    const [dated, plain, twice, there, bad, gone] = [
      nextMsisdn(),
      nextMsisdn(),
      nextMsisdn(),
      nextMsisdn(),
      nextMsisdn(),
      nextMsisdn(),
    ] as const;
    await recordConsents(db.pool, account.scope, [there], {
      ...consent,
      givenAt: new Date('2026-10-10'),
      file: null,
    });
    await createManualOptOut(db.pool, account, gone);
    const id = await storeNumberList(
      db.copyPool,
      account.scope,
      {
        purpose: 'CONSENT',
        name: 'crm.csv',
        format: {
          encoding: 'utf-8',
          separator: ';',
          columns: [1],
          headerRows: 1,
          consent: { date: 0, source: 2 },
        },
        consent,
      },
      Readable.from([
        Buffer.from(
          [
            'when;cell;how',
            `03/04/2026;${dated};web form`,
            `;${plain};`,
            `2026-05-01 09:30;${twice};paper`,
            `2026-06-01;${twice};Facebook`,
            `2026-04-01;${twice};sms`,
            `2026-10-01;${there};paper`,
            `31/02/2026;${bad};paper`,
            `2999-01-01;${bad};paper`,
            `2026-05-05;${gone};paper`,
            '2026-05-05;landline;paper',
            `2026-05-06;${bad};in a shop`,
          ].join('\n'),
        ),
      ]),
    );
    while (await runBatch(account, id, 2));
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
      state: 'DONE',
      added: 4,
      alreadyThere: 3,
      blocked: 1,
      invalid: 3,
      duplicates: 0,
    });
    const given = async (msisdn: string) =>
      (await readConsentRecords(db.pool, account.scope, msisdn)).map(({ givenAt, source, isInForce }) => [
        givenAt,
        source,
        isInForce,
      ]);
    expect(await given(dated)).toEqual([['2026-04-02T22:00:00.000Z', 'WEB_FORM', true]]);
    expect(await given(plain)).toEqual([['2026-11-01T00:00:00.000Z', 'SHOP', true]]);
    // the later counts, wherever it stands in the file
    expect((await given(twice))[0]).toEqual(['2026-05-31T22:00:00.000Z', 'OTHER', true]);
    expect(await given(there)).toEqual([['2026-10-10T00:00:00.000Z', 'SHOP', true]]);
    expect(await given(bad)).toEqual([['2026-05-05T22:00:00.000Z', 'SHOP', true]]);
    expect(await given(gone)).toEqual([]);
    const { rows } = await db.pool.query<Record<string, string>>(
      composeCsvSelect(
        composeListFile(account.scope, { id, purpose: 'CONSENT' }, 'report', 'Africa/Johannesburg', null),
      ),
    );
    expect(rows.flatMap((row) => (row.Reason ? [[row.Line, row['As given'], row.Reason]] : []))).toEqual([
      [8, expect.stringContaining('(31/02/2026)'), problemLabels['bad-date']],
      [9, expect.stringContaining('(2999-01-01)'), problemLabels['date-to-come']],
      [11, 'landline', problemLabels['not-a-number']],
    ]);
  });

  test('an import of opt-outs ends the consents of its numbers', async () => {
    const account = await createAccount(db.pool);
    const [ended, kept] = [nextMsisdn(), nextMsisdn()];
    await recordConsents(db.pool, account.scope, [ended, kept], {
      ...consent,
      givenAt: new Date('2026-11-02'),
      file: null,
    });
    await importNumberList(db.pool, account.scope, await storeImport(account, [ended]));
    expect(await readConsentRecords(db.pool, account.scope, ended)).toMatchObject([
      { isInForce: false, withdrawnAt: expect.any(String) },
    ]);
    expect(await readConsentRecords(db.pool, account.scope, kept)).toMatchObject([{ isInForce: true }]);
  });
});
