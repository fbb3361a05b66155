import { readFile } from 'node:fs/promises';
import { readSheet } from 'read-excel-file/node';
import { createMessages, createStaff, nextMsisdn, toNationalForm } from './accounts';
import { expect, test, visit } from './fixtures';
import { optOut } from './requests';

test('staff find all there is of a number, export it, and erase what need not be kept @soak', async ({
  openAs,
  account,
  database,
}) => {
  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: 'The tulips are in.' }]);
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/privacy');
  await page.getByLabel('Number', { exact: true }).fill(toNationalForm(msisdn));
  await page.getByRole('button', { name: 'Look up' }).click();
  await expect(page.getByText(/^1\s+message$/)).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as a file' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^person-[0-9a-f]{16}\.xlsx$/);
  const rows = await readSheet(await readFile(await download.path()));
  expect(rows.flat()).toContain('The tulips are in.');

  await page.getByRole('button', { name: 'Erase', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('They asked');
  await dialog.getByRole('button', { name: 'Erase' }).click();
  await expect(page.getByText('Nothing is known of this number.')).toBeVisible();

  // The account sees that there was a message, and when its text was erased.
  const customer = await openAs(account);
  await visit(customer, '/messages');
  await expect(customer.getByText(/Text erased on \d+ \w+ \d{4} at the request/).first()).toBeVisible();
  await expect(customer.getByText('Erased number').first()).toBeVisible();
  await visit(page, '/admin/audit');
  await expect(page.getByRole('table').getByText('Erased what there was of a number').first()).toBeVisible();
  await expect(page.getByText(toNationalForm(msisdn))).toHaveCount(0);
});

test('a block stays when its person is erased, and says why; a hold forbids erasing until it is lifted @soak', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const msisdn = await optOut(account, { request, carrierSecret, database });
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/privacy');
  const lookUp = async () => {
    await page.getByLabel('Number', { exact: true }).fill(`+${msisdn}`);
    await page.getByRole('button', { name: 'Look up' }).click();
  };
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Set hold' }).click();
  await dialog.getByLabel('Account or number').fill(toNationalForm(msisdn));
  await dialog.getByLabel('Reason').fill('Case 17');
  await dialog.getByRole('button', { name: 'Set hold' }).click();
  const lift = page.getByRole('button', { name: /^Lift the hold on \+27/ });
  await expect(lift).toBeVisible();
  await lookUp();
  await expect(page.getByText('A legal hold forbids erasing anything.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Erase', exact: true })).toBeDisabled();

  await lift.click();
  await dialog.getByLabel('Reason').fill('Settled');
  await dialog.getByRole('button', { name: 'Lift hold' }).click();
  await expect(lift).toHaveCount(0);
  await lookUp();
  await page.getByRole('button', { name: 'Erase', exact: true }).click();
  await dialog.getByLabel('Reason').fill('They asked');
  await dialog.getByRole('button', { name: 'Erase' }).click();
  await expect(page.getByText('The number is opted out.').first()).toBeVisible();
  const { rowCount } = await database.query('select from opt_out where account_id = $1 and msisdn = $2', [
    account.id,
    msisdn,
  ]);
  expect(rowCount).toBe(1);
});

test('times that cannot be are refused in words @soak', async ({ openAs, database }) => {
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/settings');
  await page.getByLabel('Texts of messages and replies').fill('1');
  await page.getByRole('button', { name: 'Save times' }).click();
  await expect(
    page.getByText('write 6 to 240 months, or 0 to keep them for ever', { exact: false }),
  ).toBeVisible();
});
