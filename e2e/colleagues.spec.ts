import { createAccount, createColleague, nextMsisdn, nextSerial, toNationalForm } from './accounts';
import { expect, holdEvents, test, visit } from './fixtures';
import { findLink, readMail } from './mails';

test('a colleague is invited, joins, gets another role, and is taken out @soak', async ({
  openAs,
  account,
  database,
}) => {
  const serial = await nextSerial(database);
  const email = `naledi-${serial}@florist.example`;
  const owner = await openAs(account);
  await visit(owner, '/people');
  await owner.getByRole('button', { name: 'Invite somebody' }).click();
  await owner.getByLabel('E-mail address').fill(email);
  await owner.getByLabel('Role', { exact: true }).selectOption('Viewer');
  await owner.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(owner.getByRole('list', { name: 'Invitations' }).getByText(email)).toBeVisible();

  const guest = await openAs(null);
  await visit(guest, findLink(await readMail(email, 'invites you to work with')));
  await guest.getByLabel('Your name').fill('Naledi Khumalo');
  await guest.getByLabel('Username').fill(`naledi-${serial}`);
  await guest.getByLabel('Password', { exact: true }).fill('proteas and tulips');
  await guest.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(guest.getByRole('navigation', { name: 'Main' })).toBeVisible();

  // A viewer looks: what changes something is neither shown nor served.
  await expect(guest.getByRole('link', { name: 'Send', exact: true })).toHaveCount(0);
  await visit(guest, '/messages/opt-outs');
  await expect(guest.getByRole('button', { name: 'Add Opt-Out Number' })).toHaveCount(0);
  await visit(guest, '/send');
  await expect(guest.getByText('Your role does not allow this')).toBeVisible();
  for (const [path, heading] of [
    ['/settings', 'Settings'],
    ['/messages/review', 'Replies to review'],
  ] as const) {
    await visit(guest, path);
    await expect(guest.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(
      guest.getByRole('button', { name: /^(Save|Add|Remove|Opt out|Not an opt-out)/ }),
    ).toHaveCount(0);
  }
  // The roles of others are nothing to change, and oneself may leave.
  await visit(guest, '/people');
  await guest.getByRole('button', { name: 'Change Naledi Khumalo' }).click();
  await expect(guest.getByRole('menuitem')).toHaveText(['Leave the account']);

  await visit(owner, '/people');
  const row = owner.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: email });
  await row.getByRole('button', { name: 'Change Naledi Khumalo' }).click();
  await owner.getByRole('menuitem', { name: 'Change role' }).click();
  await owner.getByRole('dialog').getByLabel('Role', { exact: true }).selectOption('Sender');
  await owner.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
  await expect(row.getByText('Sender', { exact: true })).toBeVisible();
  await visit(guest, '/send');
  await expect(guest.getByLabel('Recipients')).toBeVisible();

  await row.getByRole('button', { name: 'Change Naledi Khumalo' }).click();
  await owner.getByRole('menuitem', { name: 'Remove' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
  await visit(guest, '/');
  await expect(guest).toHaveURL(/\/sign-in\?reason=ended/);

  await visit(owner, '/activity');
  await expect(owner.getByText('Removed somebody')).toBeVisible();
});

test('somebody of two accounts switches between them in the header', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  // The stream of the account before ends.
  complaints.expectAnswer(409, '/api/events');
  const other = await createAccount(database);
  const person = await createColleague(database, account);
  await database.query(
    `insert into membership (account_id, user_id, role) select $1, id, 'VIEWER' from portal_user where username = $2`,
    [other.id, person.username],
  );
  const page = await openAs(person);
  await visit(page, '/');
  await page.getByRole('button', { name: /^Account: .*Switch to another$/ }).click();
  await page.getByRole('menuitem', { name: other.name }).first().click();
  await expect(page.getByRole('button', { name: `Account: ${other.name}. Switch to another` })).toBeVisible();
});

test('a tab that was left open at another account does nothing in this one', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectAnswer(409, '/api/events');
  const other = await createAccount(database);
  const person = await createColleague(database, account);
  await database.query(
    `insert into membership (account_id, user_id, role)
     select $1, id, 'ADMINISTRATOR' from portal_user where username = $2`,
    [other.id, person.username],
  );
  const left = await openAs(person);
  // As a tab whose stream has been cut: nothing tells it of the switch.
  await holdEvents(left);
  await visit(left, '/messages/opt-outs');
  const page = await left.context().newPage();
  await visit(page, '/');
  await page.getByRole('button', { name: /^Account: .*Switch to another$/ }).click();
  await page.getByRole('menuitem', { name: other.name }).first().click();
  await expect(page.getByRole('button', { name: `Account: ${other.name}. Switch to another` })).toBeVisible();

  await left.getByRole('button', { name: 'Add Opt-Out Number' }).click();
  await left.getByLabel('Numbers').fill(toNationalForm(await nextMsisdn(database)));
  await left.getByRole('button', { name: 'Add number' }).click();
  await expect(left.getByText('You have switched to another account in another tab')).toBeVisible();
  // Nor does it take a file of it.
  complaints.expectAnswer(409, '/api/downloads/');
  await left.keyboard.press('Escape');
  await left.getByRole('button', { name: 'Download Messages' }).click();
  await left.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
  await expect(left.getByText(/and this page is of the one before\. Reload the page/).last()).toBeVisible();
  const activity = await database.query(
    `select from activity where kind = 'file.download' and account_id = $1`,
    [other.id],
  );
  expect(activity.rows).toEqual([]);
  const { rows } = await database.query('select from opt_out where account_id = any($1)', [
    [account.id, other.id],
  ]);
  expect(rows).toEqual([]);
});
