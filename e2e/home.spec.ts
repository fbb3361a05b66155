import { createMessages, nextMsisdn } from './accounts';
import { postReply } from './carrier';
import { expect, test, visit } from './fixtures';

const sale = 'Umhlanga Florist: roses at half price until Sunday. Reply STOP to opt out.';

test('what was sent and what came back, as charts and as tables, for the period in the URL @soak', async ({
  account,
  openAs,
  database,
  request,
  carrierSecret,
}) => {
  const recipients: string[] = [];
  for (let index = 0; index < 12; index++) recipients.push(await nextMsisdn(database));
  await createMessages(
    database,
    account,
    recipients.map((msisdn) => ({ msisdn, text: sale })),
  );
  const answers = { Stop: 'Opt-out', 'stop please': 'To review', 'Lovely!': 'Reply' };
  for (const [index, text] of Object.keys(answers).entries()) {
    const from = recipients[index] as string;
    const answer = await postReply(request, carrierSecret, {
      id: `home-${from}`,
      from,
      to: account.senderNumber,
      text,
    });
    expect(answer.ok()).toBe(true);
  }

  const page = await openAs(account);
  await visit(page, '/');
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'The last 30 days' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Messages 12/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Delivered 12 100 % of those/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Replies 3/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Opt-outs by reply 1 8\.3 per 100/ })).toBeVisible();

  await test.step('What needs attention leads to where it is done', async () => {
    const attention = page.getByRole('region', { name: 'What needs attention' });
    await expect(attention.getByRole('listitem')).toHaveText([/A reply to review/]);
    await expect(attention.getByRole('link', { name: 'Review' })).toHaveAttribute('href', '/messages/review');
  });

  await test.step('A chart is drawn, and has a table behind it', async () => {
    const card = page.getByRole('region', { name: 'Opt-outs per day', exact: true });
    const table = page.getByRole('table', { name: /^Opt-outs per day/ });
    await expect(card.locator('svg .recharts-bar-rectangle path').first()).toBeVisible();
    // For screen readers it is there all the time.
    await expect(table.getByRole('row').nth(1)).toHaveText(/1$/);
    await expect(table.getByRole('row')).toHaveCount(1 + 30 + 1);
    await card.getByRole('button', { name: 'Show as table' }).press('Enter');
    await expect(card.getByRole('region', { name: 'Opt-outs per day, table' })).toBeVisible();
    await expect(card.locator('svg')).toBeHidden();
    await card.getByRole('button', { name: 'Show as chart' }).press('Enter');
    await expect(card.locator('svg .recharts-bar-rectangle path').first()).toBeVisible();
  });

  await test.step('The text that made people opt out', async () => {
    const row = page
      .getByRole('table', { name: /by their text/ })
      .getByRole('row')
      .filter({ hasText: sale });
    await expect(row.getByRole('cell')).toHaveText([new RegExp(sale), '12', '1', '8.3']);
  });

  await test.step('The latest replies, the newest first', async () => {
    const replies = page.getByRole('listitem').filter({ has: page.locator('time') });
    await expect(replies).toHaveText(
      Object.entries(answers)
        .reverse()
        .map(([text, verdict]) => new RegExp(`${text}.*${verdict}`)),
    );
  });

  await test.step('Another period has an address of its own', async () => {
    await page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: '7 days' }).click();
    await expect(page.getByRole('heading', { name: 'The last 7 days' })).toBeVisible();
    await expect(page).toHaveURL('/?days=7');
    await expect(page.getByRole('table', { name: /^Messages per day/ }).getByRole('row')).toHaveCount(9);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'The last 7 days' })).toBeVisible();
  });
});

test('a fresh account is shown its first steps, and the figures once something happens @soak', async ({
  account,
  openAs,
  database,
}) => {
  const page = await openAs(account);
  await visit(page, '/?days=nonsense');
  await expect(page.getByRole('heading', { name: 'First steps' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Send your first message/ })).toHaveAttribute('href', '/send');
  await expect(page.getByRole('table')).toHaveCount(0);

  await createMessages(database, account, [{ msisdn: await nextMsisdn(database), text: 'Good morning' }]);
  // Figures that took long to count, as on a busy machine, are kept for a while.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('link', { name: /^Messages 1/ })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 45_000 });
  await expect(page.getByText('Nothing needs your attention.')).toBeVisible();
  await expect(page.getByText('Nobody opted out in these days.').first()).toBeVisible();
});
