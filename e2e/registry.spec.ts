import { createStaff, nextMsisdn, toNationalForm } from './accounts';
import { expect, test, visit } from './fixtures';

// An answer for one account, so that no other test's marketing is blocked by it.
test('staff put an answer of the registry in force; marketing to who is in it is blocked, and says why', async ({
  account,
  openAs,
  database,
  complaints,
}) => {
  const [listed, free] = [await nextMsisdn(database), await nextMsisdn(database)];
  const staff = await openAs(await createStaff(database));
  await visit(staff, '/admin/registry');
  await staff.locator('input[type="file"]').setInputFiles({
    name: 'answer.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`Ref;Blocked number\n1;${toNationalForm(listed)}\n2;021 555 0123\n`),
  });
  complaints.expectAnswer(422, '/api/admin/registry');
  await staff.getByLabel('For one account').fill('W999999');
  await staff.getByRole('button', { name: 'Compare the answer' }).click();
  await expect(staff.getByText('There is no account W999999.')).toBeVisible();
  await staff.getByLabel('For one account').fill(account.number);
  await staff.getByRole('button', { name: 'Compare the answer' }).click();

  await expect(staff.getByRole('heading', { name: 'answer.csv' })).toBeVisible();
  await expect(staff.getByText(`${account.number} alone`)).toBeVisible();
  await expect(staff.getByRole('row', { name: '3 021 555 0123 Not a mobile number' })).toBeVisible();
  await staff.getByRole('button', { name: 'Put in force' }).click();
  await staff.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await expect(staff.getByText('It is in force')).toBeVisible({ timeout: 15_000 });

  const page = await openAs(account);
  await visit(page, '/send');
  await page.getByLabel('Recipients').fill(`${listed}\n${free}`);
  await page.getByLabel('Message', { exact: true }).fill('Spring sale: all tulips.');
  await page.getByRole('radio', { name: 'Marketing' }).check();
  await page.getByRole('radio', { name: 'At the next lawful hour' }).check();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('On the national opt-out registry')).toBeVisible();
  await visit(page, `/messages/opt-outs/${listed}`);
  await expect(page.getByText('On the registry', { exact: true })).toBeVisible();
  await expect(page.getByText('marketing to it is blocked')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Entries on the registry' })).toContainText('alone');

  await visit(staff, '/admin/registry');
  await staff.getByLabel('Mobile number').fill(listed);
  await staff.getByRole('button', { name: 'Look it up' }).click();
  await expect(staff.getByRole('list', { name: 'Entries on the registry' })).toContainText(
    `${account.number} alone`,
  );
});
