import { expect, test, visit } from './fixtures';
import { createMessages, nextMsisdn } from './accounts';
import { postReply } from './carrier';
import { chooseNextSunday } from './views';

const dear = `Today only\u00a0R99 \u2026 at \u201cKaroo\u201d. ${'Come and see us. '.repeat(6)}`;

test('an invisible character is named, marked and replaced with one press, and its price is shown @soak', async ({
  account,
  openAs,
}) => {
  const page = await openAs(account);
  await visit(page, '/send');
  await page.getByLabel('Recipients').fill('082 123 4567, 083 123 4567');
  const text = page.getByLabel('Message', { exact: true });
  await text.fill(dear);
  const costly = page.getByRole('group', { name: 'Characters that make this text dearer' });
  await expect(costly).toContainText('no-break space, after “only”');
  await expect(costly).toContainText('curly quotation mark “, after “at”');
  await expect(costly.getByRole('group', { name: 'Where they are in the text' })).toContainText(
    'only[no-break space]R99 …',
  );
  await expect(costly).toContainText(/2.segments become 1: 2.credits less/);
  await costly.getByRole('button', { name: /Replace 4.characters/ }).click();
  await expect(text).toHaveValue(dear.replace('\u00a0', ' ').replace('…', '...').replace(/[“”]/g, '"'));
  await expect(costly).toBeHidden();

  const done = page.getByRole('status').filter({ hasText: /4.characters replaced/ });
  await expect(done).toBeFocused();
  await done.getByRole('button', { name: 'Undo' }).click();
  await expect(text).toHaveValue(dear);
  await expect(costly).toBeVisible();
});

test('the confirmation and the consent text say it, too @soak', async ({ account, openAs }) => {
  const page = await openAs(account);
  await visit(page, '/settings');
  const confirmation = page.getByRole('region', { name: 'Confirmation text', exact: true });
  await confirmation.getByLabel('Text', { exact: true }).fill(`${account.name}\u200b: no more messages.`);
  await expect(confirmation.getByRole('group', { name: /dearer/ })).toContainText('zero-width space');
  await confirmation.getByRole('button', { name: /Replace 1.character/ }).click();
  await expect(confirmation.getByLabel('Text', { exact: true })).toHaveValue(
    `${account.name}: no more messages.`,
  );

  const consent = page.getByRole('region', { name: 'Removal requests', exact: true });
  await consent.getByText('A text of your own').click();
  await consent.getByLabel('Your text').fill(`${account.name}: may we\u00adwrite? Reply YES`);
  await expect(consent.getByRole('group', { name: /dearer/ })).toContainText('soft hyphen, after “we”');
});

test('a text that asks for a keyword for something else is warned of, an ordinary opt-out line is not', async ({
  account,
  openAs,
}) => {
  const page = await openAs(account);
  await visit(page, '/send');
  const review = page.getByRole('region', { name: 'Review' });
  const text = page.getByLabel('Message', { exact: true });
  await text.fill('Your appointment is at 9. Reply 1 to confirm, CANCEL to cancel it.');
  await expect(review).toContainText('Replies with “CANCEL” will opt out');
  await expect(review).toContainText('“to cancel it”');
  await text.fill('Spring sale. Reply STOP to opt out');
  await expect(review.getByText('will opt out')).toBeHidden();
});

test('a text that reads like an offer is asked about once when it is sent as service @soak', async ({
  account,
  openAs,
  database,
}) => {
  await database.query(`update account set default_purpose = 'MARKETING' where id = $1`, [account.id]);
  const page = await openAs(account);
  await visit(page, '/send');
  const service = page.getByRole('radio', { name: 'Service' });
  await expect(page.getByRole('radio', { name: 'Marketing' })).toBeChecked();
  await page.getByLabel('Recipients').fill(await nextMsisdn(database));
  const text = page.getByLabel('Message', { exact: true });
  await text.fill('Spring sale: 40% off all tulips.');
  const missing = page.getByRole('group', { name: 'What marketing has to say' });
  await missing.getByRole('button', { name: `Begin with “${account.name}:”` }).click();
  await expect(missing).not.toContainText('who is speaking');
  await expect(missing).toContainText(/still takes 1.segment/);
  await missing.getByRole('button', { name: 'Add “Opt out: reply STOP”' }).click();
  await expect(missing).toBeHidden();
  await expect(text).toHaveValue(`${account.name}: Spring sale: 40% off all tulips. Opt out: reply STOP`);
  await service.check();
  await expect(page.getByText('“40% off” reads like marketing.')).toBeVisible();
  const question = page.getByRole('dialog', { name: 'Is this marketing?' });
  // By the keyboard alone: asked, left, and not asked again of the same text.
  await text.press('Control+Enter');
  await expect(question.getByRole('button', { name: 'Send as marketing' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await text.press('Control+Enter');
  await expect(page.getByText('1 message is on the way')).toBeVisible();

  // Another text is another question, and its answer sends.
  await page.getByRole('button', { name: 'Write another message' }).click();
  await page.getByLabel('Recipients').fill(await nextMsisdn(database));
  await text.fill('Last chance: 30% off all tulips.');
  await service.check();
  await chooseNextSunday(page);
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await question.getByRole('button', { name: 'Send as marketing' }).click();

  // Marketing does not leave on a Sunday: one is asked, may leave it, and sees until when it waits. That is
  // the first minute of Monday's hours, which other tests widen.
  const hours = page.getByRole('dialog', { name: 'That is outside lawful hours' });
  const times = page.getByRole('list', { name: 'How many leave when' });
  await expect(times).toContainText(/1.message on .* 0[08]:00/);
  await hours.getByRole('button', { name: 'Do not send' }).click();
  await expect(text).toHaveValue('Last chance: 30% off all tulips.');
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await hours.getByRole('button', { name: 'Let it wait' }).click();
  await expect(page.getByText('1 message is accepted')).toBeVisible();
  await expect(times).toContainText(/1.message on .* 0[08]:00/);
  await page.getByRole('link', { name: 'See what is scheduled' }).click();
  const scheduled = page.getByRole('list', { name: 'Scheduled messages' });
  await expect(scheduled).toContainText('Waits for lawful hours');
  await expect(scheduled).toContainText(/0[08]:00/);

  await visit(page, '/messages');
  const rows = page.getByRole('table', { name: 'Outgoing messages' }).locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(/Queued.*until .* 0[08]:00/);
  await visit(page, '/messages?purpose=SERVICE');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Spring sale');
  await expect(rows).toContainText('Service');
});

test('a long reply is cut, says so, and is there as a file for its own account alone', async ({
  account,
  openAs,
  database,
  request,
  carrierSecret,
  furnished,
}) => {
  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: 'Good morning' }]);
  const whole = `Stop sending me these ${'x'.repeat(50_000)} end`;
  const answer = await postReply(request, carrierSecret, {
    id: `long-${msisdn}`,
    from: msisdn,
    to: account.senderNumber,
    text: whole,
  });
  expect(answer.ok()).toBe(true);
  const page = await openAs(account);
  await visit(page, `/messages/opt-outs/${msisdn}`);
  const link = page.getByRole('link', { name: 'Download the whole text' }).first();
  await expect(link).toBeVisible();
  await expect(page.getByText(/the first 1.000 of 50.026 characters/).first()).toBeVisible();
  expect((await page.content()).length).toBeLessThan(200_000);
  const href = (await link.getAttribute('href')) as string;
  expect(await (await page.request.get(href)).text()).toBe(whole);

  const other = await openAs(furnished);
  expect((await other.request.get(href)).status()).toBe(404);
  expect((await request.get(href)).status()).toBe(401);

  const pdf = await page.request.get(`/api/evidence/${msisdn}?format=pdf`);
  expect(pdf.status()).toBe(200);
  expect((await pdf.body()).length).toBeLessThan(500_000);
});
