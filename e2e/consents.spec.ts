import { readFile } from 'node:fs/promises';
import { createStaff, nextMsisdn } from './accounts';
import { expect, test, visit } from './fixtures';

test('a consent by hand and one of a file stand in the story of their numbers, and an opt-out ends them @soak', async ({
  account,
  database,
  openAs,
}) => {
  const [byHand, byFile] = [await nextMsisdn(database), await nextMsisdn(database)];
  const page = await openAs(account);
  await visit(page, '/messages/consents');
  const form = page.locator('form').filter({ has: page.getByLabel('Mobile number') });
  await form.getByLabel('Mobile number').fill(byHand);
  await form.getByLabel('How it was given').selectOption('Paper');
  await form.getByLabel('What was agreed to, word for word').fill('Yes, send me offers.');
  await form.getByLabel('File that shows it (optional)').setInputFiles({
    name: 'form.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('a scanned form'),
  });
  // its SHA-256, worked out in the browser
  await expect(
    form.getByText('517726b14798b806850e3740acaf5a56324901dcc08e866b2fd0f79d12329498'),
  ).toBeVisible();
  await form.getByRole('button', { name: 'Record the consent' }).click();
  const inForce = page.getByRole('list', { name: 'Consents in force' });
  await expect(inForce.getByRole('listitem')).toHaveCount(1);

  const upload = page.getByRole('region', { name: 'Record from a file' });
  await upload.getByLabel('Or paste numbers').fill(`${byFile}\n${byHand}\n021 555 0123`);
  await upload.getByRole('button', { name: 'Read the numbers' }).click();
  await upload.getByLabel('What was agreed to, word for word').fill('Yes to all offers.');
  await upload.getByRole('button', { name: 'Record these consents' }).click();
  await expect(page.getByRole('heading', { name: 'Pasted numbers' })).toBeVisible();
  await expect(page.getByText('1 consent recorded')).toBeVisible({ timeout: 15_000 });

  await visit(page, `/messages/opt-outs/${byFile}`);
  await expect(page.getByRole('list', { name: 'Consents' })).toContainText('“Yes to all offers.”');
  await visit(page, `/messages/opt-outs/${byHand}`);
  const story = page.getByRole('list', { name: 'Consents' });
  await expect(story).toContainText('Paper');
  await expect(story).toContainText('form.pdf');
  await expect(story).toContainText('In force.');
  await visit(page, '/messages/opt-outs');
  await page.getByRole('button', { name: 'Add Opt-Out Number' }).click();
  await page.getByRole('dialog').getByLabel('Numbers').fill(byHand);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Add number/ })
    .click();
  await expect(page.getByRole('dialog').getByText('1 number added')).toBeVisible();
  await visit(page, `/messages/opt-outs/${byHand}`);
  await expect(story).toContainText('Ended by an opt-out');

  // one that is taken back in another way is withdrawn by hand
  await visit(page, `/messages/opt-outs/${byFile}`);
  await page.getByRole('button', { name: 'Withdraw' }).click();
  const withdrawal = page.getByRole('dialog', { name: 'Withdraw a consent' });
  await withdrawal.getByLabel('How you know').fill('Told our shop in Paarl');
  await withdrawal.getByRole('button', { name: 'Withdraw' }).click();
  await expect(story).toContainText('“Told our shop in Paarl”');
  await expect(story).not.toContainText('In force.');
  await visit(page, '/messages/consents');
  await expect(page.getByText('No consent is on record')).toBeVisible();
  await visit(page, `/messages/opt-outs/${byHand}`);

  // and all of it is in what answers a complaint
  await page.getByRole('button', { name: 'Complaint pack' }).click();
  const dialog = page.getByRole('dialog', { name: 'Complaint pack' });
  await dialog.getByRole('radio', { name: 'CSV' }).check();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const pack = await readFile(await (await download).path(), 'utf8');
  expect(pack).toContain('Yes, send me offers.');
  expect(pack).toContain('An opt-out ended this consent.');
});

test('a file says of each number when and how it consented, and what is in force can be downloaded @soak', async ({
  account,
  database,
  openAs,
}) => {
  const [dated, plain] = [await nextMsisdn(database), await nextMsisdn(database)];
  const page = await openAs(account);
  await visit(page, '/messages/consents');
  const upload = page.getByRole('region', { name: 'Record from a file' });
  await upload.locator('input[type="file"]').setInputFiles({
    name: 'crm.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `Cell,Consent date,Source\n${dated},03/04/2026,Web form\n${plain},,\n${plain},31/02/2026,paper\n`,
    ),
  });
  // proposed by their names and what stands in them
  await expect(upload.getByLabel('Column with the day')).toHaveValue('1');
  await expect(upload.getByText('“03/04/2026” is read as')).toBeVisible();
  await expect(upload.getByLabel('Column with how it was given')).toHaveValue('2');
  await upload.getByLabel('What was agreed to, word for word').fill('Yes to all offers.');
  await upload.getByRole('button', { name: 'Record these consents' }).click();
  await expect(page.getByText('2 consents recorded')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText('The date of its consent cannot be read')).toBeVisible();

  await visit(page, '/messages/consents');
  await page.getByLabel('Field separator').selectOption('Semicolon');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download consents' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file).toContain('Number;Given;How;Wording');
  expect(file).toMatch(new RegExp(`${dated}"?;.*2026-04-03 00:00.*;.*Web form`));
});

test('staff get a complaint pack across accounts @soak', async ({ database, furnished, openAs }) => {
  const { rows } = await database.query<{ msisdn: string }>(
    `select msisdn from message where account_id = $1 and msisdn <> '' order by id limit 1`,
    [furnished.id],
  );
  const staff = await openAs(await createStaff(database));
  await visit(staff, '/admin/privacy');
  await staff
    .getByLabel('Number', { exact: true })
    .first()
    .fill(rows[0]?.msisdn ?? '');
  await staff.getByRole('button', { name: 'Look up' }).click();
  await staff.getByRole('button', { name: 'Complaint pack' }).click();
  const dialog = staff.getByRole('dialog', { name: 'Complaint pack' });
  const download = staff.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const pack = await readFile(await (await download).path());
  expect(pack.subarray(0, 5).toString()).toBe('%PDF-');
});
