import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createMessages, createStaff, nextMsisdn, nextSerial } from './accounts';
import { setAside } from './carrier';
import { expect, test, visit } from './fixtures';

test('a reply that could not be recorded is shown to the staff, tried in vain, and then recorded', async ({
  openAs,
  account,
  database,
}) => {
  const [stuck, mended] = [await nextMsisdn(database), await nextMsisdn(database)];
  await createMessages(database, account, [{ msisdn: mended, text: 'Our spring sale begins on Monday' }]);
  const to = account.senderNumber;
  await setAside(database, { id: `set-aside-${stuck}`, from: stuck, to, text: 'STOP it' }, false);
  await setAside(database, { id: `set-aside-${mended}`, from: mended, to, text: 'STOP' }, true);

  const page = await openAs(await createStaff(database));
  await visit(page, '/admin');
  await page
    .getByText(/could not be recorded/)
    .getByRole('link', { name: 'See them' })
    .click();
  await expect(page).toHaveURL('/admin/replies');
  const items = page.getByRole('list', { name: 'Replies that could not be recorded' }).getByRole('listitem');
  const [stuckItem, mendedItem] = [stuck, mended].map((msisdn) =>
    items.filter({ hasText: formatMsisdn(msisdn) }),
  ) as [typeof items, typeof items];
  await expect(stuckItem).toContainText('STOP it');
  await expect(stuckItem).toContainText('Opt-out, not in force');
  await stuckItem.getByRole('button', { name: 'Record it' }).click();
  await expect(stuckItem.getByText('It still cannot be recorded (UnreadableError).')).toBeVisible();
  await expect(stuckItem).toContainText('Tried 5 times');

  await mendedItem.getByRole('button', { name: 'Record it' }).click();
  await expect(mendedItem).toBeHidden();
  const customer = await openAs(account);
  await visit(customer, `/messages/opt-outs/${mended}`);
  await expect(
    customer
      .getByText('“STOP”')
      .or(customer.getByText('STOP', { exact: true }))
      .first(),
  ).toBeVisible();

  await stuckItem.getByRole('button', { name: 'Leave it' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Leave it' }).click();
  await expect(dialog.getByText('Write the reason.')).toBeVisible();
  await dialog.getByLabel('Reason').fill('Opted out by hand');
  await dialog.getByRole('button', { name: 'Leave it' }).click();
  await expect(stuckItem).toBeHidden();
});

test('it is for the staff alone, and support changes nothing', async ({ openAs, database, complaints }) => {
  complaints.expectAnswer(404, '/admin');
  const other = await createAccount(database);
  const [msisdn, secret] = [await nextMsisdn(database), `proteas${await nextSerial(database)}`];
  await setAside(
    database,
    { id: secret, from: msisdn, to: other.senderNumber, text: `Stop ${secret}` },
    false,
  );

  const support = await openAs(await createStaff(database, 'SUPPORT'));
  await visit(support, '/admin/replies');
  const item = support.getByRole('listitem').filter({ hasText: secret });
  await expect(item).toBeVisible();
  await expect(item.getByRole('button')).toHaveCount(0);

  for (const page of [await openAs(other), await openAs(null)]) {
    for (const path of ['/admin/replies', '/admin']) {
      const answer = await page.request.get(path, { maxRedirects: 0 });
      expect([307, 404]).toContain(answer.status());
      expect(await answer.text()).not.toContain(secret);
    }
  }
});
