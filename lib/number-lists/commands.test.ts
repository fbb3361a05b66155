import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeCsvSelect } from '@/lib/lists/csv';
import { honourFamilyOptOuts } from '@/lib/people/sub-account-commands';
import {
  createAccount,
  createManualOptOut,
  listOnRegistry,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { cancelImport, storeNumberList } from './commands';
import { importNumberList } from './import-job';
import {
  composeListFile,
  listNumberLists,
  listProblemLines,
  readNumberList,
  readOtherAccounts,
} from './queries';
import type { FileFormat, ListFile, NumberListPurpose } from './schema';
import { UnreadableFileError } from './unreadable-file';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const lineFormat: FileFormat = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 };

function store(
  account: TestAccount,
  content: string | Buffer | AsyncIterable<Uint8Array>,
  purpose: NumberListPurpose = 'CHECK',
  format: Partial<FileFormat> = {},
): Promise<string> {
  const body =
    typeof content === 'string' || Buffer.isBuffer(content) ? Readable.from([Buffer.from(content)]) : content;
  const list = { purpose, name: 'numbers.csv', format: { ...lineFormat, ...format } };
  return storeNumberList(db.copyPool, account.scope, list, body);
}

async function readFile(account: TestAccount, id: string, file: ListFile) {
  const list = await readNumberList(db.pool, account.scope, id);
  const others = await readOtherAccounts(db.pool, account.scope);
  const query = composeListFile(account.scope, list!, file, 'Africa/Johannesburg', others);
  const { rows } = await db.pool.query<Record<string, string>>(composeCsvSelect(query));
  return rows;
}

async function countRows(account: TestAccount): Promise<{ lists: number; lines: number; jobs: number }> {
  const { rows } = await db.pool.query<{ lists: number; lines: number; jobs: number }>(
    `select (select count(*)::int from number_list where account_id = $1) as lists,
       (select count(*)::int from number_list_line where account_id = $1) as lines,
       (select count(*)::int from graphile_worker._private_jobs where (payload->>'accountId')::int = $1) as jobs`,
    [account.id],
  );
  return rows[0]!;
}

const nothing = { lists: 0, lines: 0, jobs: 0 };

describe('checking a list', () => {
  test('says who is on the national registry, and leaves them out of the list for marketing alone', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const [industrys, own, others, free, blocked] = Array.from({ length: 5 }, nextMsisdn) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await listOnRegistry(db.pool, [industrys, blocked]);
    await listOnRegistry(db.pool, [own], account.id);
    await listOnRegistry(db.pool, [others], other.id);
    await createManualOptOut(db.pool, account, blocked);
    const id = await store(account, [industrys, own, others, free, blocked, own, '0215550123'].join('\n'));
    const listed = 'On the national registry';
    expect(
      (await readFile(account, id, 'report')).map(({ Result, Marketing }) => [Result, Marketing]),
    ).toEqual([
      ['Clear', listed],
      ['Clear', listed],
      ['Clear', null],
      ['Clear', null],
      ['Blocked', listed],
      ['Duplicate', null],
      ['Invalid', null],
    ]);
    const numbers = async (file: ListFile) => (await readFile(account, id, file)).map(({ Number }) => Number);
    expect(await numbers('marketing')).toEqual([others, free]);
    expect(await numbers('clean')).toEqual([industrys, own, others, free]);
    expect(await numbers('blocked')).toEqual([blocked]);
  });

  test('counts its lines and divides it into clean and blocked numbers', async () => {
    const account = await createAccount(db.pool);
    const [blocked, clear, another] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, blocked);
    const content = [
      `+${blocked}`,
      clear,
      `0${clear.slice(2)}`,
      '',
      '021 555 0123',
      '2.78E+10',
      another,
    ].join('\r\n');
    const id = await store(account, content);

    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
      purpose: 'CHECK',
      state: 'DONE',
      name: 'numbers.csv',
      lines: 6,
      numbers: 6,
      invalid: 2,
      duplicates: 1,
      blocked: 1,
      createdBy: account.username,
      finishedAt: expect.any(String),
    });
    expect(await listProblemLines(db.pool, account.scope, id, 2)).toEqual([
      { line: 3, input: `0${clear.slice(2)}`, problem: 'duplicate' },
      { line: 5, input: '021 555 0123', problem: 'not-mobile' },
    ]);
    expect(await readFile(account, id, 'clean')).toEqual([{ Number: clear }, { Number: another }]);
    expect(await readFile(account, id, 'blocked')).toEqual([{ Number: blocked }]);
    expect(await readFile(account, id, 'report')).toEqual(
      [
        { Line: 1, 'As given': `+${blocked}`, Number: blocked, Result: 'Blocked', Reason: null },
        { Line: 2, 'As given': clear, Number: clear, Result: 'Clear', Reason: null },
        {
          Line: 3,
          'As given': `0${clear.slice(2)}`,
          Number: clear,
          Result: 'Duplicate',
          Reason: 'Already in the list, further up',
        },
        {
          Line: 5,
          'As given': '021 555 0123',
          Number: null,
          Result: 'Invalid',
          Reason: 'Not a mobile number',
        },
        {
          Line: 6,
          'As given': '2.78E+10',
          Number: null,
          Result: 'Invalid',
          Reason: 'Shortened by a spreadsheet: the last digits are lost',
        },
        { Line: 7, 'As given': another, Number: another, Result: 'Clear', Reason: null },
      ].map((row) => ({ ...row, Marketing: null })),
    );
    expect(await countRows(account)).toMatchObject({ jobs: 0 });
  });

  test('divides it as a send would, where opt-outs of other accounts count too', async () => {
    const main = await createAccount(db.pool);
    const sub = await createAccount(db.pool, { parentAccountId: main.id });
    const stranger = await createAccount(db.pool);
    const [both, elsewhere, clear] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
    for (const account of [main, sub]) await createManualOptOut(db.pool, account, both);
    await createManualOptOut(db.pool, main, elsewhere);
    await createManualOptOut(db.pool, stranger, clear);
    const content = [both, elsewhere, clear].join('\n');
    const check = async () => {
      const id = await store(sub, content);
      return {
        blocked: (await readNumberList(db.pool, sub.scope, id))?.blocked,
        clean: (await readFile(sub, id, 'clean')).map((row) => row.Number),
        report: (await readFile(sub, id, 'report')).map((row) => row.Result),
      };
    };
    expect(await check()).toEqual({
      blocked: 1,
      clean: [elsewhere, clear],
      report: ['Blocked', 'Clear', 'Clear'],
    });
    await honourFamilyOptOuts(db.pool, main.scope, { honoursAll: true });
    expect(await check()).toEqual({ blocked: 2, clean: [clear], report: ['Blocked', 'Blocked', 'Clear'] });
  });

  test('counts a number once, however many numbers and accounts there are', async () => {
    const main = await createAccount(db.pool);
    const sub = await createAccount(db.pool, { parentAccountId: main.id });
    const stranger = await createAccount(db.pool);
    const numbers = Array.from({ length: 20_003 }, (_, index) => `2776${String(index).padStart(7, '0')}`);
    const optOut = (account: TestAccount, msisdns: string[]) =>
      db.pool.query(
        `insert into opt_out (account_id, msisdn, kind) select $1, unnest($2::text[]), 'MANUAL'
         on conflict do nothing`,
        [account.id, msisdns],
      );
    await optOut(sub, [...numbers.slice(0, 5000), '27821230009', '447400123456']);
    await optOut(main, numbers.slice(4000, 6000));
    await optOut(stranger, numbers);
    // some of them twice, some as others write them
    const content = [...numbers, numbers[7], `0${numbers[8]!.slice(2)}`, '+44 7400 123456'].join('\n');
    const check = async () => readNumberList(db.pool, sub.scope, await store(sub, content));
    expect(await check()).toMatchObject({ state: 'DONE', numbers: 20_006, duplicates: 2, blocked: 5001 });
    await honourFamilyOptOuts(db.pool, main.scope, { honoursAll: true });
    expect(await check()).toMatchObject({ blocked: 6001 });
  });

  test('reads every number of the columns that were chosen, and of each cell', async () => {
    const account = await createAccount(db.pool);
    const [home, cell, second, work] = [nextMsisdn(), nextMsisdn(), nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, second);
    const content = [
      'Name,Phone 1 - Value,Note,Phone 2 - Value',
      `Thandi,+${cell} ::: ${second},x,${home}`,
      `"Piet" Botha,0821234567,x,`,
      `Anna,,x,"${work}\n021 555 0123"`,
      `Neo,,${nextMsisdn()},`,
      `Pule,+${cell},x,nobody`,
    ].join('\n');
    const id = await store(account, content, 'CHECK', { columns: [1, 3], headerRows: 1 });
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
      lines: 5,
      numbers: 9,
      invalid: 4,
      duplicates: 1,
      blocked: 1,
    });
    const report = await readFile(account, id, 'report');
    expect(report.map((row) => [row.Line, row['As given'], row.Result, row.Reason])).toEqual([
      [2, `+${cell}`, 'Clear', null],
      [2, second, 'Blocked', null],
      [2, home, 'Clear', null],
      [
        3,
        '"Piet" Botha,0821234567,x,',
        'Invalid',
        'A quotation mark (") in this line is not closed properly',
      ],
      [4, work, 'Clear', null],
      [4, '021 555 0123', 'Invalid', 'Not a mobile number'],
      [5, '', 'Invalid', 'No number in this line'],
      [6, `+${cell}`, 'Duplicate', 'Already in the list, further up'],
      [6, 'nobody', 'Invalid', 'Not a phone number'],
    ]);
    expect(await readFile(account, id, 'clean')).toEqual([
      { Number: cell },
      { Number: home },
      { Number: work },
    ]);
  });

  test('leaves out of the clean list what has been blocked since', async () => {
    const account = await createAccount(db.pool);
    const [first, second] = [nextMsisdn(), nextMsisdn()];
    const id = await store(account, `${first}\n${second}`);
    await createManualOptOut(db.pool, account, first);
    expect(await readFile(account, id, 'clean')).toEqual([{ Number: second }]);
    expect(await readFile(account, id, 'blocked')).toEqual([{ Number: first }]);
  });

  test('does not count what others have blocked', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, other, msisdn);
    const id = await store(account, msisdn);
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ blocked: 0 });
    expect(await readFile(account, id, 'clean')).toEqual([{ Number: msisdn }]);
  });

  test('makes nothing of a file that a spreadsheet would run', async () => {
    const account = await createAccount(db.pool);
    const id = await store(account, `${nextMsisdn()}\n=1+1\n@SUM(1)\n-1\n+27 82 1`);
    expect((await readFile(account, id, 'report')).slice(1).map((row) => row['As given'])).toEqual([
      "'=1+1",
      "'@SUM(1)",
      "'-1",
      '+27 82 1',
    ]);
  });

  test.each([
    { encoding: 'utf-8', bytes: Buffer.from('\uFEFFNaïve;0821230001\n') },
    { encoding: 'utf-8', bytes: Buffer.from('Naïve;0821230001\n') },
    { encoding: 'utf-16le', bytes: Buffer.from('\uFEFFNaïve;0821230001\n', 'utf16le') },
    { encoding: 'utf-16be', bytes: Buffer.from('\uFEFFNaïve;0821230001\n', 'utf16le').swap16() },
    { encoding: 'windows-1252', bytes: Buffer.from('Na\xefve;0821230001\n', 'latin1') },
  ] as const)('reads $encoding, cut anywhere', async ({ encoding, bytes }) => {
    const account = await createAccount(db.pool);
    const pieces = Readable.from(Array.from(bytes, (byte) => Buffer.of(byte)));
    const id = await store(account, pieces, 'CHECK', { encoding, separator: ';', columns: [1] });
    expect(await readFile(account, id, 'clean')).toEqual([{ Number: '27821230001' }]);
  });

  // npm run soak -- --only properties has a hundred thousand.
  const count = isLong ? 100_000 : 25_000;
  test(`of ${count} lines against as many opt-outs`, async () => {
    const account = await createAccount(db.pool);
    await db.pool.query(
      `insert into opt_out (account_id, msisdn, kind)
       select $1, '27' || (600000000 + n * 2), 'IMPORT' from generate_series(0, $2 - 1) as n`,
      [account.id, count],
    );
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.from('name,number\r\n');
      for (let from = 0; from < count; from += 5000) {
        yield Buffer.from(
          Array.from(
            { length: 5000 },
            (_, index) => `"Client, ${from + index}",0${600_000_000 + from + index}\r\n`,
          ).join(''),
        );
      }
    }
    const id = await store(account, file(), 'CHECK', { columns: [1], headerRows: 1 });
    expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({
      lines: count,
      invalid: 0,
      duplicates: 0,
      blocked: count / 2,
    });
    expect(await readFile(account, id, 'clean')).toHaveLength(count / 2);
  });
});

describe('a file that cannot be read leaves nothing', () => {
  test.each([
    {
      what: 'a workbook called .csv',
      content: Buffer.from('PK\u0003\u0004 and so on'),
      says: 'Excel workbook or a zip',
    },
    {
      what: 'nothing but an open quote',
      content: `"0821230002\n`,
      says: 'Line 1: a quotation mark',
    },
    { what: 'contacts called .csv', content: 'BEGIN:VCARD\nTEL:0821230001\n', says: 'contacts (vCard)' },
    { what: 'no line', content: '\r\n\r\n', says: 'nothing in this file' },
    {
      what: 'no number',
      content: 'Thandi\nPriya\n',
      says: 'None of the lines has a mobile number in column 1',
    },
  ])('$what', async ({ content, says }) => {
    const account = await createAccount(db.pool);
    for (const purpose of ['CHECK', 'IMPORT'] as const) {
      const storing = store(account, content, purpose);
      await expect(storing).rejects.toThrow(UnreadableFileError);
      await expect(storing).rejects.toThrow(says);
    }
    expect(await countRows(account)).toEqual(nothing);
  });

  test('more lines than a list may have', async () => {
    const account = await createAccount(db.pool);
    const piece = Buffer.from('0821230001\n'.repeat(20_000));
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield piece;
    }
    await expect(store(account, endless())).rejects.toThrow('more than 1 000 000 lines');
    expect(await countRows(account)).toEqual(nothing);
  });

  // npm run soak -- --only properties has this one.
  test.runIf(isLong)('more numbers than a list may have', async () => {
    const account = await createAccount(db.pool);
    const several = '0821230001;0821230002;0821230003\n'.repeat(400_000);
    await expect(store(account, several)).rejects.toThrow('more than 1 000 000 numbers');
    expect(await countRows(account)).toEqual(nothing);
  });

  test('a browser that goes away half way', async () => {
    const account = await createAccount(db.pool);
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('0821230001\n'.repeat(5000));
      throw new Error('gone');
    }
    await expect(store(account, broken(), 'IMPORT')).rejects.toThrow('gone');
    expect(await countRows(account)).toEqual(nothing);
    // and the connection is fit for use
    await store(account, '0821230001', 'IMPORT');
    expect(await countRows(account)).toEqual({ lists: 1, lines: 1, jobs: 1 });
  });
});

describe('what an account has', () => {
  test('nobody else sees', async () => {
    const [owner, stranger] = [await createAccount(db.pool), await createAccount(db.pool)];
    const id = await store(owner, nextMsisdn(), 'IMPORT');
    expect((await listNumberLists(db.pool, owner.scope)).map((list) => list.id)).toEqual([id]);
    expect(await listNumberLists(db.pool, stranger.scope)).toEqual([]);
    expect(await readNumberList(db.pool, stranger.scope, id)).toBeNull();
    expect(await listProblemLines(db.pool, stranger.scope, id, 10)).toEqual([]);
    expect(
      (
        await db.pool.query(
          composeCsvSelect(
            composeListFile(stranger.scope, { id, purpose: 'CHECK' }, 'report', 'Africa/Johannesburg', null),
          ),
        )
      ).rows,
    ).toEqual([]);

    expect(await cancelImport(db.pool, stranger.scope, id)).toBe(false);
    expect(await importNumberList(db.pool, stranger.scope, id)).toBe(true);
    expect(await readNumberList(db.pool, owner.scope, id)).toMatchObject({ state: 'QUEUED', added: 0 });
    expect(await cancelImport(db.pool, owner.scope, id)).toBe(true);
    expect(await readNumberList(db.pool, owner.scope, id)).toMatchObject({ state: 'CANCELLED' });
  });
});
