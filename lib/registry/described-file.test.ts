import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeCsvCopy, writeDescribedHeadings } from '@/lib/lists/csv';
import { createDownloadPool } from '@/lib/lists/download-pool';
import type { DownloadFormat } from '@/lib/lists/download-format';
import { streamFile } from '@/lib/lists/file-download';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeCleansingFile } from './cleansing-queries';
import { readDescribedColumns } from './described-file';

const facts = { date: '2026-11-30', account: 'W58324', registration: 'NCC/7' };
const csv: DownloadFormat = { type: 'csv', separator: ';', numbersAsText: false };

let db: TestDatabase;
let pool: ReturnType<typeof createDownloadPool>;
let account: TestAccount;
beforeAll(async () => {
  db = await createTestDatabase();
  pool = createDownloadPool(db.url);
  account = await createAccount(db.pool, { defaultPurpose: 'MARKETING' });
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

async function read(columns: string, hasHeadings = true, format = csv): Promise<string> {
  const description = { columns, facts, hasHeadings };
  const file = composeCleansingFile(account.scope, [], 'Africa/Johannesburg', description);
  const pieces: Uint8Array[] = [];
  for await (const piece of await streamFile(pool, file, format, 'Numbers')) pieces.push(piece);
  return Buffer.concat(pieces).toString().replace('\uFEFF', '');
}

describe('a file whose columns somebody has described', () => {
  test('has them in their order, with their headings, and in each what was written', async () => {
    const [own, foreign] = [nextMsisdn(), '447400123456'];
    await queueMessages(db.pool, account, [own, foreign]);
    const lines = await read(
      'Registration no.: {registration}\n\n  MSISDN : {number}\nDialled: {local number}\n"Plus"; x: {+number}\nWho: {account} of {date}',
    );
    expect(lines.split('\n')).toEqual([
      'Registration no.;MSISDN;Dialled;"""Plus""; x";Who',
      `NCC/7;${own};0${own.slice(2)};"+${own}";"W58324 of 2026-11-30"`,
      `NCC/7;${foreign};00${foreign};"+${foreign}";"W58324 of 2026-11-30"`,
      '',
    ]);
    expect(await read('MSISDN: {number}', false)).toBe(`${own}\n${foreign}\n`);
    // a workbook, which has its line of headings always
    expect((await read('MSISDN: {number}', false, { type: 'xlsx' })).slice(0, 2)).toBe('PK');
  });

  test('holds no formula and no SQL, whatever somebody writes', async () => {
    const [, row = ''] = (await read('=1+1: =cmd {number}\nQuote: it\'s \\ $1 "%s" {date}')).split('\n');
    expect(row).toMatch(/^'=cmd \d+;"it's \\ \$1 ""%s"" 2026-11-30"$/);
    const { columns } = readDescribedColumns('=1+1: {number}', facts, 3);
    const file = { columns, source: '', values: [], timeZone: 'UTC', described: { hasHeadings: true } };
    expect(writeDescribedHeadings(file, csv)).toBe("'=1+1\n");
    expect(composeCsvCopy(file, csv)).toContain('header false');
  });
});

test.each([
  ['', 'Describe 1 to 10 columns, a line each.'],
  [Array.from({ length: 11 }, () => 'a: {number}').join('\n'), 'Describe 1 to 10 columns, a line each.'],
  [
    'Number: {number}\nNumber',
    'Line 2 needs a heading, a colon, and what stands in the column: Number: {number}',
  ],
  [': {number}', 'Line 1 needs a heading, a colon, and what stands in the column: Number: {number}'],
  ['Number:', 'Line 1 needs a heading, a colon, and what stands in the column: Number: {number}'],
  [`Number: {number}${'x'.repeat(200)}`, 'Line 1 is too long: 200 characters at most.'],
  [
    'Number: {msisdn}',
    'Line 1: there is no {msisdn}. There are {number}, {+number}, {local number}, {date}, {account}, {registration}.',
  ],
  ['Day: {date}', 'No column has the number. Write {number}, {+number} or {local number} in one.'],
])('“%s” is refused with what to do', (description, words) => {
  expect(() => readDescribedColumns(description, facts, 3)).toThrow(
    expect.objectContaining({ userMessage: words }),
  );
});

test('a registration that the account has not is asked for', () => {
  expect(() =>
    readDescribedColumns('{x}: {registration} {number}', { ...facts, registration: null }, 3),
  ).toThrow(
    expect.objectContaining({
      userMessage: 'Your account has no registration. Enter it in Settings, or leave {registration} out.',
    }),
  );
});
