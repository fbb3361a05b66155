import type { BrowserContext, Page, Request } from '@playwright/test';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createMessages, nextMsisdn, signInByRequest } from './accounts';
import { postReply } from './carrier';
import { expect, openUserMenu, test, visit } from './fixtures';
import { baseURL } from './instance';

/** The event streams that a browser has open now. */
function watchStreams(context: BrowserContext): Set<Request> {
  const open = new Set<Request>();
  context.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') return;
    open.add(request);
    // Of a page that is closed nothing more is told.
    request
      .frame()
      .page()
      .once('close', () => open.delete(request));
  });
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  return open;
}

async function openTabs(first: Page, count: number): Promise<Page[]> {
  const tabs = [first];
  while (tabs.length < count) tabs.push(await first.context().newPage());
  // One after the other: each must load while those before it are open.
  for (const tab of tabs) {
    await visit(tab, '/messages/opt-outs');
    await expect(tab.getByText('Live', { exact: true }).first()).toBeVisible();
  }
  return tabs;
}

test('eight tabs of a browser all load, all show an opt-out by themselves, and hold one stream @soak', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const page = await openAs(account);
  const streams = watchStreams(page.context());
  const tabs = await openTabs(page, 8);
  expect(streams.size).toBe(1);

  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: 'Proteas have come in.' }]);
  await postReply(request, carrierSecret, {
    id: `tabs-${msisdn}`,
    from: msisdn,
    to: account.senderNumber,
    text: 'Stop',
  });
  for (const tab of tabs)
    await expect(tab.getByRole('table').getByText(formatMsisdn(msisdn)).first()).toBeVisible();

  // The one that holds it goes; another takes over, and nothing is missed.
  await tabs[0]?.close();
  const other = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn: other, text: 'Proteas have come in.' }]);
  await postReply(request, carrierSecret, {
    id: `tabs-${other}`,
    from: other,
    to: account.senderNumber,
    text: 'Stop',
  });
  for (const tab of tabs.slice(1))
    await expect(tab.getByRole('table').getByText(formatMsisdn(other)).first()).toBeVisible();
  await expect.poll(() => streams.size).toBe(1);
});

test('signing out in one tab ends the stream, and the others say so and lead to the sign-in', async ({
  openAs,
  account,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const page = await openAs(null);
  // a session of its own, as it ends
  await signInByRequest(page.request, account);
  const streams = watchStreams(page.context());
  const [first, second] = (await openTabs(page, 2)) as [Page, Page];
  await openUserMenu(first);
  await first.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(second.getByRole('alert').filter({ hasText: 'You are signed out' })).toBeVisible();
  await expect.poll(() => streams.size).toBe(0);
  await second.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(second).toHaveURL(/\/sign-in/);
});

test('a suspended user’s stream is ended by the server', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const page = await openAs(account);
  const streams = watchStreams(page.context());
  await openTabs(page, 1);
  await database.query(
    `update portal_user set status = 'SUSPENDED' where id in (select user_id from membership where account_id = $1)`,
    [account.id],
  );
  // By hand in the database nobody says so: it is looked for every ten seconds. A refresh that was under way
  // leads to the sign-in before that.
  const bar = page.getByRole('alert').filter({ hasText: 'You are signed out' });
  await expect(bar.or(page.getByLabel('Username'))).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => streams.size).toBe(0);
});

test('a page of somebody who was signed in before gets nothing of the one who is now', async ({
  openAs,
  account,
}) => {
  const page = await openAs(account);
  const ask = (as: string) => page.request.head(`${baseURL}/api/events?as=${as}`);
  expect((await ask(`1.${account.id}`)).status()).toBe(409);
  expect((await page.request.head(`${baseURL}/api/events`)).status()).toBe(200);
});
