import type { APIRequestContext, Page } from '@playwright/test';
import type { Pool } from 'pg';
import { formatMsisdn } from '@/lib/sms/msisdn';
import {
  createAccount,
  createMessages,
  createStaff,
  nextMsisdn,
  nextSerial,
  type TestAccount,
} from './accounts';
import { postReply } from './carrier';
import { expect, holdEvents, openUserMenu, test, visit } from './fixtures';

/** Those on which the secret stands for who may see it. */
const pagesWithSecret = ['/', '/messages', '/messages?tab=incoming', '/messages/opt-outs'];
const downloads = ['outgoing', 'incoming', 'auto-opt-outs'].map((list) => `/api/downloads/${list}`);

/** An account with a message, a reply and an opt-out that all hold one word found nowhere else. */
async function keepSecret(
  database: Pool,
  request: APIRequestContext,
  carrierSecret: string,
): Promise<{ owner: TestAccount; msisdn: string; secret: string }> {
  const owner = await createAccount(database);
  const msisdn = await nextMsisdn(database);
  const secret = `proteas${await nextSerial(database)}`;
  await createMessages(database, owner, [{ msisdn, text: `Your ${secret} are ready` }]);
  const text = `Stop sending ${secret}`;
  await postReply(request, carrierSecret, { id: secret, from: msisdn, to: owner.senderNumber, text });
  return { owner, msisdn, secret };
}

/** The answer as a browser gets it, without the work of drawing it. */
async function readAnswer(page: Page, path: string): Promise<string> {
  const answer = await page.request.get(path, { maxRedirects: 0 });
  expect(answer.status(), path).toBe(200);
  return answer.text();
}

/** All that a browser was given, what is not shown included. */
async function readEverything(page: Page): Promise<string> {
  await page.waitForLoadState('load');
  return page.content();
}

/** Waits until the document that held it is gone. */
async function expectForgotten(page: Page, secret: string): Promise<void> {
  await expect.poll(() => page.content().catch(() => secret)).not.toContain(secret);
}

test('the owner sees it on every page and in every file', async ({
  openAs,
  database,
  request,
  carrierSecret,
}) => {
  const { owner, secret } = await keepSecret(database, request, carrierSecret);
  const page = await openAs(owner);
  for (const path of [...pagesWithSecret, ...downloads]) {
    expect(await readAnswer(page, path), path).toContain(secret);
  }
});

test('a made-up session is no session', async ({ page, context, database }) => {
  const owner = await createAccount(database);
  const { hostname, port } = new URL(test.info().project.use.baseURL ?? '');
  await context.addCookies([
    { name: `client-zone-${port}-session`, value: 'eyJhbGciOiJub25lIn0.e30.', domain: hostname, path: '/' },
  ]);
  await visit(page, '/messages');
  await expect(page).toHaveURL('/sign-in?to=%2Fmessages');
  expect(await readEverything(page)).not.toContain(owner.name);
});

test('another account does not see it, however it asks', async ({
  openAs,
  account: other,
  database,
  request,
  carrierSecret,
}) => {
  const { owner, msisdn, secret } = await keepSecret(database, request, carrierSecret);
  const page = await openAs(other);
  const ownersPage = await openAs(owner);
  for (const path of pagesWithSecret) {
    const given = await readAnswer(page, path);
    expect(given, path).toContain(other.name);
    for (const word of [secret, owner.name, formatMsisdn(msisdn)]) expect(given, path).not.toContain(word);
  }
  for (const path of ['/messages?q=', '/messages?tab=incoming&q=', '/messages/opt-outs?q=']) {
    const given = await readAnswer(page, path + msisdn);
    expect(given, path).toContain('Nothing matches');
    expect(given, path).not.toContain(secret);
    expect(await readAnswer(ownersPage, path + msisdn), path).toContain(secret);
  }
  for (const path of downloads.map((download) => `${download}?q=${msisdn}`)) {
    expect((await readAnswer(page, path)).trim().split('\n'), path).toHaveLength(1);
    expect(await readAnswer(ownersPage, path), path).toContain(secret);
  }
  await visit(page, `/messages/opt-outs?q=${msisdn}`);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  expect(await readEverything(page)).not.toContain(secret);
});

test('a cursor of one account opens nothing in another', async ({ openAs, account: other, database }) => {
  const owner = await createAccount(database);
  const msisdn = await nextMsisdn(database);
  const messages = Array.from({ length: 60 }, (_, index) => ({ msisdn, text: `Owner's ${index}` }));
  await createMessages(database, owner, messages);
  await createMessages(database, other, [{ msisdn, text: 'Mine' }]);
  const ownersPage = await openAs(owner);
  await visit(ownersPage, '/messages');
  await ownersPage.getByRole('link', { name: 'Older' }).click();
  await expect(ownersPage.getByText("Owner's 0", { exact: true })).toBeVisible();

  const page = await openAs(other);
  await visit(page, ownersPage.url());
  await expect(page.getByRole('heading', { level: 1, name: 'Message Logs' })).toBeVisible();
  expect(await readEverything(page)).not.toContain("Owner's");
});

test('staff see no texts in the list of accounts', async ({ openAs, database, request, carrierSecret }) => {
  const { owner, secret } = await keepSecret(database, request, carrierSecret);
  const page = await openAs(await createStaff(database));
  await visit(page, `/admin/accounts?q=${owner.number}`);
  await expect(page.getByRole('row').filter({ hasText: owner.number })).toBeVisible();
  expect(await readEverything(page)).not.toContain(secret);
});

test('a customer finds no staff pages', async ({ openAs, account, database, complaints }) => {
  complaints.expectAnswer(404, '/admin');
  const other = await createAccount(database);
  const page = await openAs(account);
  const answer = await visit(page, '/admin');
  expect(answer?.status()).toBe(404);
  await expect(page.getByText('There is no such page')).toBeVisible();
  expect(await readEverything(page)).not.toContain(other.name);

  const staff = await openAs(await createStaff(database));
  await visit(staff, `/admin/accounts?q=${other.number}`);
  await expect(staff.getByText(other.name)).toBeVisible();
});

test('a reply without an owner is for the staff alone, however a customer or a stranger asks', async ({
  openAs,
  account: other,
  database,
  request,
  carrierSecret,
  complaints,
}) => {
  complaints.expectAnswer(404, '/admin/replies');
  complaints.expectAnswer(401, '/api/admin');
  const [msisdn, secret] = [await nextMsisdn(database), `proteas${await nextSerial(database)}`];
  const text = `Please unsubscribe me ${secret} ${'x'.repeat(3000)}`;
  await postReply(request, carrierSecret, { id: secret, from: msisdn, to: '99998', text });
  const { rows } = await database.query<{ id: string }>('select id from unowned_reply where msisdn = $1', [
    msisdn,
  ]);
  const id = rows[0]?.id ?? '';
  const pagePath = `/admin/replies?q=${msisdn}`;
  const files = [`/api/admin/downloads/replies?q=${msisdn}`, `/api/admin/texts/unowned/${msisdn}/${id}`];

  const staffPage = await openAs(await createStaff(database));
  await visit(staffPage, pagePath);
  await expect(staffPage.getByRole('table').getByText(secret)).toBeVisible();
  for (const path of files) {
    const answer = await staffPage.request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(await answer.text(), path).toContain(secret);
  }

  const customer = await openAs(other);
  const stranger = await openAs(null);
  for (const page of [customer, stranger]) {
    const isSignedIn = page === customer;
    const answer = await page.request.get(pagePath, { maxRedirects: 0 });
    expect(answer.status()).toBe(isSignedIn ? 404 : 307);
    expect(await answer.text()).not.toContain(secret);
    await visit(page, pagePath);
    expect(await readEverything(page)).not.toContain(secret);
    for (const path of [...files, '/api/admin/events']) {
      const given = await page.request.get(path, { maxRedirects: 0 });
      expect([307, 401, 404], path).toContain(given.status());
      expect(await given.text(), path).not.toContain(secret);
    }
    // as a text of their own, or of any account
    for (const path of [
      `/api/texts/unowned/${id}`,
      `/api/texts/reply/${id}`,
      `/api/admin/texts/reply/${other.id}/${id}`,
    ]) {
      const given = await page.request.get(path, { maxRedirects: 0 });
      expect(given.status(), path).not.toBe(200);
    }
  }

  // The calls of the staff's buttons, caught on their way: sent by others they do nothing.
  const calls: { url: string; headers: Record<string, string>; data: string }[] = [];
  await staffPage.route(/\/admin\/replies/, async (route) => {
    const call = route.request();
    const action = call.headers()['next-action'];
    if (call.method() !== 'POST' || action === undefined) return route.continue();
    const contentType = call.headers()['content-type'] ?? 'text/plain;charset=UTF-8';
    calls.push({
      url: call.url(),
      headers: { 'next-action': action, 'content-type': contentType, accept: 'text/x-component' },
      data: call.postData() ?? '',
    });
    // the accounts that are suggested; decisions do not get through
    return call.postData()?.includes('reason') ? route.abort() : route.continue();
  });
  complaints.expectLostRequests();
  const row = staffPage.getByRole('row').filter({ hasText: formatMsisdn(msisdn) });
  await row.click();
  const panel = staffPage.getByRole('dialog');
  await panel.getByLabel('Account number').fill(other.number);
  await panel.getByLabel('Reason').fill('They phoned us.');
  for (const [index, name] of [
    'Opt out for this account',
    'Let the account decide',
    'Note why not',
  ].entries()) {
    await panel.getByRole('button', { name }).click();
    await expect.poll(() => calls.filter(({ data }) => data.includes('reason'))).toHaveLength(index + 1);
    await expect(panel.getByText('Nothing was decided.').or(panel.getByText(/do not know/))).toBeVisible();
  }
  const readState = async () =>
    (await database.query<{ state: string }>('select state from unowned_reply where msisdn = $1', [msisdn]))
      .rows[0]?.state;
  const send = (page: Page, { url, headers, data }: (typeof calls)[number]) =>
    page.request.post(url, { headers: { ...headers, origin: new URL(url).origin }, data, maxRedirects: 0 });
  for (const page of [customer, stranger]) {
    for (const call of calls) {
      const answer = await send(page, call);
      expect(await answer.text()).not.toContain(secret);
      expect(await answer.text()).not.toContain('"ok":true');
    }
  }
  expect(await readState()).toBe('UNSURE');
  expect((await database.query('select from opt_out where account_id = $1', [other.id])).rowCount).toBe(0);
  // and the same call, by the staff, does
  const decision = calls.find(({ data }) => data.includes('reason'));
  expect(decision && (await send(staffPage, decision)).status()).toBe(200);
  expect(await readState()).toBe('ASSIGNED');
});

test('no customer hears of a reply without an owner', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: 'Mine' }]);
  const staffPage = await openAs(await createStaff(database));
  const page = await openAs(account);
  const listen = async (listener: Page, path: string, source: string) => {
    await visit(listener, path);
    await listener.evaluate(async (url) => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const events = new EventSource(url);
      events.addEventListener('change', (event) => heard.push(String(event.data)));
      await new Promise((resolve) => events.addEventListener('open', resolve));
    }, source);
  };
  const readHeard = (listener: Page) =>
    listener.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await listen(staffPage, '/admin/settings', '/api/admin/events');
  await listen(page, '/send', '/api/events');
  await postReply(request, carrierSecret, {
    id: `unheard-${msisdn}`,
    from: msisdn,
    to: '99998',
    text: 'Stop',
  });
  await expect.poll(() => readHeard(staffPage)).toContainEqual(expect.stringContaining('unowned-replies'));
  // Events come in the order of their commits.
  const own = { id: `heard-${msisdn}`, from: msisdn, to: account.senderNumber, text: 'Thank you' };
  await postReply(request, carrierSecret, own);
  await expect.poll(() => readHeard(page)).toContainEqual(expect.stringContaining('replies'));
  expect(await readHeard(page)).not.toContainEqual(expect.stringContaining('unowned-replies'));
});

test('events of one account reach no page of another', async ({
  openAs,
  account: other,
  database,
  request,
  carrierSecret,
}) => {
  const owner = await createAccount(database);
  const msisdn = await nextMsisdn(database);
  await createMessages(database, owner, [{ msisdn, text: 'Owner’s' }]);
  await createMessages(database, other, [{ msisdn, text: 'Mine' }]);

  const listen = async (page: Page) => {
    await visit(page, '/send');
    await page.evaluate(async () => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const events = new EventSource('/api/events');
      events.addEventListener('change', (event) => heard.push(String(event.data)));
      await new Promise((resolve) => events.addEventListener('open', resolve));
    });
  };
  const readHeard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  const ownersPage = await openAs(owner);
  const page = await openAs(other);
  await Promise.all([listen(ownersPage), listen(page)]);

  const tell = (to: TestAccount, text: string) =>
    postReply(request, carrierSecret, { id: `${to.id}-${text}`, from: msisdn, to: to.senderNumber, text });
  await tell(owner, 'Stop');
  await expect.poll(() => readHeard(ownersPage)).toContainEqual(expect.stringContaining('opt-outs'));
  // Events come in the order of their commits: what is heard now would come after the owner's.
  await tell(other, 'Thank you');
  await expect.poll(() => readHeard(page)).toContainEqual(expect.stringContaining('replies'));
  expect(await readHeard(page)).not.toContainEqual(expect.stringContaining('opt-outs'));
});

const endings = {
  'suspended user': `update portal_user set status = 'SUSPENDED' where id in (select user_id from membership where account_id = $1)`,
  'user of a suspended account': `update account set status = 'SUSPENDED' where id = $1`,
  'user whose sessions were ended': `delete from user_session where user_id in (select user_id from membership where account_id = $1)`,
};

for (const [what, statement] of Object.entries(endings)) {
  test(`a ${what} is out at the next request`, async ({ openAs, account, database }) => {
    const page = await openAs(account);
    expect(await readAnswer(page, '/messages')).toContain(account.name);
    await database.query(statement, [account.id]);
    const answer = await page.request.get('/messages', { maxRedirects: 0 });
    expect(answer.headers()['location']).toBe('/sign-in?reason=ended&to=%2Fmessages');
    expect(await answer.text()).not.toContain(account.name);
    for (const path of [...downloads, '/api/events']) {
      expect((await page.request.get(path)).status(), path).toBe(401);
    }
  });
}

test('who is out is told so, and the page that was open is gone', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const page = await openAs(account);
  await visit(page, '/');
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
  await database.query(endings['suspended user'], [account.id]);
  await visit(page, '/messages');
  await expect(page).toHaveURL('/sign-in?reason=ended&to=%2Fmessages');
  await expect(page.getByText('Your session has ended. Sign in again to go on.')).toBeVisible();
  expect(await readEverything(page)).not.toContain(account.name);
});

test('a user suspended while writing sends nothing, and finds the text again', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const msisdn = await nextMsisdn(database);
  const page = await openAs(account);
  // A page that hears of a change asks for itself again, and would end the session before anybody sends.
  await holdEvents(page);
  await visit(page, '/send');
  await page.getByLabel('Recipients').fill(msisdn);
  await page.getByLabel('Message').fill('Your roses are ready');
  await database.query(
    `update portal_user set status = 'SUSPENDED' where id in (select user_id from membership where account_id = $1)`,
    [account.id],
  );
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page).toHaveURL('/sign-in?reason=ended&to=%2Fsend');
  await expectForgotten(page, account.name);
  const { rowCount } = await database.query('select from message where account_id = $1', [account.id]);
  expect(rowCount).toBe(0);

  await database.query(
    `update portal_user set status = 'ACTIVE' where id in (select user_id from membership where account_id = $1)`,
    [account.id],
  );
  await page.getByLabel('Username').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/send');
  await expect(page.getByLabel('Message')).toHaveValue('Your roses are ready');
  await expect(page.getByLabel('Recipients')).toHaveValue(msisdn);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('1 message is on the way')).toBeVisible();
});

test('after signing out, Back shows nothing', async ({
  openAs,
  database,
  request,
  carrierSecret,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const { owner, secret } = await keepSecret(database, request, carrierSecret);
  const page = await openAs(owner);
  await visit(page, '/');
  await page.getByRole('link', { name: 'Message Logs' }).click();
  await expect(page.getByRole('table').getByText(secret)).toBeVisible();
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
  await expectForgotten(page, secret);
  for (let steps = 0; steps < 2; steps++) {
    // Not Playwright's way back: it fails where the page that comes goes on to another at once.
    // What asks for it is not waited for, as it may go with its page.
    const goingBack = page.evaluate(() => history.back()).catch(() => undefined);
    await Promise.all([page.waitForEvent('framenavigated'), goingBack]);
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expectForgotten(page, secret);
  }
  expect((await page.request.get('/api/downloads/outgoing')).status()).toBe(401);
});
