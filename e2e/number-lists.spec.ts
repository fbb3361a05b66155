import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { createAccount, nextMsisdn, toNationalForm, type TestAccount } from './accounts';
import { expect, test, visit } from './fixtures';

/** Puts a file into the form, as if it had been chosen. */
async function chooseFile(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
}

/** Presses a download link; answers with its lines, without the byte-order mark. */
async function download(page: Page, label: string): Promise<string[]> {
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: label }).click();
  const content = await readFile(await (await started).path(), 'utf8');
  expect(content.startsWith('\uFEFF')).toBe(true);
  return content.slice(1).trimEnd().split('\n');
}

/** A figure of the report, by its name. */
function readStat(page: Page, label: string) {
  return page.getByText(label, { exact: true }).locator('..');
}

test('an import with every kind of line opts out what it can and says of each line what became of it', async ({
  account,
  database,
  openAs,
}) => {
  const [fresh, there] = [await nextMsisdn(database), await nextMsisdn(database)];
  await database.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
    account.id,
    there,
  ]);
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/import');
  const lines = [
    'Name;Cell number',
    `"Berg; Anna";${toNationalForm(fresh)}`,
    `Piet;+${there}`,
    '',
    `Anna again;+${fresh}`,
    'Home;021 555 0123',
    'Excel;2.78E+10',
    'Nobody;',
  ];
  await chooseFile(page, 'register.csv', lines.join('\r\n'));
  await expect(page.getByLabel('Separator')).toHaveValue(';');
  await expect(page.getByLabel('Column with the numbers')).toHaveValue('1');
  await expect(page.getByLabel('The first line names the columns')).toBeChecked();
  await expect(page.getByText('A spreadsheet has shortened numbers')).toBeVisible();
  await page.getByRole('button', { name: 'Import as opt-outs' }).click();

  await expect(page.getByRole('heading', { name: 'register.csv' })).toBeVisible();
  await expect(page.getByText('1 number is opted out now')).toBeVisible();
  await expect(page.getByText('Nothing on your list was lifted')).toBeVisible();
  await expect(readStat(page, 'Added')).toContainText('1');
  await expect(readStat(page, 'Already there')).toContainText('1');
  await expect(readStat(page, 'Invalid')).toContainText('3');
  await expect(readStat(page, 'Duplicates')).toContainText('1');
  await page.reload();
  await expect(page.getByRole('row', { name: '7 2.78E+10 Shortened by a spreadsheet' })).toBeVisible();
  await expect(page.getByRole('row', { name: '6 021 555 0123 Not a mobile number' })).toBeVisible();

  expect(await download(page, 'Download the report')).toEqual([
    'Line,As given,Number,Result,Reason',
    `2,${toNationalForm(fresh)},${fresh},Added,`,
    `3,+${there},${there},Already there,`,
    `5,+${fresh},${fresh},Duplicate,"Already in the list, further up"`,
    '6,021 555 0123,,Invalid,Not a mobile number',
    '7,2.78E+10,,Invalid,Shortened by a spreadsheet: the last digits are lost',
    '8,"",,Invalid,No number in this line',
  ]);
  await visit(page, '/messages/opt-outs/import');
  await expect(page.getByRole('link', { name: 'register.csv' })).toBeVisible();
  await expect(page.getByText('1 added, 1 already there')).toBeVisible();
});

test('a pasted list is checked, and downloaded clean', async ({ account, database, openAs }) => {
  const [blocked, clear] = [await nextMsisdn(database), await nextMsisdn(database)];
  await database.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
    account.id,
    blocked,
  ]);
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/check');
  await page.getByRole('button', { name: 'Read the numbers' }).click();
  await expect(page.getByText('Paste at least one number.')).toBeVisible();
  await page
    .getByLabel('Or paste numbers')
    .fill(`${blocked}, ${toNationalForm(clear)};${clear}\n021 555 0123`);
  await page.getByRole('button', { name: 'Read the numbers' }).click();
  await expect(page.getByText('4 lines', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Check the list' }).click();

  await expect(page.getByRole('heading', { name: 'Pasted numbers' })).toBeVisible();
  for (const label of ['Clear', 'Blocked', 'Invalid', 'Duplicates']) {
    await expect(readStat(page, label)).toContainText('1');
  }
  expect(await download(page, 'Download the clean list')).toEqual(['Number', clear]);
  expect(await download(page, 'Blocked numbers')).toEqual(['Number', blocked]);
  await page.getByLabel('Field separator').selectOption('Semicolon');
  expect((await download(page, 'Report of every line'))[0]).toBe('Line;As given;Number;Result;Reason');
});

test('what cannot be read is refused before it is sent, and can be corrected', async ({
  account,
  openAs,
}) => {
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/import');
  await chooseFile(page, 'clients.csv', 'PK\u0003\u0004 and so on');
  await expect(page.getByText('This is an Excel workbook or a zip')).toBeVisible();
  await chooseFile(page, 'empty.csv', '');
  await expect(page.getByText('There is nothing in this file.')).toBeVisible();
  await chooseFile(page, 'picture.csv', Buffer.from('89504e470d0a1a0a0000000d', 'hex'));
  await expect(page.getByText('This file holds no text')).toBeVisible();

  await chooseFile(page, 'names.csv', 'Name,City\nThandi,Durban\nPriya,Paarl\n');
  await expect(page.getByText('There are no mobile numbers in this column')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import as opt-outs' })).toBeDisabled();
  await page.getByRole('button', { name: 'Choose another file' }).click();

  await chooseFile(page, 'two.csv', 'home,cell\n0821230001,0831230001\n0821230002,0831230002\n');
  await expect(page.getByLabel('Column with the numbers')).toHaveValue('1');
  await page.getByLabel('Column with the numbers').selectOption('home');
  await page.getByLabel('The first line names the columns').uncheck();
  await expect(page.getByText('3 lines', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Column with the numbers')).toHaveValue('0');
});

test('an open quote is refused with its line, and nothing is kept', async ({
  account,
  complaints,
  openAs,
}) => {
  complaints.expectAnswer(422, '/api/number-lists');
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/import');
  await chooseFile(page, 'quote.csv', '0821230001\n0821230002\n"0821230003\n0821230004\n');
  await page.getByRole('button', { name: 'Import as opt-outs' }).click();
  await expect(page.getByText('Line 3: a quotation mark')).toBeVisible();
  await visit(page, '/messages/opt-outs/import');
  await expect(page.getByText('Nothing yet')).toBeVisible();
});

async function checkOne(page: Page, account: TestAccount, number: string): Promise<string> {
  const query = 'purpose=CHECK&name=numbers.csv&separator=,&column=0&header=no&encoding=utf-8';
  const answer = await page.request.post(`/api/number-lists?${query}`, { data: Buffer.from(number) });
  expect(answer.status(), account.number).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

test('a list is its account’s alone', async ({ account, database, complaints, openAs }) => {
  const page = await openAs(account);
  const id = await checkOne(page, account, await nextMsisdn(database));
  const stranger = await openAs(await createAccount(database));
  const paths = [
    `/messages/opt-outs/lists/${id}`,
    `/api/number-lists/${id}/report`,
    `/api/number-lists/${id}/clean`,
  ];
  for (const path of paths) {
    expect((await page.request.get(path)).status(), path).toBe(200);
    expect((await stranger.request.get(path)).status(), path).toBe(404);
  }
  for (const path of [
    '/messages/opt-outs/lists/0',
    '/messages/opt-outs/lists/x',
    `/api/number-lists/${id}/other`,
  ]) {
    expect((await page.request.get(path)).status(), path).toBe(404);
  }
  complaints.expectAnswer(401, '/api/number-lists');
  const nobody = await openAs(null);
  expect((await nobody.request.get(`/api/number-lists/${id}/report`)).status()).toBe(401);
  const answer = await nobody.request.post('/api/number-lists', { data: Buffer.from('0821234567') });
  expect(answer.status()).toBe(401);
});
