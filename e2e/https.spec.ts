import type { BrowserContext, Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import { createStaff, type Person } from './accounts';
import { expect, openUserMenu, visit } from './fixtures';
import { test } from './https';

// One after the other, so that one web is started for all of them.
test.describe.configure({ mode: 'default' });
test.use({ ignoreHTTPSErrors: true });

/** Signs in on the page that is open; ends where that leads. */
async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('button', { name: /^User menu/ })).toBeVisible();
}

async function findCookie(context: BrowserContext, name: string | RegExp) {
  return (await context.cookies()).find((cookie) =>
    typeof name === 'string' ? cookie.name === name : name.test(cookie.name),
  );
}

test('signing out removes the cookie, and ends the session for whoever kept its token', async ({
  page,
  context,
  playwright,
  https,
  account,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const name = `__Host-client-zone-${https.port}-session`;
  await visit(page, `${https.url}/`);
  await signIn(page, account);
  const cookie = await findCookie(context, name);
  expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
  const kept = await playwright.request.newContext({
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: { cookie: `${name}=${cookie?.value}` },
  });
  const download = `${https.url}/api/downloads/outgoing`;
  expect((await kept.get(download)).status()).toBe(200);

  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${https.url}/sign-in`);
  expect(await findCookie(context, name)).toBeUndefined();
  await visit(page, `${https.url}/`);
  await expect(page).toHaveURL(`${https.url}/sign-in`);
  expect((await kept.get(download)).status()).toBe(401);
  await kept.dispose();

  await signIn(page, account);
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('every cookie is sent over https only, and goes when it is removed', async ({
  page,
  context,
  https,
  account,
  database,
}) => {
  await visit(page, `${https.url}/`);
  await signIn(page, account);
  const chooseTheme = async (theme: string) => {
    await openUserMenu(page);
    await page.getByRole('menuitemradio', { name: theme }).click();
    await page.keyboard.press('Escape');
  };
  await chooseTheme('Dark');
  await expect.poll(() => findCookie(context, 'theme')).toBeTruthy();
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name).sort()).toEqual([
    `__Host-client-zone-${https.port}-device`,
    `__Host-client-zone-${https.port}-session`,
    '__Host-next-auth.csrf-token',
    '__Secure-next-auth.callback-url',
    'theme',
  ]);
  for (const cookie of cookies) expect(cookie, cookie.name).toMatchObject({ secure: true, sameSite: 'Lax' });
  await chooseTheme('System');
  await expect.poll(() => findCookie(context, 'theme')).toBeUndefined();

  // A session that has ended goes when next-auth is asked for it.
  await database.query(
    `delete from user_session where user_id in (select id from portal_user where username = $1)`,
    [account.username],
  );
  expect(await (await context.request.get(`${https.url}/api/auth/session`)).json()).toEqual({});
  expect(await findCookie(context, /-session$/)).toBeUndefined();
  // The device stays known: that is what it is for.
  expect(await findCookie(context, /-device$/)).toBeTruthy();
});

test('next-auth’s own way to sign out ends the session, too', async ({
  page,
  context,
  https,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const count = async () => {
    const { rowCount } = await database.query(
      `select from user_session where user_id in (select id from portal_user where username = $1)`,
      [account.username],
    );
    return rowCount;
  };
  await visit(page, `${https.url}/`);
  await signIn(page, account);
  expect(await count()).toBe(1);
  const { csrfToken } = (await (await context.request.get(`${https.url}/api/auth/csrf`)).json()) as {
    csrfToken: string;
  };
  await context.request.post(`${https.url}/api/auth/signout`, { form: { csrfToken, json: 'true' } });
  expect(await count()).toBe(0);
  expect(await findCookie(context, /-session$/)).toBeUndefined();
});

test('where strangers can come, the simulator is for staff, and nobody is offered a password', async ({
  page,
  context,
  https,
  account,
  database,
  complaints,
}) => {
  const events = `${https.url}/api/simulator/events`;
  await visit(page, `${https.url}/simulator`);
  await expect(page).toHaveURL(`${https.url}/sign-in?to=%2Fsimulator`);
  await expect(page.getByText('This is a demo')).toBeHidden();
  const answer = await context.request.get(events, { maxRedirects: 0 });
  expect([307, 401]).toContain(answer.status());
  expect(answer.headers()['content-type'] ?? '').not.toContain('event-stream');

  // The page that was wanted is none of a customer's.
  await signIn(page, account);
  await expect(page).toHaveURL(`${https.url}/`);
  complaints.expectAnswer(404, '/simulator');
  await visit(page, `${https.url}/simulator`);
  await expect(page.getByText('There is no such page')).toBeVisible();
  expect((await context.request.get(events, { maxRedirects: 0 })).status()).not.toBe(200);

  await context.clearCookies();
  await visit(page, `${https.url}/simulator`);
  const staff = await createStaff(database);
  await page.getByLabel('Username').fill(staff.username);
  await page.getByLabel('Password', { exact: true }).fill(staff.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  // This is no demo on one machine: staff set up a second factor before anything else. Browsers make no
  // passkey for a certificate that nobody vouches for, so it is an app.
  await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
  await expect(page.getByText('Everybody of the provider’s staff signs in with two factors.')).toBeVisible();
  for (const path of ['/admin', '/admin/outbox', '/simulator']) {
    await visit(page, `${https.url}${path}`);
    await expect(page).toHaveURL(/\/sign-in\/second-step/);
  }
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  const key = await page.getByTestId('app-key').innerText();
  const code = new TOTP({ secret: key.replaceAll(/\s/g, '') }).generate();
  await page.getByLabel('Code from the app').fill(code);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page).toHaveURL(`${https.url}/simulator`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
