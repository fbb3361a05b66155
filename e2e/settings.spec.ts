import { createMessages, nextMsisdn, type TestAccount } from './accounts';
import { postReply } from './carrier';
import { expect, test, visit } from './fixtures';
import type { APIRequestContext, Page } from '@playwright/test';
import type { Pool } from 'pg';

const findSection = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** A reply of a recipient the account has written to; answers with the recipient. */
async function reply(
  { database, request, secret }: { database: Pool; request: APIRequestContext; secret: string },
  account: TestAccount,
  text: string,
): Promise<string> {
  const from = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn: from, text: 'Good morning' }]);
  const answer = await postReply(request, secret, {
    id: `settings-${from}`,
    from,
    to: account.senderNumber,
    text,
  });
  expect(answer.ok()).toBe(true);
  return from;
}

test('the confirmation text: kept until it is saved, refused without the name, sent once saved @soak', async ({
  account,
  openAs,
  database,
  request,
  carrierSecret,
}) => {
  const page = await openAs(account);
  await visit(page, '/settings');
  const section = findSection(page, 'Confirmation text');
  const text = section.getByLabel('Text', { exact: true });
  const standard = await text.inputValue();
  expect(standard).toContain(account.name);
  await expect(section.getByRole('button', { name: 'Save' })).toBeDisabled();

  await text.fill('Totsiens! Sien www.florist.example');
  await expect(section.getByRole('alert')).toContainText(`Name your account, “${account.name}”`);
  await expect(section.getByText('There is a link in it.')).toBeVisible();
  await section.getByRole('button', { name: 'Save' }).click();
  await expect(section.getByText('Not saved yet')).toBeVisible();

  const own = `Totsiens. ${account.name.toUpperCase()} skryf nie weer nie.`;
  await text.fill(own);
  await expect(section.getByRole('alert')).toBeHidden();
  await expect(section.getByRole('figure')).toContainText(own);

  await test.step('What is not saved outlives a reload and another page', async () => {
    await page.reload();
    await expect(text).toHaveValue(own);
    await page.getByRole('link', { name: 'Send', exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Send' })).toBeVisible();
    await page.goBack();
    await expect(text).toHaveValue(own);
    await expect(section.getByText('Not saved yet')).toBeVisible();
  });

  await section.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Confirmation text saved')).toBeVisible();
  await expect(section.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(text).toHaveValue(own);

  const recipient = await reply({ database, request, secret: carrierSecret }, account, 'Stop');
  const { rows } = await database.query(
    `select text from message where account_id = $1 and msisdn = $2 and kind = 'CONFIRMATION'`,
    [account.id, recipient],
  );
  expect(rows).toEqual([{ text: own }]);

  await section.getByRole('button', { name: 'Use the standard text' }).click();
  await expect(text).toHaveValue(standard);
  await section.getByRole('button', { name: 'Save' }).click();
  await expect(section.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(text).toHaveValue(standard);
});

test('a keyword: tried before it is added, refused with the reason, and it blocks', async ({
  account,
  openAs,
  database,
  request,
  carrierSecret,
}) => {
  const doors = { database, request, secret: carrierSecret };
  const page = await openAs(account);
  await visit(page, '/settings');
  const section = findSection(page, 'Your own keywords');
  const word = section.getByLabel('Word or words');
  const add = section.getByRole('button', { name: 'Add', exact: true });
  const trial = section.getByLabel('Try a reply');
  const outcome = section.getByRole('status');

  await trial.fill('Koffie, dankie');
  await expect(outcome).toContainText('No rule matches');
  await word.fill(' KOFFIE ');
  await section.getByText('starts with', { exact: true }).first().click();
  await expect(outcome).toContainText('Starts with your keyword “koffie”');
  await expect(outcome).toContainText('blocked at once');

  await word.fill('Stop sending');
  await add.click();
  await expect(section.getByRole('alert')).toContainText('what starts with “stop send” does');
  await word.fill('ja');
  await word.press('Enter');
  await expect(section.getByRole('alert')).toContainText('too short');

  await word.fill('koffie');
  await add.click();
  await expect(page.getByText('Keyword added')).toBeVisible();
  await expect(section.getByRole('listitem')).toHaveText(['starts with koffie']);
  await expect(word).toHaveValue('');
  await expect(outcome).toContainText('Starts with your keyword “koffie”');

  const recipient = await reply(doors, account, 'Koffie!');
  const { rows } = await database.query(`select msisdn, rule from opt_out where account_id = $1`, [
    account.id,
  ]);
  expect(rows).toEqual([{ msisdn: recipient, rule: 'own:prefix:koffie' }]);

  await section.getByRole('button', { name: 'Remove “koffie”' }).click();
  await expect(section.getByText('No keywords of your own yet.')).toBeVisible();
});

test('a keyword that many replies would have matched asks first @soak', async ({
  account,
  openAs,
  database,
  request,
  carrierSecret,
}) => {
  const doors = { database, request, secret: carrierSecret };
  for (let index = 0; index < 6; index++) await reply(doors, account, `Dankie ${index}`);
  const page = await openAs(account);
  await visit(page, '/settings');
  const section = findSection(page, 'Your own keywords');
  await section.getByText('starts with', { exact: true }).first().click();
  await section.getByLabel('Word or words').fill('dankie');
  await section.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(section.getByText('It would have opted out 6 of your last 6 replies')).toBeVisible();
  await expect(section.getByText('Dankie 5')).toBeVisible();
  await expect(section.getByText('No keywords of your own yet.')).toBeVisible();
  await section.getByRole('button', { name: 'Add it all the same' }).click();
  await expect(section.getByRole('button', { name: 'Remove “dankie”' })).toBeVisible();
});

test('what to do with replies for review, and the time zone by keyboard @soak', async ({
  account,
  openAs,
  database,
}) => {
  const page = await openAs(account);
  await visit(page, '/settings');

  const review = findSection(page, 'Replies that are probably opt-outs');
  await expect(review.getByRole('radio', { name: 'Ask a person' })).toBeChecked();
  await review.getByRole('radio', { name: 'Block at once' }).check();
  await review.getByRole('button', { name: 'Save' }).click();
  await expect(review.getByText('Saved', { exact: true })).toBeVisible();

  const zone = findSection(page, 'Time zone');
  const box = zone.getByRole('combobox', { name: 'Time zone' });
  await expect(box).toHaveValue('Africa / Johannesburg');
  await box.click();
  await box.fill('windh');
  await expect(zone.getByRole('option')).toHaveText([/Africa \/ Windhoek\d\d:\d\d, GMT\+2/]);
  await box.press('Enter');
  await expect(box).toHaveValue('Africa / Windhoek');
  await box.press('ArrowDown');
  await expect(zone.getByRole('option', { selected: true })).toBeVisible();
  await box.press('Escape');
  await expect(zone.getByRole('listbox')).toBeHidden();
  await zone.getByRole('button', { name: 'Save' }).click();
  await expect(zone.getByText('Saved', { exact: true })).toBeVisible();

  const { rows } = await database.query(`select review_policy, time_zone from account where id = $1`, [
    account.id,
  ]);
  expect(rows).toEqual([{ review_policy: 'BLOCK', time_zone: 'Africa/Windhoek' }]);
});
