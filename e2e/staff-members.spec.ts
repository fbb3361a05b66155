import { createStaff, nextSerial } from './accounts';
import { expect, openRowMenu, test, visit } from './fixtures';
import { findLink, readMail } from './mails';
import { choosePassword } from './passwords';

test('somebody is added to the staff, chooses a password, gets another role, and is taken out @soak', async ({
  openAs,
  database,
}) => {
  const serial = await nextSerial(database);
  const person = { email: `naledi-${serial}@provider.example`, username: `naledi-${serial}` };
  const name = `Naledi ${serial}`;
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin');
  await page.getByRole('link', { name: 'Staff', exact: true }).first().click();
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('E-mail address').fill(person.email);
  await dialog.getByLabel('Username').fill(person.username);
  await dialog.getByRole('button', { name: 'Add to the staff' }).click();
  const row = page.getByRole('listitem').filter({ hasText: `${person.username},` });
  await expect(row).toContainText('Has not signed in yet');

  const theirs = await openAs(null);
  await visit(theirs, findLink(await readMail(person.email, 'Choose a password to begin')));
  await choosePassword(theirs, person.username, 'proteas and tulips');
  // Support looks: who may do what is shown, and nothing to change it.
  await visit(theirs, '/admin/staff');
  await expect(theirs.getByRole('listitem').filter({ hasText: `${person.username},` })).toContainText('You');
  await expect(theirs.getByRole('button', { name: 'Add somebody' })).toHaveCount(0);
  await expect(theirs.getByRole('button', { name: /^Change / })).toHaveCount(0);

  await openRowMenu(row);
  await page.getByRole('menuitem', { name: 'Make administrator' }).click();
  await dialog.getByRole('button', { name: 'Make administrator' }).click();
  await expect(row.getByText('Administrator', { exact: true })).toBeVisible();
  await visit(theirs, '/admin/staff');
  await expect(theirs.getByRole('button', { name: 'Add somebody' })).toBeVisible();

  await openRowMenu(row);
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
  await visit(theirs, '/admin');
  await expect(theirs).toHaveURL(/\/sign-in\?reason=ended/);

  await visit(page, '/admin/audit');
  const entry = page.getByRole('table').getByText('Removed a member of staff').first();
  await expect(entry).toBeVisible();
});
