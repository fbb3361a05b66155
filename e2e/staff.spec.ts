import type { Page } from '@playwright/test';
import type { Pool } from 'pg';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createMessages, createStaff, nextMsisdn, nextSerial } from './accounts';
import { createAnsweredRequest, type AnsweredRequest } from './answered-requests';
import { postReply } from './carrier';
import { expect, holdEvents, pressFirst, test, visit } from './fixtures';
import { downloadList, readRows } from './lists';

/**
 * So many minutes ago that nothing else in the queue is older: each test has its own, as they run beside each
 * other, and each run goes further back, as one that failed leaves its requests behind.
 */
const longAgo = { next: 4_000_000, keyboard: 5_000_000 };

const pages = [
  '/admin',
  '/admin/removal-requests',
  '/admin/removal-requests?state=ALL',
  '/admin/replies',
  '/admin/accounts',
  '/admin/keywords',
  '/admin/audit',
  '/admin/outbox',
  '/admin/settings',
  '/admin/privacy',
  '/admin/staff',
  '/admin/system',
];

function getHref({ accountId, id }: AnsweredRequest): string {
  return `/admin/removal-requests/${accountId}/${id}`;
}

async function readState(database: Pool, { accountId, id }: AnsweredRequest) {
  const { rows } = await database.query<{ state: string; reason: string | null; isBlocked: boolean }>(
    `select state, decision_reason as reason, exists (
       select from opt_out where opt_out.account_id = $1 and opt_out.msisdn = removal_request.msisdn) as "isBlocked"
     from removal_request where account_id = $1 and id = $2`,
    [accountId, id],
  );
  return rows[0];
}

/** The row of a request in the queue. */
function findRow(page: Page, { msisdn }: AnsweredRequest) {
  return page.getByRole('row').filter({ hasText: formatMsisdn(msisdn) });
}

test('a request is decided with everything in sight, and the next one follows', async ({
  openAs,
  account,
  database,
}) => {
  const request = await createAnsweredRequest(database, account, {
    answer: 'YES!',
    minutesAgo: longAgo.next + account.id,
  });
  const next = await createAnsweredRequest(database, account, {
    minutesAgo: longAgo.next + account.id - 0.5,
  });
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin');
  await page.getByRole('main').getByRole('link', { name: 'Awaiting approval' }).click();
  await findRow(page, request)
    .getByRole('link', { name: formatMsisdn(request.msisdn) })
    .click();

  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { level: 1, name: formatMsisdn(request.msisdn) })).toBeVisible();
  for (const text of [
    'YES!',
    'Exactly “stop”',
    'Proteas are in. Reply STOP to opt out.',
    'Umhlanga Florist would like to send you SMSs again.',
    'Delivered',
    'I give permission to send one SMS to this number.',
    '198.51.100.7',
    'This is its first block, and its first request.',
  ]) {
    await expect(main.getByText(text).first(), text).toBeVisible();
  }
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(page).toHaveURL(getHref(next));
  expect(await readState(database, request)).toEqual({ state: 'REMOVED', reason: null, isBlocked: false });

  await page.getByRole('button', { name: 'Reject' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Write the reason.');
  await dialog.getByLabel('Reason').fill('   ');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Write the reason.');
  expect(await readState(database, next)).toMatchObject({ state: 'AWAITING_APPROVAL' });
  await dialog.getByLabel('Reason').fill('The permission was not yours to give.');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(page).not.toHaveURL(getHref(next));
  expect(await readState(database, next)).toEqual({
    state: 'REJECTED',
    reason: 'The permission was not yours to give.',
    isBlocked: true,
  });

  await visit(page, getHref(next));
  await expect(main.getByText('Rejected by Nomsa Zwane')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
});

test('of two members of staff the second is told who decided, and nothing else happens @soak', async ({
  openAs,
  account,
  database,
}) => {
  const request = await createAnsweredRequest(database, account);
  const one = await openAs(await createStaff(database));
  const other = await openAs(await createStaff(database));
  await holdEvents(other);
  for (const page of [one, other]) await visit(page, getHref(request));
  await other.getByRole('button', { name: 'Reject' }).click();
  await other.getByRole('dialog').getByLabel('Reason').fill('I think not.');
  await one.getByRole('button', { name: 'Approve' }).click();
  await one.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect.poll(() => readState(database, request)).toMatchObject({ state: 'REMOVED' });
  await other.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  await expect(other.getByText(/Nomsa Zwane approved it, .+ Nothing else was changed\./)).toBeVisible();
  expect(await readState(database, request)).toEqual({ state: 'REMOVED', reason: null, isBlocked: false });
  const { rows } = await database.query(
    `select kind from removal_request_event where account_id = $1 and request_id = $2 and kind in ('APPROVED', 'REJECTED')`,
    [request.accountId, request.id],
  );
  expect(rows).toEqual([{ kind: 'APPROVED' }]);
});

test('the queue shows a request as it comes, and lets go of it as someone else decides @soak', async ({
  openAs,
  account,
  database,
}) => {
  const request = await createAnsweredRequest(database, account);
  const one = await openAs(await createStaff(database));
  const other = await openAs(await createStaff(database));
  await visit(other, '/admin/removal-requests');
  await expect(findRow(other, request)).toBeVisible();
  await expect(other.getByText('Live', { exact: true })).toBeVisible();
  await visit(one, getHref(request));
  await one.getByRole('button', { name: 'Approve' }).click();
  await one.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(findRow(other, request)).toHaveCount(0);
});

test('several are approved at once; one that was decided meanwhile is named @soak', async ({
  openAs,
  account,
  database,
}) => {
  const second = await createAccount(database);
  const requests = [
    await createAnsweredRequest(database, account),
    await createAnsweredRequest(database, second),
    await createAnsweredRequest(database, account),
  ] as const;
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/removal-requests');
  for (const { msisdn } of requests) {
    await page.getByRole('checkbox', { name: `Select ${formatMsisdn(msisdn)}` }).check();
  }
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Approve 3 requests?');

  const rival = await openAs(await createStaff(database));
  await visit(rival, getHref(requests[2]));
  await rival.getByRole('button', { name: 'Reject' }).click();
  await rival.getByRole('dialog').getByLabel('Reason').fill('Not this one.');
  await rival.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  await expect.poll(() => readState(database, requests[2])).toMatchObject({ state: 'REJECTED' });

  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('2 requests approved.')).toBeVisible();
  await expect(
    page.getByText(
      new RegExp(`${formatMsisdn(requests[2].msisdn).replace('+', '\\+')}: Nomsa Zwane rejected it`),
    ),
  ).toBeVisible();
  for (const request of requests.slice(0, 2)) {
    expect(await readState(database, request)).toMatchObject({ state: 'REMOVED', isBlocked: false });
  }
  expect(await readState(database, requests[2])).toMatchObject({ state: 'REJECTED', isBlocked: true });
});

test('the queue has a keyboard: J, K, X, Enter, A, R @soak', async ({ openAs, account, database }) => {
  const since = longAgo.keyboard + account.id;
  const oldest = await createAnsweredRequest(database, account, { minutesAgo: since });
  const middle = await createAnsweredRequest(database, account, { minutesAgo: since - 0.2 });
  const newest = await createAnsweredRequest(database, account, { minutesAgo: since - 0.4 });
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/removal-requests');
  await pressFirst(page, 'j', findRow(page, oldest));
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(findRow(page, newest)).toBeFocused();
  await page.keyboard.press('k');
  await expect(findRow(page, middle)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(getHref(middle));
  await page.goBack();
  await expect(findRow(page, oldest)).toBeVisible();

  await pressFirst(page, 'j', findRow(page, oldest));
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByRole('dialog', { name: 'Approve 2 requests?' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(findRow(page, oldest)).toHaveCount(0);
  expect(await readState(database, oldest)).toMatchObject({ state: 'REMOVED' });
  expect(await readState(database, middle)).toMatchObject({ state: 'REMOVED' });

  await findRow(page, newest).focus();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: `Reject the request for ${formatMsisdn(newest.msisdn)}?` });
  await expect(dialog.getByLabel('Reason')).toBeFocused();
  await page.keyboard.type('No a, r, x or j in here does anything.');
  await dialog.getByRole('button', { name: 'Reject' }).press('Enter');
  await expect(findRow(page, newest)).toHaveCount(0);
  expect(await readState(database, newest)).toMatchObject({
    state: 'REJECTED',
    reason: 'No a, r, x or j in here does anything.',
  });
});

test('a correction takes out an opt-out, with its reason, and adds one', async ({
  openAs,
  account,
  database,
}) => {
  const request = await createAnsweredRequest(database, account);
  const page = await openAs(await createStaff(database));
  await visit(page, `/admin/accounts/${account.id}`);
  await page.getByRole('button', { name: 'Take out opt-out' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Blocked number').fill(formatMsisdn(request.msisdn));
  await dialog.getByRole('button', { name: 'Take out opt-out' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Write the reason.');
  await dialog.getByLabel('Why it never was their wish').fill('They wrote of a bus stop.');
  await dialog.getByRole('button', { name: 'Take out opt-out' }).click();
  await expect(dialog).toBeHidden();
  expect(await readState(database, request)).toMatchObject({ state: 'CANCELLED', isBlocked: false });
  const { rows } = await database.query(
    `select kind, reason from opt_out_event where account_id = $1 and msisdn = $2 order by id desc limit 1`,
    [account.id, request.msisdn],
  );
  expect(rows).toEqual([{ kind: 'CORRECTED', reason: 'They wrote of a bus stop.' }]);
  await expect(page.getByText('Took out an opt-out as a correction')).toBeVisible();

  await page.getByRole('button', { name: 'Add opt-out' }).click();
  await dialog.getByLabel('Number to block').fill('not a number');
  await dialog.getByLabel('Reason').fill('They phoned us.');
  await dialog.getByRole('button', { name: 'Add opt-out' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Number to block').fill(request.msisdn);
  await dialog.getByRole('button', { name: 'Add opt-out' }).click();
  await expect(dialog).toBeHidden();
  expect(await readState(database, request)).toMatchObject({ isBlocked: true });
  const { rows: blocks } = await database.query(
    'select kind from opt_out where account_id = $1 and msisdn = $2',
    [account.id, request.msisdn],
  );
  expect(blocks).toEqual([{ kind: 'STAFF' }]);
});

test('an account is found, suspended and reinstated, and the audit log says so @soak', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const customer = await openAs(account);
  await visit(customer, '/');
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/accounts');
  await page.getByRole('searchbox').fill(account.number);
  await page.getByRole('link', { name: account.name }).click();
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
  const dialog = page.getByRole('dialog');

  await page.getByRole('button', { name: 'Suspend' }).click();
  await dialog.getByRole('button', { name: 'Suspend account' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Write the reason.');
  await dialog.getByLabel('Reason').fill('=unpaid since March');
  await dialog.getByRole('button', { name: 'Suspend account' }).click();
  await expect(page.getByText('Suspended', { exact: true })).toBeVisible();
  await visit(customer, '/messages');
  await expect(customer).toHaveURL('/sign-in?reason=ended&to=%2Fmessages');

  await page.getByRole('button', { name: 'Reinstate' }).click();
  await dialog.getByLabel('Reason').fill('Paid.');
  await dialog.getByRole('button', { name: 'Reinstate account' }).click();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
  await visit(customer, '/messages');
  await expect(customer.getByRole('heading', { level: 1, name: 'Message Logs' })).toBeVisible();

  await page.getByRole('link', { name: 'Audit log' }).last().click();
  const table = page.getByRole('table', { name: 'Audit log' });
  // that it was looked into, suspended and reinstated
  await expect(table.locator('tbody tr')).toHaveCount(3);
  await page.getByLabel('What').selectOption('Suspended an account');
  await expect(table.locator('tbody tr')).toHaveCount(1);
  await expect(page).toHaveURL(/account=W\d+.*action=account\.suspend|action=account\.suspend.*account=W\d+/);
  await page.reload();
  expect(await readRows(table)).toMatchObject([
    { What: 'Suspended an account', Account: account.number, Who: 'Nomsa Zwane' },
  ]);

  await visit(page, page.url());
  const { rows, fileName } = await downloadList(page, 'Semicolon', 'Download audit log');
  expect(fileName).toMatch(/^audit-log-\d{4}-\d\d-\d\d\.csv$/);
  expect(rows).toMatchObject([
    // No spreadsheet takes it for a formula.
    { What: 'Suspended an account', Who: 'Nomsa Zwane', Reason: "'=unpaid since March" },
  ]);
  await page.getByLabel('Until').fill('2020-01-01');
  await expect(page.getByText('No entry matches these filters.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL('/admin/audit');
});

test('a keyword shows what it would have matched before it counts for everyone @soak', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const word = `skrap${await nextSerial(database)}`;
  const [before, after] = [await nextMsisdn(database), await nextMsisdn(database)];
  await createMessages(
    database,
    account,
    [before, after].map((msisdn) => ({ msisdn, text: 'Good morning' })),
  );
  const reply = (msisdn: string) =>
    postReply(request, carrierSecret, {
      id: `${word}-${msisdn}`,
      from: msisdn,
      to: account.senderNumber,
      text: word,
    });
  const isBlocked = async (msisdn: string) => {
    const { rowCount } = await database.query('select from opt_out where account_id = $1 and msisdn = $2', [
      account.id,
      msisdn,
    ]);
    return rowCount === 1;
  };
  await reply(before);
  expect(await isBlocked(before)).toBe(false);

  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/keywords');
  const add = page.getByRole('button', { name: 'Add keyword' });
  await expect(add).toBeDisabled();
  await page.getByLabel('Word or words').fill(`  ${word.toUpperCase()}! `);
  await expect(page.getByText('It would have matched 1 reply, 1 of them new')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Examples' }).getByText(word)).toBeVisible();
  await add.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add keyword' }).click();
  await expect(page.getByRole('button', { name: `Remove “${word}”` })).toBeVisible();
  await reply(after);
  await expect.poll(() => isBlocked(after)).toBe(true);
  expect(await isBlocked(before)).toBe(false);

  await page.getByRole('button', { name: `Remove “${word}”` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove keyword' }).click();
  await expect(page.getByRole('button', { name: `Remove “${word}”` })).toHaveCount(0);
  expect(await isBlocked(after)).toBe(true);
});

test('settings that cannot be are refused in words, and nothing is saved @soak', async ({
  openAs,
  database,
}) => {
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin/settings');
  await expect(page.getByRole('checkbox', { name: /^Approve an exact YES/ })).not.toBeChecked();
  await page.getByLabel('Days to answer').fill('0');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('1 to 90 days');
  await page.getByLabel('Days to answer').fill('7');
  await page.getByLabel('Weekdays from').fill('noon');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Write each hour like');
  await page.reload();
  await expect(page.getByLabel('Days to answer')).toHaveValue('7');
});

test('what a customer presses on a page of the staff’s is not done', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectAnswer(404, '/admin');
  const request = await createAnsweredRequest(database, account);
  const customer = await openAs(account);
  // The page was a member of staff's; the session that presses the button is the customer's.
  const page = await openAs(await createStaff(database));
  await holdEvents(page);
  await visit(page, getHref(request));
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.context().clearCookies();
  await page.context().addCookies(await customer.context().cookies());
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('There is no such page')).toBeVisible();
  expect(await readState(database, request)).toMatchObject({ state: 'AWAITING_APPROVAL', isBlocked: true });
});

test('a member of staff who is one no longer decides nothing', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectAnswer(404, '/admin');
  const request = await createAnsweredRequest(database, account);
  const person = await createStaff(database);
  const page = await openAs(person);
  await holdEvents(page);
  await visit(page, getHref(request));
  await page.getByRole('button', { name: 'Approve' }).click();
  await database.query(`update portal_user set role = 'CUSTOMER', staff_role = null where username = $1`, [
    person.username,
  ]);
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('There is no such page')).toBeVisible();
  expect(await readState(database, request)).toMatchObject({ state: 'AWAITING_APPROVAL', isBlocked: true });

  await database.query(
    `update portal_user set role = 'STAFF', staff_role = 'SUPPORT', status = 'SUSPENDED' where username = $1`,
    [person.username],
  );
  for (const path of pages) {
    const answer = await page.request.get(path, { maxRedirects: 0 });
    expect(answer.headers()['location'], path).toMatch(/^\/sign-in\?reason=ended/);
  }
});

test('support sees what waits, and nothing that would change it', async ({ openAs, database }) => {
  const page = await openAs(await createStaff(database, 'SUPPORT'));
  const shows = async (path: string, text: string) => {
    await visit(page, path);
    await expect(page.getByRole('main').getByText(text).first()).toBeVisible();
  };
  await visit(page, '/admin/removal-requests');
  await expect(page.getByRole('table').locator('tbody tr').first()).toBeVisible();
  await expect(page.getByRole('main').getByRole('checkbox')).toHaveCount(0);
  await expect(page.getByText('approve', { exact: true })).toHaveCount(0);
  await page.getByRole('table').locator('tbody tr').first().click();
  await expect(page).toHaveURL(/\/admin\/removal-requests\/\d/);
  await page.keyboard.press('a');
  await expect(page.getByRole('button', { name: /^(Approve|Reject)/ })).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await shows('/admin/keywords', 'Keywords of all accounts');
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await shows('/admin/settings', 'Administrators of the staff change these.');
  await expect(page.getByRole('button', { name: 'Save settings' })).toHaveCount(0);
  await shows('/admin/system', 'They are sent again after a minute, and marked.');
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await visit(page, '/admin/replies');
  await page.getByRole('table').locator('tbody tr').first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Note why not' })).toHaveCount(0);
});
