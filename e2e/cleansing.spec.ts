import { readFile } from 'node:fs/promises';
import { nextMsisdn, toNationalForm } from './accounts';
import { expect, test, visit } from './fixtures';

test('an account whose cleansing is too old is told, cleanses its lists, and sends marketing again @soak', async ({
  account,
  openAs,
  database,
  complaints,
}) => {
  const [listed, free] = [await nextMsisdn(database), await nextMsisdn(database)];
  await database.query(`update account set cleansed_on = '2020-01-01' where id = $1`, [account.id]);
  await database.query(
    `insert into message (account_id, kind, purpose, msisdn, sender_number, text, segments, cost, status, finished_at)
     values ($1, 'NORMAL', 'MARKETING', $2, '27600000000', 'Tulips', 1, 0, 'DELIVERED', now())`,
    [account.id, listed],
  );
  const page = await openAs(account);
  const send = async (numbers: string) => {
    await page.getByLabel('Recipients').fill(numbers);
    await page.getByLabel('Message', { exact: true }).fill('Spring sale: all tulips.');
    await page.getByRole('radio', { name: 'Marketing' }).check();
    await page.getByRole('radio', { name: 'At the next lawful hour' }).check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
  };
  await visit(page, '/send');
  await expect(page.getByText('Your marketing is stopped')).toBeVisible();
  await send(`${listed}\n${free}`);
  await expect(page.getByText('Service messages still go out. Nothing was sent.')).toBeVisible();
  await page.getByRole('link', { name: 'Cleanse your lists' }).click();

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the numbers' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain(listed);

  // as the Commission may ask for it one day
  await page.getByRole('checkbox', { name: 'Other columns' }).check();
  const columns = page.getByLabel('Columns, a line each');
  await columns.fill('Cell: {local number}\nOf: {nobody}');
  complaints.expectAnswer(400, '/api/cleansing/numbers');
  await page.getByRole('link', { name: 'Download the numbers' }).click();
  await expect(page.getByText('Line 2: there is no {nobody}.')).toBeVisible();
  await columns.fill('Cell: {local number}\nOf: {account}');
  const other = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the numbers' }).click();
  expect(await readFile(await (await other).path(), 'utf8')).toBe(
    `\uFEFFCell,Of\n${toNationalForm(listed)},"${account.number}"\n`,
  );

  // the same day, the same file, twice: it is told, and the first is still there
  complaints.expectAnswer(422, '/api/cleansing');
  const handIn = async () => {
    await page.locator('input[type="file"]').setInputFiles({
      name: 'answer.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`Ref;Blocked number\n1;${toNationalForm(listed)}\n2;021 555 0123\n`),
    });
    await page.getByRole('button', { name: 'Compare the answer' }).click();
  };
  await handIn();
  // The file that is chosen has a heading of that name as well, before it is handed in.
  await expect(page.getByRole('button', { name: 'Put in force' })).toBeVisible();
  await visit(page, '/messages/cleansing');
  await handIn();
  await expect(page.getByText('This very file is here already')).toBeVisible();
  await page.getByRole('list', { name: 'Answers' }).getByRole('link', { name: 'answer.csv' }).click();

  await expect(page.getByRole('list', { name: 'Who came' })).toContainText(listed.slice(-4));
  await expect(page.getByRole('row', { name: '3 021 555 0123 Not a mobile number' })).toBeVisible();
  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await expect(page.getByText('It is in force')).toBeVisible({ timeout: 15_000 });

  await visit(page, '/send');
  await expect(page.getByText('Your marketing is stopped')).toHaveCount(0);
  await page.getByLabel('Message', { exact: true }).fill('Spring sale: all tulips.');
  await page.getByRole('radio', { name: 'Marketing' }).check();
  await page.getByRole('button', { name: 'Add both' }).click();
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue(
    /: Spring sale: all tulips. Opt out: reply STOP$/,
  );
  await send(`${listed}\n${free}`);
  await expect(page.getByText('On the national opt-out registry')).toBeVisible();
});
