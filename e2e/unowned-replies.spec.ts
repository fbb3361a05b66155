import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createMessages, createStaff, nextMsisdn } from './accounts';
import { postReply } from './carrier';
import { expect, test, visit } from './fixtures';
import { downloadList } from './lists';

test('a “Stop” that nobody owns is assigned to the account that wrote, and blocks there', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const [msisdn, stranger] = [await nextMsisdn(database), await nextMsisdn(database)];
  await createMessages(database, account, [{ msisdn, text: 'Our spring sale begins on Monday' }]);
  for (const [index, from] of [msisdn, stranger].entries()) {
    const reply = { id: `unowned-${from}-${index}`, from, to: '99998', text: 'STOP' };
    expect((await postReply(request, carrierSecret, reply)).status()).toBe(200);
  }

  const page = await openAs(await createStaff(database));
  await visit(page, '/admin');
  await page.getByRole('link', { name: /Opt-outs without an owner/ }).click();
  await expect(page).toHaveURL('/admin/replies?state=WAITING');
  await page.getByRole('searchbox').fill(msisdn);
  await expect(page.getByRole('row').filter({ hasText: formatMsisdn(stranger) })).toBeHidden();
  await page
    .getByRole('row')
    .filter({ hasText: formatMsisdn(msisdn) })
    .click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByText('Our spring sale begins on Monday')).toBeVisible();

  // nothing chosen, nothing written: it says what is missing
  await panel.getByRole('button', { name: 'Opt out for this account' }).click();
  await expect(panel.getByText('Choose an account')).toBeVisible();
  await expect(panel.getByText('Write the reason.')).toBeVisible();

  await panel.getByRole('radio', { name: account.name }).check();
  await panel.getByLabel('Reason').fill('They wrote to this number last week');
  await panel.getByRole('button', { name: 'Opt out for this account' }).click();
  await expect(page.getByText(`Opted out from ${account.name}.`)).toBeVisible();
  await expect(page.getByText('Nothing matches')).toBeVisible();

  const customer = await openAs(account);
  await visit(customer, `/messages/opt-outs/${msisdn}`);
  await expect(customer.getByText('They wrote to this number last week').first()).toBeVisible();

  // the other: an account's number typed by hand that does not exist, then noted
  await visit(page, `/admin/replies?q=${stranger}`);
  await page
    .getByRole('row')
    .filter({ hasText: formatMsisdn(stranger) })
    .click();
  await expect(panel.getByText('No account has written to this number')).toBeVisible();
  await panel.getByLabel('Account number').fill('W9');
  await panel.getByLabel('Reason').fill('Nobody wrote to them');
  await panel.getByRole('button', { name: 'Opt out for this account' }).click();
  await expect(panel.getByText('There is no account W9.')).toBeVisible();
  await expect(panel.getByLabel('Reason')).toHaveValue('Nobody wrote to them');
  await panel.getByRole('button', { name: 'Note why not' }).click();
  await expect(page.getByText('It needs no decision any more.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: formatMsisdn(stranger) })).toContainText(
    'Not assigned',
  );

  const file = await downloadList(page, 'Comma', 'Download replies');
  expect(file.rows).toMatchObject([
    { Number: stranger, Reply: 'STOP', State: 'Not assigned', Reason: 'Nobody wrote to them' },
  ]);
});

test('one that may be an opt-out waits as well: the account decides, or the staff opt out @soak', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const [given, taken] = [await nextMsisdn(database), await nextMsisdn(database)];
  await createMessages(
    database,
    account,
    [given, taken].map((msisdn) => ({ msisdn, text: 'Our spring sale begins on Monday' })),
  );
  for (const from of [given, taken]) {
    const reply = { id: `unsure-${from}`, from, to: '99998', text: 'Please unsubscribe me' };
    expect((await postReply(request, carrierSecret, reply)).status()).toBe(200);
  }
  const page = await openAs(await createStaff(database));
  await visit(page, '/admin');
  await expect(page.getByText(/may want to opt out$/)).toBeVisible();

  // what waits longest stands above the list, until one looks for something
  await page.getByRole('link', { name: /^Replies/ }).click();
  const queue = page.getByRole('heading', { name: 'Waiting for a decision' });
  await expect(queue).toBeVisible();
  const panel = page.getByRole('dialog');
  await page
    .getByRole('button', { name: /Needs a decision|May want to opt out/ })
    .first()
    .click();
  await expect(panel.getByText('Which account is meant?')).toBeVisible();
  await page.keyboard.press('Escape');
  await visit(page, '/admin/replies?state=UNSURE');
  await expect(queue).toBeHidden();

  const decide = async (msisdn: string, button: string) => {
    await visit(page, `/admin/replies?state=UNSURE&q=${msisdn}`);
    const row = page.getByRole('row').filter({ hasText: formatMsisdn(msisdn) });
    await expect(row).toContainText('May want to opt out');
    await row.click();
    await panel.getByRole('radio', { name: account.name }).check();
    await panel.getByLabel('Reason').fill('They wrote to this number last week');
    await panel.getByRole('button', { name: button }).click();
  };
  await decide(given, 'Let the account decide');
  await expect(page.getByText(`Given to ${account.name}, among its replies to review.`)).toBeVisible();
  await decide(taken, 'Opt out for this account');
  await expect(page.getByText(`Opted out from ${account.name}.`)).toBeVisible();

  const customer = await openAs(account);
  await visit(customer, '/messages/review');
  const card = customer.getByRole('article').filter({ hasText: formatMsisdn(given) });
  await expect(card.getByText('Please unsubscribe me')).toBeVisible();
  await expect(customer.getByText(formatMsisdn(taken))).toBeHidden();
  await visit(customer, `/messages/opt-outs/${taken}`);
  await expect(customer.getByText(/Our staff took this reply for an opt-out/).first()).toBeVisible();
  await visit(customer, `/messages/opt-outs/${given}`);
  await expect(customer.getByText(/Our staff took this reply for an opt-out/)).toBeHidden();
});

test('a colleague who was first is named, and what was typed stays @soak', async ({
  openAs,
  database,
  request,
  carrierSecret,
}) => {
  const [msisdn, other] = [await nextMsisdn(database), await createAccount(database)];
  await postReply(request, carrierSecret, { id: `late-${msisdn}`, from: msisdn, to: '99998', text: 'Stop' });
  const page = await openAs(await createStaff(database));
  await visit(page, `/admin/replies?q=${msisdn}`);
  await page
    .getByRole('row')
    .filter({ hasText: formatMsisdn(msisdn) })
    .click();
  const panel = page.getByRole('dialog');
  await panel.getByLabel('Account number').fill(other.number);
  await panel.getByLabel('Reason').fill('I asked them');
  const colleague = await createStaff(database);
  await database.query(
    `update unowned_reply set state = 'NOTED', decided_at = now(), decision_reason = 'Spam',
       decided_by = (select id from portal_user where username = $2) where msisdn = $1`,
    [msisdn, colleague.username],
  );
  await panel.getByRole('button', { name: 'Opt out for this account' }).click();
  await expect(panel.getByText('has already noted why it is assigned to nobody')).toBeVisible();
});
