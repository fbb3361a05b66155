import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import type { Pool, PoolClient } from 'pg';
import { writeXlsx } from '@/lib/lists/xlsx';
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

/** The box of a column, by the name that the column has in the file. */
function findColumn(page: Page, name: string) {
  return page.getByRole('group', { name: 'Columns with the numbers' }).getByRole('checkbox', { name });
}

/** A figure of the report, by its name. */
function readStat(page: Page, label: string) {
  return page.getByText(label, { exact: true }).locator('..');
}

/** Imports of all accounts take turns, and tests below hold theirs for a while. */
const turnMs = 30_000;

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
  await expect(findColumn(page, 'Cell number')).toBeChecked();
  await expect(findColumn(page, 'Name')).not.toBeChecked();
  await expect(page.getByLabel('The first line names the columns')).toBeChecked();
  await expect(page.getByText('A spreadsheet has shortened numbers')).toBeVisible();
  await page.getByRole('button', { name: 'Import as opt-outs' }).click();

  await expect(page.getByRole('heading', { name: 'register.csv' })).toBeVisible();
  await expect(page.getByText('1 number is opted out now')).toBeVisible({ timeout: turnMs });
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
    `2,"${toNationalForm(fresh)}",${fresh},"Added",`,
    `3,"+${there}",${there},"Already there",`,
    `5,"+${fresh}",${fresh},"Duplicate","Already in the list, further up"`,
    '6,"021 555 0123",,"Invalid","Not a mobile number"',
    '7,"2.78E+10",,"Invalid","Shortened by a spreadsheet: the last digits are lost"',
    '8,"",,"Invalid","No number in this line"',
  ]);
  await visit(page, '/messages/opt-outs/import');
  await expect(page.getByRole('link', { name: 'register.csv' })).toBeVisible();
  await expect(page.getByText('1 added, 1 already there')).toBeVisible();
});

/** An import opts out at most so many numbers in one transaction (lib/number-lists/import-job.ts). */
const mostInBatch = 2_000;

/** Numbers for an import of several transactions. */
function composeNumbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `2761${String(1_000_000 + index)}`);
}

/**
 * Opts a number out in a transaction that stays open: the import waits for it when it comes to this number.
 */
async function holdNumber(database: Pool, account: TestAccount, msisdn: string): Promise<PoolClient> {
  const client = await database.connect();
  await client.query('begin');
  await client.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
    account.id,
    msisdn,
  ]);
  return client;
}

/** Resolves once the import has come to the number that is held, with what it did before written down. */
async function waitUntilHeld(database: Pool, holder: PoolClient): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  await expect
    .poll(
      async () => {
        const { rowCount } = await database.query(
          'select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))',
          [rows[0]?.pid],
        );
        return rowCount;
      },
      { timeout: turnMs },
    )
    .toBe(1);
}

/** How many numbers an import says it has done; its transactions are as long as the machine is quick. */
async function readDone(page: Page): Promise<number> {
  const text = await page.getByText(/of .*numbers done$/).innerText();
  return Number(/^([\d\s]+) of/.exec(text)?.[1]?.replaceAll(/\s/g, ''));
}

/** A count as pages show it. */
const showCount = (count: number) => count.toLocaleString('en-ZA').replaceAll(/\s/g, ' ');

async function letGo(client: PoolClient): Promise<void> {
  await client.query('rollback');
  client.release();
}

async function importNumbers(page: Page, numbers: readonly string[]): Promise<void> {
  await visit(page, '/messages/opt-outs/import');
  await chooseFile(page, 'register.csv', numbers.join('\n'));
  await page.getByRole('button', { name: 'Import as opt-outs' }).click();
  await expect(page.getByRole('heading', { name: 'register.csv' })).toBeVisible();
}

/** How many lines of a report say what. */
async function countResults(page: Page): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of (await download(page, 'Download the report')).slice(1)) {
    const result = (line.split(',')[3] ?? '').replaceAll('"', '');
    counts[result] = (counts[result] ?? 0) + 1;
  }
  return counts;
}

test('an import keeps its progress through a reload, and ends while nobody looks @soak', async ({
  account,
  database,
  openAs,
}) => {
  const page = await openAs(account);
  const numbers = composeNumbers(6_000);
  const held = await holdNumber(database, account, numbers.at(-1) ?? '');
  try {
    await importNumbers(page, numbers);
    const progress = page.getByRole('progressbar', { name: 'Numbers worked through' });
    await waitUntilHeld(database, held);
    await page.reload();
    const done = await readDone(page);
    expect(done).toBeGreaterThanOrEqual(numbers.length - mostInBatch);
    expect(done).toBeLessThan(numbers.length);
    await expect(progress).toHaveJSProperty('value', done / numbers.length);
    await expect(readStat(page, 'Added')).toContainText(showCount(done));
    await visit(page, '/messages/opt-outs/import');
    await expect(page.getByRole('listitem').filter({ hasText: 'register.csv' })).toContainText('Under way');
  } finally {
    await letGo(held);
  }
  // the list of imports hears of the end by itself
  await expect(page.getByRole('listitem').filter({ hasText: 'register.csv' })).toContainText('Done');
  await page.getByRole('link', { name: 'register.csv' }).click();
  await expect(page.getByText('6 000 numbers are opted out now')).toBeVisible();
  expect(await countResults(page)).toEqual({ Added: 6000 });
});

test('an import that is stopped half way keeps what it has added; the same file adds the rest, nothing twice @soak', async ({
  account,
  database,
  openAs,
}) => {
  const page = await openAs(account);
  const numbers = composeNumbers(30_000);
  const heldAt = 5_000;
  const held = await holdNumber(database, account, numbers[heldAt] ?? '');
  try {
    await importNumbers(page, numbers);
    await waitUntilHeld(database, held);
    await page.getByRole('button', { name: 'Stop the import' }).click();
    // It is the next to get the list: the numbers that are being worked on are finished first.
    await expect
      .poll(async () => {
        const { rowCount } = await database.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%CANCELLED%'
             and datname = current_database() and pid <> pg_backend_pid()`,
        );
        return rowCount;
      })
      .toBe(1);
  } finally {
    await letGo(held);
  }
  await expect(page.getByText('Stopped before')).toBeVisible();
  await expect(page.getByText('What had been added stays opted out; nothing was lifted.')).toBeVisible();
  const { rows } = await database.query<{ count: number }>(
    'select count(*)::int from opt_out where account_id = $1',
    [account.id],
  );
  const added = rows[0]?.count ?? 0;
  expect(added).toBeGreaterThan(heldAt);
  expect(added).toBeLessThan(numbers.length);
  expect(await countResults(page)).toEqual({ Added: added, 'Not imported': numbers.length - added });

  await importNumbers(page, numbers);
  await expect(page.getByText(`${showCount(numbers.length - added)} numbers are opted out now`)).toBeVisible({
    timeout: turnMs,
  });
  expect(await countResults(page)).toEqual({ Added: numbers.length - added, 'Already there': added });
  const { rows: events } = await database.query(
    `select count(*)::int as events, count(distinct msisdn)::int as numbers from opt_out_event where account_id = $1`,
    [account.id],
  );
  expect(events).toEqual([{ events: numbers.length, numbers: numbers.length }]);
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
  expect((await download(page, 'Report of every line'))[0]).toBe(
    'Line;As given;Number;Result;Reason;Marketing',
  );
});

test('what cannot be read is refused before it is sent, and can be corrected @soak', async ({
  account,
  openAs,
}) => {
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/import');
  await chooseFile(page, 'clients.csv', 'PK\u0003\u0004 and so on');
  await expect(page.getByText('This workbook is damaged, or not all of it is there.')).toBeVisible();
  await chooseFile(page, 'clients.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  await expect(page.getByText('This is an old Excel workbook (.xls), or one with a password')).toBeVisible();
  await chooseFile(page, 'empty.csv', '');
  await expect(page.getByText('There is nothing in this file.')).toBeVisible();
  await chooseFile(page, 'picture.csv', Buffer.from('89504e470d0a1a0a0000000d', 'hex'));
  await expect(page.getByText('This file holds no text')).toBeVisible();

  await chooseFile(page, 'names.csv', 'Name,City\nThandi,Durban\nPriya,Paarl\n');
  await expect(page.getByText('There are no mobile numbers in this column')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import as opt-outs' })).toBeDisabled();
  await page.getByRole('button', { name: 'Choose another file' }).click();

  await chooseFile(page, 'two.csv', 'home,cell\n0821230001,0831230001\n0821230002,0831230002\n');
  await expect(findColumn(page, 'cell')).toBeChecked();
  await page.getByLabel('The first line names the columns').uncheck();
  await expect(page.getByText('3 lines', { exact: true })).toBeVisible();
  await expect(findColumn(page, 'Column 1')).toBeChecked();
  await findColumn(page, 'Column 1').uncheck();
  await expect(page.getByText('No column is chosen')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import as opt-outs' })).toBeDisabled();
  await page.getByRole('button', { name: 'Choose another file' }).click();

  await chooseFile(page, 'contacts.csv', 'BEGIN:VCARD\r\nTEL:+27821234567\r\nEND:VCARD\r\n');
  await expect(page.getByText('These are contacts (vCard)')).toBeVisible();
});

test('a workbook is read as it is, from the sheet that is chosen, and keeps its name @soak', async ({
  account,
  database,
  openAs,
}) => {
  const numbers: string[] = [];
  for (let index = 0; index < 3; index++) numbers.push(await nextMsisdn(database));
  const [first, second] = numbers as [string, string, string];
  const columns = [
    { label: 'Client', type: 'text' },
    { label: 'Cell', type: 'integer' },
  ] as const;
  async function* rows() {
    yield await Promise.resolve(numbers.map((number, index) => [`Client "${index + 1}"`, number]));
  }
  // Two sheets: two rows and their heading on the first, one on the second.
  const workbook = await buffer(writeXlsx(rows(), { sheetName: 'Clients', columns, sheetRows: 3 }));
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/import');
  await chooseFile(page, 'clients.xlsx', workbook);
  await expect(page.getByLabel('Sheet').locator('option:checked')).toHaveText('Clients: 2 numbers');
  await expect(findColumn(page, 'Cell 2 numbers')).toBeChecked();
  await expect(page.getByRole('cell', { name: 'Client "1"' })).toBeVisible();
  await expect(page.getByLabel('Separator')).toBeHidden();
  await page.getByLabel('Sheet').selectOption('Clients (2): 1 number');
  await expect(page.getByText('1 number will be read.')).toBeVisible();
  await page.getByLabel('The first line names the columns').uncheck();
  await expect(page.getByText('2 lines', { exact: true })).toBeVisible();
  await page.getByLabel('Sheet').selectOption('Clients: 2 numbers');
  await expect(page.getByText('2 numbers will be read.')).toBeVisible();
  await page.getByRole('button', { name: 'Import as opt-outs' }).click();

  await expect(page.getByRole('heading', { name: 'clients.xlsx, sheet “Clients”' })).toBeVisible();
  await expect(readStat(page, 'Added')).toContainText('2', { timeout: turnMs });
  const added = await database.query<{ msisdn: string }>(
    'select msisdn::text from opt_out where account_id = $1 order by msisdn',
    [account.id],
  );
  expect(added.rows.map(({ msisdn }) => msisdn).sort()).toEqual([first, second].sort());
});

test('the reading of a workbook can be cancelled, and an error of ours is not told as a damaged file @soak', async ({
  account,
  openAs,
}) => {
  const page = await openAs(account);
  // a worker that reads for ever, and then one that makes a mistake
  await page.addInitScript(() => {
    const Original = window.Worker;
    window.Worker = class extends Original {
      override postMessage(message: unknown) {
        const broken = (window as { makesMistake?: boolean }).makesMistake;
        if (message instanceof Blob) {
          if (broken) setTimeout(() => this.dispatchEvent(new ErrorEvent('error')));
          return;
        }
        super.postMessage(message);
      }
    };
  });
  await visit(page, '/messages/opt-outs/import');
  const zip = Buffer.from('504b0304', 'hex');
  await chooseFile(page, 'large.xlsx', zip);
  await expect(page.getByText('Looking into the file')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('Or paste numbers')).toBeVisible();
  await page.evaluate(() => Object.assign(window, { makesMistake: true }));
  await chooseFile(page, 'ours.xlsx', zip);
  await expect(page.getByText('nothing says that the file is damaged')).toBeVisible();
});

test('contacts with several columns of numbers say what is left out, and are read with all that are included @soak', async ({
  account,
  database,
  openAs,
}) => {
  const numbers: string[] = [];
  for (let index = 0; index < 5; index++) numbers.push(await nextMsisdn(database));
  const [first, second, third, work, home] = numbers as [string, string, string, string, string];
  await database.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
    account.id,
    work,
  ]);
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/check');
  const labels = Array.from({ length: 6 }, (_, index) => `Custom Field ${index + 1}`);
  const file = [
    `First Name,${labels.join(',')},Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Home Fax`,
    `Thandi,,,,,,,Mobile,+${first} ::: +${second},Work,${toNationalForm(work)},0821230000`,
    `Piet,,,,,,,Mobile,${toNationalForm(third)},,,`,
    `Anna,,,,,,,,,Home,${toNationalForm(home)},`,
  ];
  await chooseFile(page, 'contacts.csv', file.join('\r\n'));
  await expect(findColumn(page, 'Phone 1 - Value')).toBeChecked();
  await expect(findColumn(page, 'Phone 2 - Value 2 numbers')).not.toBeChecked();
  await expect(findColumn(page, 'Home Fax 1 number')).not.toBeChecked();
  await expect(page.getByText('9 columns without numbers')).toBeVisible();
  await expect(page.getByText('3 numbers will be read.')).toBeVisible();
  await expect(page.getByText('Column “Phone 2 - Value” holds 2 more numbers.')).toBeVisible();
  await page.getByRole('button', { name: 'Include “Phone 2 - Value”' }).click();
  await expect(findColumn(page, 'Phone 2 - Value')).toBeChecked();
  await expect(page.getByText('Numbers in other columns are left out')).toBeHidden();
  await expect(page.getByText('5 numbers will be read.')).toBeVisible();
  await page.getByRole('button', { name: 'Check the list' }).click();

  await expect(page.getByRole('heading', { name: 'contacts.csv' })).toBeVisible();
  await expect(page.getByText('5 numbers in 3 lines, checked')).toBeVisible();
  await expect(readStat(page, 'Clear')).toContainText('4');
  await expect(readStat(page, 'Blocked')).toContainText('1');
  await expect(readStat(page, 'Invalid')).toContainText('0');
  expect(await download(page, 'Download the clean list')).toEqual(['Number', first, second, third, home]);

  // And the report, handed in again, has the right column by itself.
  await visit(page, '/messages/opt-outs/check');
  await chooseFile(page, 'semicolons.csv', `sep=;\r\nSender number;Number\r\n27600001111;26658123456\r\n`);
  await expect(page.getByLabel('Separator')).toHaveValue(';');
  await expect(findColumn(page, 'Sender number')).not.toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Number/ })).toBeChecked();
  await expect(page.getByText('1 line', { exact: true })).toBeVisible();
});

test('a line with an odd quotation mark is reported, and the others go on @soak', async ({
  account,
  openAs,
}) => {
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/check');
  const lines = Array.from(
    { length: 500 },
    (_, index) => `Client ${index},082123${String(index).padStart(4, '0')}`,
  );
  lines[2] = '"Piet" Botha,0821234567';
  lines[400] = '"Anna,0821239999';
  await chooseFile(page, 'quotes.csv', `name,number\r\n${lines.join('\r\n')}\r\n`);
  await expect(page.getByText('2 lines cannot be read, the first of them line 4')).toBeVisible();
  await expect(page.getByText('498 numbers will be read.')).toBeVisible();
  await page.getByRole('button', { name: 'Check the list' }).click();
  await expect(page.getByRole('heading', { name: 'quotes.csv' })).toBeVisible();
  await expect(readStat(page, 'Clear')).toContainText('498');
  await expect(readStat(page, 'Invalid')).toContainText('2');
  const row = page.getByRole('row', { name: '4 "Piet" Botha,0821234567 A quotation mark' });
  await expect(row).toBeVisible();
  await expect(page.getByRole('row', { name: '402 "Anna,0821239999 A quotation mark' })).toBeVisible();
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
