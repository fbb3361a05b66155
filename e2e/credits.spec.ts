import type { Page } from '@playwright/test';
import { createAccount, createStaff, nextMsisdn, nextSerial } from './accounts';
import { expect, test, visit } from './fixtures';
import { findLink, readMail } from './mails';
import { choosePassword } from './passwords';

const balanceOf = (page: Page) =>
  page.getByText('Balance', { exact: true }).locator('xpath=following-sibling::p[1]');

test('credits: topped up by staff, spent on a batch, explained line by line @soak', async ({
  account,
  openAs,
  database,
}) => {
  const staff = await openAs(await createStaff(database));
  await visit(staff, `/admin/accounts/${account.id}`);
  await staff.getByRole('main').getByRole('button', { name: 'Top up' }).click();
  const dialog = staff.getByRole('dialog');
  await dialog.getByLabel('Credits', { exact: true }).fill('0');
  await dialog.getByLabel('Reference').fill('INV-2041');
  await dialog.getByRole('button', { name: 'Give credits' }).click();
  await expect(dialog.getByText('Enter at least one credit.')).toBeVisible();
  await dialog.getByLabel('Credits', { exact: true }).fill('1 500');
  await dialog.getByRole('button', { name: 'Give credits' }).click();
  await expect(staff.getByText(`Credits given to ${account.name}`)).toBeVisible();
  await staff.getByRole('main').getByRole('button', { name: 'Correct credits' }).click();
  await dialog.getByLabel('Credits', { exact: true }).fill('-9 999');
  await dialog.getByLabel('Reason').fill('Counted twice');
  await dialog.getByRole('button', { name: 'Correct credits' }).click();
  await expect(dialog.getByText('never has fewer than none')).toBeVisible();
  await dialog.getByLabel('Credits', { exact: true }).fill('-100');
  await dialog.getByRole('button', { name: 'Correct credits' }).click();
  await expect(staff.getByText(`Credits of ${account.name} corrected`)).toBeVisible();

  const page = await openAs(account);
  await visit(page, '/send');
  await page.getByLabel('Recipients').fill(`${await nextMsisdn(database)}\n${await nextMsisdn(database)}`);
  await page.getByLabel('Message').fill('The tulips are in.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('2 messages are on the way')).toBeVisible();

  await page.getByRole('link', { name: 'Credits' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Credits' })).toBeVisible();
  await expect(balanceOf(page)).toHaveText('2 398');
  await expect(page.getByRole('row', { name: /Messages The tulips are in\. .*−2 .*2 398/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Top-up .*INV-2041 .*\+1 500 .*2 500/ })).toBeVisible();

  await expect(page.getByRole('row', { name: /Correction Counted twice .*−100 .*2 400/ })).toBeVisible();

  await test.step('A batch leads to its messages', async () => {
    await page.getByRole('row', { name: /The tulips are in/ }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Show them in Message Logs' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Message Logs' })).toBeVisible();
    await expect(page.getByRole('row', { name: /The tulips are in\./ })).toHaveCount(2);
    // That batch alone: what stands above the list takes it away.
    await page.getByRole('button', { name: 'One batch: show all again' }).click();
    await expect(page.getByRole('button', { name: 'One batch: show all again' })).toHaveCount(0);
    await expect(page).not.toHaveURL(/batch=/);
  });

  await test.step('Searched by reference, filtered by what it was', async () => {
    await visit(page, '/credits?q=inv-2041');
    await expect(page.getByRole('row', { name: /Top-up/ })).toHaveCount(1);
    await visit(page, '/credits?kind=SEND');
    await expect(page.getByRole('row', { name: /Messages/ })).toHaveCount(1);
    await expect(page.getByRole('row', { name: /Top-up/ })).toHaveCount(0);
  });

  await test.step('The owner has an e-mail about the top-up', async () => {
    const mail = await readMail(`${account.username}@florist.example`, 'credits added');
    expect(mail).toContain('INV-2041');
  });
});

test('a warning comes by e-mail when the balance falls below its level, and stands on the page @soak', async ({
  openAs,
  database,
}) => {
  const account = await createAccount(database, { credits: 11 });
  const page = await openAs(account);
  await visit(page, '/credits');
  const level = page.getByLabel('Warn the owner by e-mail below');
  await level.fill('-3');
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Enter at least 1 credit.')).toBeVisible();
  await level.fill('11');
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Warning level saved')).toBeVisible();
  await expect(page.getByText(/Fewer than 11 credits are left/)).toBeHidden();

  await visit(page, '/send');
  await page.getByLabel('Recipients').fill(await nextMsisdn(database));
  await page.getByLabel('Message').fill('The tulips are in.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('1 message is on the way')).toBeVisible();
  const mail = await readMail(`${account.username}@florist.example`, 'running out of credits');
  expect(mail).toContain('10 credits are left, fewer than the 11');
  await visit(page, '/credits');
  await expect(page.getByText(/Fewer than 11 credits are left/)).toBeVisible();
});

test('a sub-account: opened, its person signs in, credits go there and back, and it sees only its own @soak', async ({
  account,
  openAs,
  database,
}) => {
  const page = await openAs(account);
  const serial = await nextSerial(database);
  const person = { email: `sipho-${serial}@branch.example`, username: `sipho-${serial}` };
  await visit(page, '/credits');
  await page.getByRole('link', { name: 'Sub-accounts' }).click();
  await expect(page.getByText('No sub-accounts yet')).toBeVisible();
  await page.getByRole('button', { name: 'New sub-account' }).click();
  const opening = page.getByRole('dialog');
  await opening.getByLabel('Company or branch').fill('=HYPERLINK("x")');
  await opening.getByRole('button', { name: 'Open sub-account' }).click();
  await expect(opening.getByText('Enter their name.')).toBeVisible();
  await opening.getByLabel('Their name').fill('Sipho Dlamini');
  await opening.getByLabel('Their e-mail address').fill(person.email);
  await opening.getByLabel('Their username').fill(account.username);
  await opening.getByRole('button', { name: 'Open sub-account' }).click();
  await expect(opening.getByText(`“${account.username}” is taken.`, { exact: false })).toBeVisible();
  await opening.getByLabel('Their username').fill(person.username);
  await opening.getByRole('button', { name: 'Open sub-account' }).click();
  await expect(page.getByText(/^Sub-account W\d+ is open$/)).toBeVisible();
  const row = page.getByRole('row', { name: /=HYPERLINK/ });
  await expect(row).toContainText('0');

  await test.step('Credits go there, never more than there are, and back', async () => {
    const dialog = page.getByRole('dialog');
    const credits = dialog.getByLabel('Credits', { exact: true });
    await row.getByRole('button', { name: /Move credits/ }).click();
    for (const [typed, refusal] of [
      ['5000', 'This needs 5 000 credits and you have 1 000. Nothing was moved.'],
      ['0', 'Enter at least 1 credit.'],
      ['-4', 'Enter at least 1 credit.'],
      ['a few', 'Enter a whole number of credits.'],
    ] as const) {
      await credits.fill(typed);
      await dialog.getByRole('button', { name: 'Move credits' }).click();
      await expect(dialog.getByText(refusal)).toBeVisible();
    }
    await credits.fill('300');
    await dialog.getByLabel('Reference').fill('October');
    await dialog.getByRole('button', { name: 'Move credits' }).click();
    await expect(page.getByText('has 300 credits now')).toBeVisible();
    await expect(row).toContainText('300');

    await row.getByRole('button', { name: /Move credits/ }).click();
    await dialog.getByLabel('Direction').selectOption({ index: 1 });
    await credits.fill('50');
    await dialog.getByRole('button', { name: 'Move credits' }).click();
    await expect(row).toContainText('250');
    await visit(page, '/credits');
    await expect(balanceOf(page)).toHaveText('750');
    await expect(
      page.getByRole('row', { name: /Transfer To W\d+, =HYPERLINK.* October .*−300 .*700/ }),
    ).toBeVisible();
  });

  await test.step('Its first person chooses a password, and sees its own ledger alone', async () => {
    const link = findLink(await readMail(person.email, 'Your Client Zone account'));
    const theirs = await openAs(null);
    await visit(theirs, link);
    await choosePassword(theirs, person.username, 'proteas and tulips');
    await visit(theirs, '/credits');
    await expect(balanceOf(theirs)).toHaveText('250');
    await expect(theirs.getByText(`${account.number} moves credits to it and back`)).toBeVisible();
    await expect(theirs.getByRole('link', { name: 'Sub-accounts' })).toHaveCount(0);
    await expect(theirs.getByRole('row', { name: /Transfer/ })).toHaveCount(2);
    await visit(theirs, '/credits/sub-accounts');
    await expect(theirs.getByText('It has no sub-accounts of its own.')).toBeVisible();
    await expect(theirs.getByRole('button', { name: 'New sub-account' })).toHaveCount(0);
    await expect(theirs.getByText('honour each other’s opt-outs')).toHaveCount(0);

    await test.step('Opt-outs of the main account hold its messages back, once that is chosen', async () => {
      const msisdn = await nextMsisdn(database);
      await database.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
        account.id,
        msisdn,
      ]);
      await visit(page, '/credits/sub-accounts');
      const section = page.getByRole('region', { name: 'Whose opt-outs count' });
      await section.getByRole('radio', { name: 'Honour opt-outs of my other accounts too' }).check();
      await section.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByText('Your accounts honour each other’s opt-outs now')).toBeVisible();

      await visit(theirs, '/send');
      await expect(theirs.getByText('have opted out of this or another of your accounts')).toBeVisible();
      await theirs.getByLabel('Recipients').fill(msisdn);
      // marketing waits for its lawful hours
      await theirs.getByRole('radio', { name: 'Service' }).check();
      await theirs.getByLabel('Message').fill('The tulips are in.');
      await theirs.getByRole('button', { name: 'Send', exact: true }).click();
      await expect(theirs.getByText(/Opted out of another of your accounts/).first()).toBeVisible();
      await visit(theirs, `/messages/opt-outs/${msisdn}`);
      await expect(theirs.getByText('Opted out elsewhere')).toBeVisible();
      await visit(theirs, '/credits/sub-accounts');
      await expect(theirs.getByText('honour each other’s opt-outs')).toBeVisible();
      await expect(theirs.getByRole('radio')).toHaveCount(0);
    });
  });
});
