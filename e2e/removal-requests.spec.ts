import { enqueueJob } from '@/lib/jobs/enqueue';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createStaff, nextMsisdn, toNationalForm } from './accounts';
import { expect, test, visit } from './fixtures';
import { openLawfulHours, optOut, readLink, replyAs, requestRemoval, waitForConsent } from './requests';

test.beforeEach(({ database }) => openLawfulHours(database));

test('the way back: ask once, hear YES, approve, tell', async ({ openAs, account, database }) => {
  test.slow();
  const msisdn = await nextMsisdn(database);
  const number = formatMsisdn(msisdn);
  const page = await openAs(account);
  const phones = await openAs(null);
  const staff = await openAs(await createStaff(database));
  const phone = phones.getByRole('region', { name: `Phone ${number}` });
  const result = page.getByRole('region', { name: 'Result' });
  const main = page.getByRole('main');

  async function send(text: string): Promise<void> {
    await visit(page, '/send');
    await page.getByLabel('Recipients').fill(toNationalForm(msisdn));
    await page.getByLabel('Message').fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
  }

  await test.step('Opt out on a phone', async () => {
    await visit(phones, `/simulator?phones=${msisdn}`);
    await send('The tulips are in. Reply STOP to opt out.');
    await expect(phone.getByText('The tulips are in.')).toBeVisible();
    await phone.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(phone.getByText('You have been opted out')).toBeVisible();
    await send('Are you sure?');
    await expect(result).toContainText('Nothing was sent');
  });

  await test.step('Request removal: the SMS is shown before anybody agrees to it', async () => {
    await page.getByRole('link', { name: 'Removal requests' }).click();
    await expect(page.getByText('No removal requests yet')).toBeVisible();
    await main.getByRole('link', { name: 'Request removal' }).first().click();
    await expect(main).toContainText(account.number);
    await expect(main).toContainText(`${account.name} would like to send you SMSs again. Reply YES`);

    await page.getByRole('button', { name: 'Request removal' }).click();
    await expect(page.getByLabel('Opted-out number')).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Opted-out number').fill(toNationalForm(msisdn));
    await expect(page.getByRole('checkbox')).toHaveAccessibleName(new RegExp(`one SMS to \\${number}`));
    await page.getByRole('button', { name: 'Request removal' }).click();
    await expect(main.getByRole('alert')).toContainText('Tick the box');
    await expect(page.getByLabel('Opted-out number')).toHaveValue(toNationalForm(msisdn));

    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Request removal' }).dblclick();
    await expect(page).toHaveURL(/\/removal-requests\/\d+$/);
    await expect(main).toContainText('Waiting for the recipient');
  });

  await test.step('YES on the phone shows on the open page', async () => {
    const text = await waitForConsent(database, account, msisdn);
    await expect(phone.getByText(text)).toBeVisible();
    await phone.getByRole('button', { name: 'Yes', exact: true }).click();
    await expect(main).toContainText('Waiting for approval');
    await expect(main.getByText('Yes', { exact: true })).toBeVisible();
    await expect(main.getByText('Decided', { exact: true })).toBeVisible();
  });

  await test.step('Staff approve', async () => {
    const [, id] = /\/removal-requests\/(\d+)$/.exec(page.url()) ?? [];
    await visit(staff, `/admin/removal-requests/${account.id}/${id}`);
    await staff.getByRole('button', { name: 'Approve' }).click();
    await staff.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await expect(staff.getByText(`Approved: ${number}`)).toBeVisible();
  });

  await test.step('It is gone; the customer is told, in the portal and by e-mail', async () => {
    await expect(main).toContainText('The block is lifted');
    await page.getByRole('link', { name: 'Notices, 1 unread' }).click();
    const notices = page.getByRole('list', { name: 'Notices' });
    await expect(notices).toContainText(`${number} is no longer blocked`);
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await expect(page.getByRole('link', { name: 'Notices', exact: true })).toBeVisible();
    await notices.getByRole('link', { name: `${number} is no longer blocked` }).click();
    await expect(page).toHaveURL(/\/removal-requests\/\d+$/);

    await visit(page, `/messages/opt-outs?q=${msisdn}`);
    await expect(page.getByRole('table')).toHaveCount(0);
    await visit(staff, '/admin/outbox');
    await expect(staff.getByRole('main')).toContainText(`${number} is no longer blocked`);
  });

  await test.step('Sending again arrives; a new “Stop” blocks again at once', async () => {
    await send('Welcome back');
    await expect(result).toContainText('1 message is on the way');
    await expect(phone.getByText('Welcome back')).toBeVisible();
    await phone.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(phone.getByText('You have been opted out')).toHaveCount(2);
    await visit(page, `/removal-requests/new?number=${msisdn}`);
    await expect(page.getByRole('checkbox')).toBeVisible();
  });
});

test.describe('every other ending', () => {
  test('NO: refused, told, not asked again @soak', async ({
    openAs,
    account,
    request,
    carrierSecret,
    database,
  }) => {
    const carrier = { request, carrierSecret, database };
    const msisdn = await optOut(account, carrier);
    const page = await openAs(account);
    await requestRemoval(page, msisdn);
    await waitForConsent(database, account, msisdn);
    await replyAs(msisdn, account, 'No', carrier);
    await expect(page.getByRole('main')).toContainText('Refused by the recipient');
    await expect(page.getByRole('link', { name: 'Notices, 1 unread' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Cancel request' })).toHaveCount(0);

    await visit(page, `/removal-requests/new?number=${msisdn}`);
    await expect(page.getByText('The recipient has been asked', { exact: true })).toBeVisible();
    await expect(page.getByRole('checkbox')).toHaveCount(0);
    await page.getByRole('link', { name: 'See that request' }).click();
    await expect(page.getByText('Asked and answered')).toBeVisible();
  });

  test('silence: ended by itself; a YES afterwards is shown and changes nothing @soak', async ({
    openAs,
    account,
    request,
    carrierSecret,
    database,
  }) => {
    const carrier = { request, carrierSecret, database };
    const msisdn = await optOut(account, carrier);
    const page = await openAs(account);
    await requestRemoval(page, msisdn);
    await waitForConsent(database, account, msisdn);
    await expect(page.getByRole('main')).toContainText('Delivered');
    // as if a week had gone by: its moment is now, and so is its job's
    const { rows } = await database.query<{ id: string }>(
      `update removal_request set expires_at = now() - interval '1 second' where account_id = $1 returning id`,
      [account.id],
    );
    const requestId = rows[0]?.id as string;
    await enqueueJob(database, 'expire-removal-request', { accountId: account.id, userId: null, requestId });
    await expect(page.getByRole('main')).toContainText('No answer in time');
    await expect(page.getByRole('link', { name: 'Notices, 1 unread' })).toBeVisible();

    await replyAs(msisdn, account, 'Yes', carrier);
    await expect(page.getByRole('main')).toContainText('After the request was over');
    await visit(page, `/messages/opt-outs?q=${msisdn}`);
    await expect(page.getByRole('table', { name: 'Auto Opt-Outs' })).toContainText(formatMsisdn(msisdn));
  });

  test('rejection: with the reason @soak', async ({ openAs, account, request, carrierSecret, database }) => {
    const carrier = { request, carrierSecret, database };
    const msisdn = await optOut(account, carrier);
    const page = await openAs(account);
    await requestRemoval(page, msisdn);
    await waitForConsent(database, account, msisdn);
    await replyAs(msisdn, account, 'YES!', carrier);
    await expect(page.getByRole('main')).toContainText('Waiting for approval');

    const [, id] = /\/removal-requests\/(\d+)$/.exec(page.url()) ?? [];
    const staff = await openAs(await createStaff(database));
    await visit(staff, `/admin/removal-requests/${account.id}/${id}`);
    await staff.getByRole('button', { name: 'Reject' }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The number belongs to somebody else by now.');
    await dialog.getByRole('button', { name: 'Reject' }).click();

    await expect(page.getByRole('main')).toContainText('The number belongs to somebody else by now.');
    await expect(page.getByRole('link', { name: 'Notices, 1 unread' })).toBeVisible();
    await visit(page, `/messages/opt-outs?q=${msisdn}`);
    await expect(page.getByRole('table', { name: 'Auto Opt-Outs' })).toContainText(formatMsisdn(msisdn));
  });

  test('cancelled by the customer @soak', async ({ openAs, account, request, carrierSecret, database }) => {
    const carrier = { request, carrierSecret, database };
    const msisdn = await optOut(account, carrier);
    const page = await openAs(account);
    await requestRemoval(page, msisdn);
    await waitForConsent(database, account, msisdn);
    await page.getByRole('button', { name: 'Cancel request' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this request?' });
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Cancel request' }).click();
    await dialog.getByRole('button', { name: 'Cancel request' }).click();
    await expect(page.getByRole('main')).toContainText('The request was cancelled.');
    await expect(page.getByRole('link', { name: 'Notices', exact: true })).toBeVisible();

    await replyAs(msisdn, account, 'Yes', carrier);
    await expect(page.getByRole('main')).toContainText('After the request was over');
    await visit(page, '/removal-requests?state=CANCELLED');
    await expect(page.getByRole('table')).toContainText(formatMsisdn(msisdn));
  });
});

test('an e-mail that failed says why; staff send it again @soak', async ({ openAs, account, database }) => {
  const { rows } = await database.query<{ id: string }>(
    `insert into email (account_id, event_key, recipient, subject, text, html, state, next_attempt_at, attempts, reason, finished_at)
     select id, 'failed', owner_email, 'The tulips are in', 'Text', '<p>Text</p>', 'FAILED', null, 14, '421 Too busy', now()
     from account where id = $1 returning id`,
    [account.id],
  );
  const staff = await openAs(await createStaff(database));
  const path = `/admin/outbox/${account.id}/${rows[0]?.id}`;
  await visit(staff, path);
  await expect(staff.getByRole('main')).toContainText('421 Too busy');
  await staff.getByRole('button', { name: 'Send again' }).click();
  await expect(staff.getByText('It is tried again now.')).toBeVisible();
  await expect(staff.getByRole('button', { name: 'Send again' })).toHaveCount(0);
  await expect(async () => {
    await visit(staff, path);
    await expect(staff.getByRole('main')).toContainText('Kept', { timeout: 1000 });
  }).toPass();
  await visit(staff, '/admin/audit');
  await expect(staff.getByRole('main')).toContainText('Sent an e-mail again');
});

test.describe('what cannot be requested', () => {
  test('a number that did not opt out, and one that was added by hand @soak', async ({
    openAs,
    account,
    database,
  }) => {
    const [free, own] = [await nextMsisdn(database), await nextMsisdn(database)];
    await database.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
      account.id,
      own,
    ]);
    const page = await openAs(account);
    await visit(page, '/removal-requests/new');
    await page.getByLabel('Opted-out number').fill(free);
    await expect(page.getByText('This number is not blocked')).toBeVisible();
    await page.getByLabel('Opted-out number').fill(own);
    await expect(page.getByText('You can remove this number yourself')).toBeVisible();
    await page.getByRole('link', { name: 'Find it in Auto Opt-Outs' }).click();
    await expect(page.getByRole('table', { name: 'Auto Opt-Outs' })).toContainText(formatMsisdn(own));
  });

  test('a number of another account is told apart from none in no way', async ({
    openAs,
    account,
    request,
    carrierSecret,
    database,
    complaints,
  }) => {
    const msisdn = await optOut(account, { request, carrierSecret, database });
    const owner = await openAs(account);
    await requestRemoval(owner, msisdn);
    const path = new URL(owner.url()).pathname;
    await visit(owner, path);
    await expect(owner.getByRole('main')).toContainText(formatMsisdn(msisdn));

    const other = await openAs(await createAccount(database));
    await visit(other, `/removal-requests/new?number=${msisdn}`);
    await expect(other.getByText('This number is not blocked')).toBeVisible();
    complaints.expectAnswer(404, path);
    const answer = await visit(other, path);
    expect(answer?.status()).toBe(404);
    await expect(other.getByText(formatMsisdn(msisdn))).toHaveCount(0);
  });

  test('twice: two windows at the same moment make one request @soak', async ({
    openAs,
    account,
    request,
    carrierSecret,
    database,
  }) => {
    const msisdn = await optOut(account, { request, carrierSecret, database });
    const pages = [await openAs(account), await openAs(account)];
    for (const page of pages) {
      await visit(page, `/removal-requests/new?number=${msisdn}`);
      await page.getByRole('checkbox').check();
    }
    await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Request removal' }).click()));
    for (const page of pages) {
      const isMade = page.getByText('Asked and answered');
      const isOpen = page.getByText('A request is under way');
      await expect(isMade.or(isOpen)).toBeVisible();
    }
    const { rows } = await database.query<{ count: string }>(
      'select count(*) from removal_request where account_id = $1',
      [account.id],
    );
    expect(rows[0]?.count).toBe('1');
  });
});

test.describe('the public form', () => {
  test('the owner confirms by a link, once; a scanner that opens it changes nothing', async ({
    openAs,
    account,
    request,
    carrierSecret,
    database,
  }) => {
    const carrier = { request, carrierSecret, database };
    const msisdn = await optOut(account, carrier);
    const page = await openAs(null);
    await visit(page, '/contact');
    await page.getByRole('button', { name: 'Request removal' }).click();
    await expect(page.getByRole('main').getByRole('alert').first()).toBeVisible();
    await page.getByLabel('Account number').fill(account.number.toLowerCase());
    await page.getByLabel('Opted-out number').fill(toNationalForm(msisdn));
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Request removal' }).click();
    await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();

    const link = await readLink(account);
    const scanned = await request.get(link);
    expect(scanned.status()).toBe(200);
    await visit(page, link);
    await expect(page.getByRole('main')).toContainText(account.name);
    await expect(page.getByRole('main')).toContainText(formatMsisdn(msisdn));
    await page.getByRole('button', { name: 'Give permission and ask the recipient' }).click();
    await expect(page.getByRole('heading', { name: 'Confirmed' })).toBeVisible();
    await waitForConsent(database, account, msisdn);

    await visit(page, link);
    await expect(page.getByRole('heading', { name: 'This link cannot be used' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('has been used');
    await visit(page, link.slice(0, -1));
    await expect(page.getByRole('main')).toContainText('This link is not valid');

    const owner = await openAs(account);
    await visit(owner, '/removal-requests');
    await expect(owner.getByRole('table')).toContainText('Waiting for the recipient');
  });

  test('the answer is the same whether there is such an account or not', async ({
    page,
    account,
    database,
  }) => {
    const msisdn = await nextMsisdn(database);
    const answers: string[] = [];
    for (const number of [account.number, '999999999']) {
      await visit(page, '/contact');
      await page.getByLabel('Account number').fill(number);
      await page.getByLabel('Opted-out number').fill(msisdn);
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Request removal' }).click();
      await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
      answers.push((await page.getByRole('main').textContent()) ?? '');
    }
    expect(answers[0]).toBe(answers[1]);
    const { rowCount } = await database.query('select from email where account_id = $1', [account.id]);
    expect(rowCount).toBe(0);
  });

  test('the honeypot: nobody sees or reaches it, and what falls for it changes nothing @soak', async ({
    page,
    account,
    request,
    carrierSecret,
    database,
  }) => {
    const msisdn = await optOut(account, { request, carrierSecret, database });
    await visit(page, '/contact');
    await expect(page.getByRole('textbox')).toHaveCount(2);
    await page.getByLabel('Account number').fill(account.number);
    await page.getByLabel('Opted-out number').fill(msisdn);
    await page.locator('input[name=website]').fill('https://pills.example');
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Request removal' }).click();
    await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    const { rowCount } = await database.query('select from removal_request where account_id = $1', [
      account.id,
    ]);
    expect(rowCount).toBe(0);
  });

  test('signed in, the account is known @soak', async ({ openAs, account }) => {
    const page = await openAs(account);
    await visit(page, '/contact');
    await expect(page).toHaveURL('/removal-requests/new');
    await expect(page.getByRole('main')).toContainText(account.number);
  });
});
