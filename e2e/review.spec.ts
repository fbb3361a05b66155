import type { APIRequestContext, Page } from '@playwright/test';
import type { Pool } from 'pg';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createMessages, nextMsisdn, nextSerial, type TestAccount } from './accounts';
import { postReply } from './carrier';
import { expect, holdEvents, pressFirst, test, visit } from './fixtures';
import { baseURL } from './instance';

/** Recipients of the account, each with a reply that may be an opt-out; answers with their numbers. */
async function receiveReplies(
  database: Pool,
  request: APIRequestContext,
  carrierSecret: string,
  account: TestAccount,
  texts: readonly string[],
): Promise<string[]> {
  const numbers: string[] = [];
  for (const text of texts) {
    const msisdn = await nextMsisdn(database);
    await createMessages(database, account, [{ msisdn, text: 'Proteas are in. Reply STOP to opt out.' }]);
    await postReply(request, carrierSecret, {
      id: `review-${await nextSerial(database)}`,
      from: msisdn,
      to: account.senderNumber,
      text,
    });
    numbers.push(msisdn);
  }
  return numbers;
}

const findCard = (page: Page, msisdn: string) =>
  page.getByRole('article').filter({ hasText: formatMsisdn(msisdn) });

/** Of what was decided last. */
const findUndo = (page: Page) => page.getByRole('button', { name: /^Undo(?!:)/ });

const escape = (text: string) => text.replaceAll('+', '\\+');

async function isOptedOut(database: Pool, account: TestAccount, msisdn: string): Promise<boolean> {
  const { rowCount } = await database.query('select from opt_out where account_id = $1 and msisdn = $2', [
    account.id,
    msisdn,
  ]);
  return rowCount === 1;
}

test('replies are decided by press, and a decision is undone', async ({
  openAs,
  database,
  request,
  carrierSecret,
  account,
}) => {
  const [first = '', second = ''] = await receiveReplies(database, request, carrierSecret, account, [
    'Stop please',
    'take me off your list',
  ]);
  const page = await openAs(account);
  await visit(page, '/messages/review');
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(findCard(page, first)).toContainText('Stop please');
  await expect(findCard(page, first)).toContainText('Keyword among other words');
  await expect(findCard(page, first)).toContainText('Proteas are in. Reply STOP to opt out.');

  await findCard(page, first).getByRole('button', { name: 'Opt out', exact: true }).click();
  await expect(findCard(page, first)).toHaveCount(0);
  await expect(page.getByText(`${formatMsisdn(first)} is opted out.`)).toBeVisible();
  await expect(page.getByText(/The confirmation SMS leaves in \d+ s\./)).toBeVisible();
  expect(await isOptedOut(database, account, first)).toBe(true);

  await findUndo(page).click();
  await expect(findCard(page, first)).toBeVisible();
  expect(await isOptedOut(database, account, first)).toBe(false);

  await findCard(page, second).getByRole('button', { name: 'Not an opt-out' }).click();
  await expect(page.getByText(`${formatMsisdn(second)}: not an opt-out.`)).toBeVisible();
  await expect(findUndo(page)).toBeEnabled();
  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(findCard(page, first)).toBeVisible();
  expect(await isOptedOut(database, account, second)).toBe(false);
});

test('the keyboard alone gets through the queue @soak', async ({
  openAs,
  database,
  request,
  carrierSecret,
  account,
}) => {
  const [first = '', second = '', third = ''] = await receiveReplies(
    database,
    request,
    carrierSecret,
    account,
    ['Stop please', 'please stop this', 'Stop. Thank you'],
  );
  const page = await openAs(account);
  await visit(page, '/messages/review');
  await expect(page.getByRole('article')).toHaveCount(3);
  await pressFirst(page, 'j', findCard(page, first));
  await page.keyboard.press('j');
  await expect(findCard(page, second)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(findCard(page, first)).toBeFocused();
  await page.keyboard.press('o');
  await expect(findCard(page, second)).toBeFocused();
  await expect(page.getByText(`${formatMsisdn(first)} is opted out.`)).toBeVisible();
  await page.keyboard.press('n');
  await expect(findCard(page, third)).toBeFocused();
  await expect(page.getByText(`${formatMsisdn(second)}: not an opt-out.`)).toBeVisible();
  await expect(findUndo(page)).not.toHaveAttribute('aria-disabled');
  await page.keyboard.press('u');
  await expect(findCard(page, second)).toBeFocused();
  await page.keyboard.press('n');
  await page.keyboard.press('o');
  await expect(page.getByText('Nothing to review')).toBeVisible();
  await expect.poll(() => isOptedOut(database, account, third)).toBe(true);
  expect(await isOptedOut(database, account, first)).toBe(true);
  expect(await isOptedOut(database, account, second)).toBe(false);
});

test('a decision can be undone after a reload, too @soak', async ({
  openAs,
  database,
  request,
  carrierSecret,
  account,
}) => {
  const [first = '', second = '', third = ''] = await receiveReplies(
    database,
    request,
    carrierSecret,
    account,
    ['Stop please', 'take me off your list', 'Unsubscribe me'],
  );
  const page = await openAs(account);
  await visit(page, '/messages/review');
  const decided = page.getByRole('list', { name: 'Decided just now' });
  for (const [msisdn, name] of [
    [first, 'Opt out'],
    [second, 'Not an opt-out'],
    [third, 'Opt out'],
  ] as const) {
    await findCard(page, msisdn).getByRole('button', { name, exact: true }).click();
    await expect(findCard(page, msisdn)).toHaveCount(0);
  }
  await expect(decided.getByRole('listitem')).toHaveCount(2);
  await expect.poll(() => isOptedOut(database, account, third)).toBe(true);
  // The first confirmation waits for as long as this test may take; the third has left.
  await database.query(
    `update message set next_attempt_at = now() + interval '10 minutes'
     where account_id = $1 and msisdn = $2 and kind = 'CONFIRMATION'`,
    [account.id, first],
  );
  await database.query(
    `update message set status = 'SENT', next_attempt_at = null, attempts = 1
     where account_id = $1 and msisdn = $2 and kind = 'CONFIRMATION'`,
    [account.id, third],
  );
  await page.reload();
  await expect(decided.getByRole('listitem')).toHaveText([
    new RegExp(`^${escape(formatMsisdn(third))} is opted out.*Told by SMS$`),
    new RegExp(`^${escape(formatMsisdn(second))} is not an opt-out.*Undo$`),
    new RegExp(`^${escape(formatMsisdn(first))} is opted out.*SMS leaves in \\d+ sUndo$`),
  ]);
  await visit(page, '/messages/review');
  await decided.getByRole('button', { name: `Undo: ${formatMsisdn(first)}` }).click();
  await expect(findCard(page, first)).toBeVisible();
  await expect(decided.getByRole('listitem')).toHaveCount(2);
  expect(await isOptedOut(database, account, first)).toBe(false);

  await findCard(page, first).focus();
  await page.keyboard.press('u');
  await expect(findCard(page, second)).toBeVisible();
  await expect(decided.getByRole('listitem')).toHaveText([/Told by SMS$/]);
  expect(await isOptedOut(database, account, third)).toBe(true);

  // the same browser, another account: the cookie alone shows nothing
  const stranger = await openAs(await createAccount(database));
  const { rows } = await database.query<{ id: string }>(`select id from reply where account_id = $1`, [
    account.id,
  ]);
  const value = rows.map(({ id }) => id).join('.');
  await stranger.context().addCookies([{ name: 'recent-decisions', value, url: baseURL }]);
  await visit(stranger, '/messages/review');
  await expect(stranger.getByText('Nothing to review')).toBeVisible();
  await expect(stranger.getByText('Decided just now')).toHaveCount(0);
});

test('the second of two people is told who decided, and a new reply appears by itself', async ({
  openAs,
  database,
  request,
  carrierSecret,
  account,
}) => {
  const [number = ''] = await receiveReplies(database, request, carrierSecret, account, ['Stop please']);
  const page = await openAs(account);
  const hearEvents = await holdEvents(page);
  await visit(page, '/messages/review');
  await expect(findCard(page, number)).toBeVisible();
  await database.query(
    `update reply set review_decision = 'DISMISSED', reviewed_at = now(), reviewed_by = null
     where account_id = $1 and msisdn = $2`,
    [account.id, number],
  );
  await findCard(page, number).getByRole('button', { name: 'Opt out', exact: true }).click();
  await expect(page.getByText('Somebody has already decided: not an opt-out.')).toBeVisible();
  expect(await isOptedOut(database, account, number)).toBe(false);

  await hearEvents();
  const [next = ''] = await receiveReplies(database, request, carrierSecret, account, ['Unsubscribe me']);
  await expect(findCard(page, next)).toBeVisible();
});

test('another account sees nothing of it', async ({ openAs, database, request, carrierSecret, account }) => {
  const [number = ''] = await receiveReplies(database, request, carrierSecret, account, ['Stop please']);
  const stranger = await openAs(await createAccount(database));
  await visit(stranger, '/messages/review');
  await expect(stranger.getByText('Nothing to review')).toBeVisible();
  expect(await stranger.content()).not.toContain(number);
});
