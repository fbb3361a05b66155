import type { Page } from '@playwright/test';
import { createStaff, signInByRequest } from './accounts';
import { expect, holdEvents, openUserMenu, test, visit, waitForReact } from './fixtures';
import { baseURL, demo } from './instance';

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const refusal = 'The username or the password is not right. Check both and try again.';

test('a wrong password is refused with the same words as an unknown username', async ({
  page,
  account,
  complaints,
}) => {
  complaints.expectAnswer(401, '/api/auth/callback/credentials');
  await visit(page, '/sign-in');
  await signIn(page, account.username, 'not the password');
  await expect(page.getByRole('main').getByRole('alert')).toHaveText(refusal);
  // What was typed is still there to be mended.
  await expect(page.getByLabel('Username')).toHaveValue(account.username);
  await signIn(page, `nobody-${account.username}`, account.password);
  await expect(page.getByRole('main').getByRole('alert')).toHaveText(refusal);
  await signIn(page, ` ${account.username.toUpperCase()} `, account.password);
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('what is typed before the script is there stays', async ({ page, account }) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.getByLabel('Username').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  release();
  await waitForReact(page);
  await expect(page.getByLabel('Username')).toHaveValue(account.username);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('nothing is asked of the server while a field is empty', async ({ page }) => {
  await visit(page, '/sign-in');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('main').getByRole('alert')).toHaveText(
    'Enter your username and your password.',
  );
});

test('after many failures one has to wait, even with the right password', async ({
  page,
  request,
  account,
  complaints,
}) => {
  complaints.expectAnswer(401, '/api/auth/callback/credentials');
  const outcomes: string[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    await signInByRequest(request, { username: account.username, password: 'a guess' }).catch(
      (error: Error) => outcomes.push(error.message),
    );
  }
  expect(outcomes).toHaveLength(10);
  await visit(page, '/sign-in');
  await signIn(page, account.username, account.password);
  await expect(page.getByRole('main').getByRole('alert')).toHaveText(
    /^Too many attempts\. Wait 1[45] minutes and try again\.$/,
  );
  await expect(page).toHaveURL('/sign-in');
});

test('the password can be looked at @soak', async ({ page }) => {
  await visit(page, '/sign-in');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('coffee');
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide password' }).click();
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue('coffee');
});

test('one signs in with the keyboard alone @soak', async ({ page, account }) => {
  await visit(page, '/sign-in');
  await expect(page.getByLabel('Username')).toBeFocused();
  await page.keyboard.type(account.username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(account.password);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Show password' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('the demo offers its people, and each comes home @soak', async ({ page, openAs }) => {
  await visit(page, '/sign-in');
  await page.getByRole('button', { name: demo.lindiwe.username }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/admin');

  const customer = await openAs(demo.thandi);
  await visit(customer, '/sign-in');
  await expect(customer).toHaveURL('/');
});

test('a suspended user with the right password is told so', async ({
  page,
  account,
  database,
  complaints,
}) => {
  complaints.expectAnswer(401, '/api/auth/callback/credentials');
  await database.query(`update portal_user set status = 'SUSPENDED' where username = $1`, [account.username]);
  await visit(page, '/sign-in');
  await signIn(page, account.username, 'not the password');
  await expect(page.getByRole('main').getByRole('alert')).toHaveText(refusal);
  await signIn(page, account.username, account.password);
  await expect(page.getByRole('main').getByRole('alert')).toHaveText(
    'This sign-in has been suspended. Please contact support.',
  );
});

test('signing in leads to the page that was wanted, also after a session has ended', async ({
  page,
  account,
  database,
}) => {
  // A page that hears of the end leads to the sign-in by itself (e2e/tabs.spec.ts); here a person goes on
  // first.
  await holdEvents(page);
  await visit(page, '/messages?tab=incoming');
  await expect(page).toHaveURL('/sign-in?to=%2Fmessages%3Ftab%3Dincoming');
  await signIn(page, account.username, account.password);
  await expect(page).toHaveURL('/messages?tab=incoming');

  const endSessions = () =>
    database.query(
      `delete from user_session where user_id in (select id from portal_user where username = $1)`,
      [account.username],
    );
  await endSessions();
  await visit(page, '/settings');
  await expect(page.getByText('Your session has ended. Sign in again to go on.')).toBeVisible();
  await signIn(page, account.username, account.password);
  await expect(page).toHaveURL('/settings');

  await endSessions();
  await page.getByRole('link', { name: 'Send', exact: true }).click();
  await expect(page).toHaveURL('/sign-in?reason=ended&to=%2Fsend');
});

test('staff come back to their page, and a customer not to it @soak', async ({
  page,
  openAs,
  account,
  database,
}) => {
  await visit(page, '/admin/audit');
  const staff = await createStaff(database);
  await signIn(page, staff.username, staff.password);
  await expect(page).toHaveURL('/admin/audit');
  const customer = await openAs(null);
  await visit(customer, '/admin/audit');
  await signIn(customer, account.username, account.password);
  await expect(customer).toHaveURL('/');
});

// lib/auth/return-path.test.ts has many more.
for (const [to, when] of [
  ['//evil.example', ''],
  ['/\\evil.example', ' @soak'],
] as const) {
  test(`signing in never leads to another site: ${to}${when}`, async ({ page, account }) => {
    await visit(page, `/sign-in?to=${encodeURIComponent(to)}`);
    await signIn(page, account.username, account.password);
    await expect(page).toHaveURL('/');
    // Nor does the page once one is signed in.
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    expect(new URL(page.url()).origin).toBe(baseURL);
  });
}

test('a stranger’s wrong passwords do not keep out a browser that has signed in before @soak', async ({
  page,
  playwright,
  account,
  complaints,
}) => {
  complaints.expectSessionEnd();
  await visit(page, '/sign-in');
  await signIn(page, account.username, account.password);
  await expect(page).toHaveURL('/');
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');

  const stranger = await playwright.request.newContext({ baseURL });
  const guess = () => signInByRequest(stranger, { username: account.username, password: 'a guess' });
  for (let n = 0; n < 10; n++) await expect(guess()).rejects.toThrow('error=wrong');
  await expect(guess()).rejects.toThrow('error=throttled');
  await expect(signInByRequest(stranger, account)).rejects.toThrow('error=throttled');
  await stranger.dispose();

  await signIn(page, account.username, account.password);
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('next-auth’s session is asked of the database', async ({ openAs, account, database }) => {
  const page = await openAs(account);
  const ask = async (): Promise<unknown> => (await page.request.get('/api/auth/session')).json();
  expect(Object.keys((await ask()) as object)).toEqual(['expires']);
  await database.query(`update portal_user set status = 'SUSPENDED' where username = $1`, [account.username]);
  expect(await ask()).toEqual({});
  expect((await page.request.get('/api/downloads/outgoing')).status()).toBe(401);
});
