import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import Papa from 'papaparse';
import { readSheet } from 'read-excel-file/node';

/**
 * The rows of a list on screen: what each cell says under the head of its column; boxes and buttons aside.
 */
export async function readRows(table: Locator): Promise<Record<string, string>[]> {
  return table.evaluate((element) => {
    const read = (cell: Element) => (cell.textContent ?? '').replace(/[\s\u00a0]+/g, ' ').trim();
    const heads = [...element.querySelectorAll('thead th')].map(read);
    const isData = (head: string | undefined) => head && !['Select', 'Removal', 'Details'].includes(head);
    return [...element.querySelectorAll('tbody tr')].map((row) =>
      Object.fromEntries(
        [...row.querySelectorAll('td')]
          .map((cell, index) => [heads[index] ?? '', read(cell)] as const)
          .filter(([head]) => isData(head)),
      ),
    );
  });
}

export interface DownloadedList {
  fileName: string;
  bytes: Buffer;
  rows: Record<string, string>[];
}

/** Presses Download Messages, chooses the separator by its name, presses OK, and reads the file. */
export async function downloadList(
  page: Page,
  separator: 'Comma' | 'Semicolon' | 'Tab' | 'Pipe' | { other: string },
  name = 'Download Messages',
): Promise<DownloadedList> {
  await page.getByRole('button', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  // This browser may have taken a workbook before.
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  if (typeof separator === 'string') {
    await dialog.getByRole('radio', { name: separator }).check();
  } else {
    await dialog.getByRole('radio', { name: 'Other' }).check();
    await dialog.getByLabel('Your separator').fill(separator.other);
  }
  const started = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'OK' }).click();
  const download = await started;
  await expect(dialog).toBeHidden();
  const bytes = await readFile(await download.path());
  const characters = { Comma: ',', Semicolon: ';', Tab: '\t', Pipe: '|' };
  const { data, errors } = Papa.parse<Record<string, string>>(bytes.toString('utf8'), {
    header: true,
    delimiter: typeof separator === 'string' ? characters[separator] : separator.other,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  return { fileName: download.suggestedFilename(), bytes, rows: data };
}

/** Presses Download Messages, chooses the workbook, presses OK, and reads it: its headings, then its rows. */
export async function downloadWorkbook(
  page: Page,
  name = 'Download Messages',
): Promise<{ fileName: string; rows: unknown[][] }> {
  await page.getByRole('button', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByRole('radio', { name: 'Workbook' }).check();
  await expect(dialog.getByText('Field separator')).toBeHidden();
  await expect(dialog.getByText('no text becomes a formula')).toBeVisible();
  const started = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'OK' }).click();
  const download = await started;
  await expect(dialog).toBeHidden();
  const rows = await readSheet(await readFile(await download.path()), { trim: false });
  return { fileName: download.suggestedFilename(), rows };
}

/** "2026-11-22 14:32:05", as a file has it, as a list shows it: "22 Nov 2026 14:32". */
export function shortenMoment(moment: string): string {
  const [date = '', time = ''] = moment.split(' ');
  const [year, month, day] = date.split('-').map(Number);
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${day} ${months[(month ?? 0) - 1]} ${year} ${time.slice(0, 5)}`;
}

/** Today in the demo's time zone, as a file's name has it: "2026-11-22". */
export function formatToday(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Africa/Johannesburg' }).format(new Date());
}

export const byteOrderMark = Buffer.from('\uFEFF');
