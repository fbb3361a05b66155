import type { APIRequestContext, Page } from '@playwright/test';
import type { Pool } from 'pg';
import { createAccount, createColleague, signInByRequest, type Person } from './accounts';
import { computeCode, nextCode, prove, typeFirstCode } from './factors';
import { expect, openUserMenu, test, visit, waitForReact } from './fixtures';
import { addVirtualAuthenticator } from './virtual-authenticator';

async function fillSignIn(page: Page, { username, password }: Person): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function openSecurity(page: Page): Promise<void> {
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Security' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeVisible();
}

async function setUpApp(page: Page, person: Person): Promise<{ key: string; codes: string[] }> {
  await openSecurity(page);
  await page
    .getByRole('region', { name: 'Two-factor sign-in' })
    .getByRole('button', { name: 'Set up' })
    .click();
  await prove(page, person, 'Go on');
  const shown = await typeFirstCode(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('10 of 10 left')).toBeVisible();
  return shown;
}

async function signOut(page: Page): Promise<void> {
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
  await waitForReact(page);
}

async function readTold(database: Pool, username: string): Promise<string[]> {
  const { rows } = await database.query<{ subject: string }>(
    `select subject from email where recipient = (select email from portal_user where username = $1) order by id`,
    [username],
  );
  return rows.map(({ subject }) => subject);
}

test('an app is set up; then its code is asked for, a wrong one refused, and the page that was wanted comes', async ({
  page,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  await expect(page).toHaveURL('/');
  const { key } = await setUpApp(page, account);
  await expect.poll(() => readTold(database, account.username)).toEqual(['Two-factor sign-in is on']);
  await signOut(page);

  await visit(page, '/messages?tab=incoming');
  await fillSignIn(page, account);
  await expect(page.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible();
  await expect(page).toHaveURL('/sign-in/second-step?to=%2Fmessages%3Ftab%3Dincoming');
  await waitForReact(page);
  await expect(page.getByLabel('Code from the app')).toBeFocused();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toHaveText('Type the code that your app shows.');
  await page.getByLabel('Code from the app').fill('000 000');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('This is not the code.');
  // Five minutes fast: a sentence, and no access.
  await page.getByLabel('Code from the app').fill(computeCode(key, 10));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText(
    'your phone’s clock seems to be about 5 minutes fast',
  );
  await page.getByLabel('Code from the app').fill(nextCode(key));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL('/messages?tab=incoming');
  await expect(page.getByRole('heading', { level: 1, name: 'Message Logs' })).toBeVisible();
});

test('half a sign-in is no session, and what it presses on an open page is not done', async ({
  page,
  playwright,
  account,
  baseURL,
  complaints,
}) => {
  complaints.expectSessionEnd();
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  await setUpApp(page, account);

  const half = await playwright.request.newContext({ baseURL });
  await signInByRequest(half, account);
  const ask = async (request: APIRequestContext): Promise<unknown> =>
    (await request.get('/api/auth/session')).json();
  expect(await ask(half)).toEqual({ expires: expect.any(String), lacks: 'second factor' });
  expect(await ask(page.request)).toEqual({ expires: expect.any(String) });
  // The sign-in page leads to the step, and the step to a sign-in of somebody else.
  const answer = await half.get('/sign-in?to=%2Fsend', { maxRedirects: 0 });
  expect(answer.headers().location).toContain('/sign-in/second-step?to=%2Fsend');
  await half.dispose();

  // An action of a page that was open before: asked with half a session it leads to the step, and does
  // nothing.
  await visit(page, '/account/security');
  await page.getByRole('button', { name: 'Make new recovery codes' }).click();
  await page.getByRole('dialog').getByLabel('Your password').fill(account.password);
  await page.context().clearCookies();
  await signInByRequest(page.request, account);
  await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
  await expect(page).toHaveURL(/\/sign-in\/second-step/);
  await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await expect(page).toHaveURL('/sign-in');
});

test('a lost phone: a recovery code lets in once, and its owner is told @soak', async ({
  page,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  const { codes } = await setUpApp(page, account);
  await signOut(page);

  const enter = async (code: string) => {
    await fillSignIn(page, account);
    await expect(page).toHaveURL(/\/sign-in\/second-step/);
    await waitForReact(page);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(code);
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  await enter((codes[0] as string).toUpperCase());
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
  await expect
    .poll(() => readTold(database, account.username))
    .toEqual(['Two-factor sign-in is on', 'A recovery code was used to sign in']);
  await openSecurity(page);
  await expect(page.getByText('9 of 10 left')).toBeVisible();
  await expect(page.getByText('Password and a recovery code')).toBeVisible();

  await page.getByRole('button', { name: 'Make new recovery codes' }).click();
  await prove(page, account, 'Make new codes');
  const shown = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(shown).toHaveCount(10);
  const fresh = await shown.allInnerTexts();
  await signOut(page);
  // Used, and of the codes before: both are over.
  await enter(codes[0] as string);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('none of your recovery codes');
  await page.getByLabel('Recovery code').fill(codes[1] as string);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('none of your recovery codes');
  await page.getByLabel('Recovery code').fill(fresh[0] as string);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('an app is removed with the password, not without it @soak', async ({ page, account, complaints }) => {
  complaints.expectSessionEnd();
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  await setUpApp(page, account);
  const section = page.getByRole('region', { name: 'Two-factor sign-in' });
  await section.getByRole('button', { name: 'Remove' }).click();
  await prove(page, { ...account, password: 'a guess' }, 'Remove');
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveText('The password is not right.');
  await prove(page, account, 'Remove');
  await expect(section.getByText('Off')).toBeVisible();
  await signOut(page);
  await fillSignIn(page, account);
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

test('a passkey is added, signs in without a password, and is removed by itself @soak', async ({
  page,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  complaints.expectAnswer(401, '/api/auth/callback/passkey');
  const device = await addVirtualAuthenticator(page);
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByLabel('Name of the passkey').fill('My laptop');
  await prove(page, account, 'Go on');
  await expect(page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
  const passkeys = page.getByRole('list', { name: 'Passkeys' });
  await expect(passkeys.getByText('My laptop')).toBeVisible();
  expect(await device.readCredentials()).toHaveLength(1);

  await page.getByRole('button', { name: 'Rename My laptop' }).click();
  await page.getByLabel('Name of the passkey').fill('Nomsa’s laptop');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(passkeys.getByText('Nomsa’s laptop')).toBeVisible();

  // The same device again says that it has one.
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await prove(page, account, 'Go on');
  await expect(page.getByText('This device has a passkey of yours already.')).toBeVisible();
  await signOut(page);

  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
  await openSecurity(page);
  await expect(page.getByRole('list', { name: 'Sessions' }).getByText('Passkey.')).toBeVisible();

  // With the password, the passkey is the second step.
  await signOut(page);
  await fillSignIn(page, account);
  await expect(page.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible();
  await waitForReact(page);
  await page.getByRole('button', { name: 'Continue with your passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();

  await openSecurity(page);
  await page.getByRole('button', { name: 'Remove Nomsa’s laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(page.getByText('You have no passkeys yet.')).toBeVisible();
  await expect
    .poll(() => readTold(database, account.username))
    .toEqual(['A passkey was added', 'A passkey was removed']);
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('This passkey is not known here');
});

test('a passkey of another person is refused at the second step @soak', async ({
  page,
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const other = await createAccount(database);
  const add = async (where: Page, person: Person) => {
    const device = await addVirtualAuthenticator(where);
    await visit(where, '/account/security');
    await where.getByRole('button', { name: 'Add a passkey' }).click();
    await prove(where, person, 'Go on');
    await expect(where.getByRole('list', { name: 'Recovery codes' })).toBeVisible();
    return device;
  };
  const othersPage = await openAs(other);
  const othersDevice = await add(othersPage, other);
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  await expect(page).toHaveURL('/');
  const own = await add(page, account);
  const [ownKey] = await own.readCredentials();
  const [strangeKey] = await othersDevice.readCredentials();
  if (!ownKey || !strangeKey) throw new Error('A passkey was not made.');
  await signOut(page);

  // A device that answers for another person's passkey under the id of this one's: it has the wrong key and
  // the wrong owner.
  const stranger = await openAs(null);
  const device = await addVirtualAuthenticator(stranger);
  await device.addCredential({ ...strangeKey, credentialId: ownKey.credentialId });
  await visit(stranger, '/sign-in');
  await fillSignIn(stranger, account);
  await expect(stranger).toHaveURL(/\/sign-in\/second-step/);
  await waitForReact(stranger);
  await stranger.getByRole('button', { name: 'Continue with your passkey' }).click();
  await expect(stranger.getByRole('main').getByRole('alert')).toContainText(
    'This passkey did not answer, or is not of the person who is signing in.',
  );
  await visit(stranger, '/messages');
  await expect(stranger).toHaveURL(/\/sign-in\/second-step/);
});

test('an account asks everybody for a second factor: who has none sets one up before anything else @soak', async ({
  page,
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const colleague = await createColleague(database, account);
  await visit(page, '/sign-in');
  await fillSignIn(page, account);
  await expect(page).toHaveURL('/');
  const ask = async () => {
    await visit(page, '/settings');
    const section = page.getByRole('region', { name: 'Second factor' });
    await section.getByRole('radio', { name: 'Everyone must have one' }).check();
    await section.getByRole('button', { name: 'Save' }).click();
    return section;
  };
  await expect((await ask()).getByRole('alert')).toContainText('Set up a second factor of your own first');
  await setUpApp(page, account);
  const section = await ask();
  await expect(section.getByText('1 of 2 people have a second factor.')).toBeVisible();
  await expect(page.getByText('Everyone must have a second factor now')).toBeVisible();
  await expect
    .poll(() => readTold(database, colleague.username))
    .toEqual(['Your account now asks for a second factor']);

  const theirs = await openAs(null);
  await visit(theirs, '/send');
  await fillSignIn(theirs, colleague);
  await expect(theirs.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
  await expect(
    theirs.getByText('An account that you work with asks everybody for two factors.'),
  ).toBeVisible();
  await visit(theirs, '/messages');
  await expect(theirs).toHaveURL(/\/sign-in\/second-step\?to=%2Fmessages/);
  await theirs.getByRole('button', { name: 'Set up an authenticator app' }).click();
  await typeFirstCode(theirs);
  await theirs.getByRole('button', { name: 'I have kept them' }).click();
  await expect(theirs).toHaveURL('/messages');
  // It is their only one, so it stays.
  await visit(theirs, '/account/security');
  await theirs
    .getByRole('region', { name: 'Two-factor sign-in' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await prove(theirs, colleague, 'Remove');
  await expect(theirs.getByRole('dialog').getByRole('alert')).toContainText('this is your only one');
});

test('the page of sessions tells them apart, and ends the other browser at once, its stream too', async ({
  openAs,
  account,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const [here, there] = [await openAs(null), await openAs(null)];
  for (const page of [here, there]) await signInByRequest(page.request, account);
  await visit(here, '/account/security');
  const sessions = here.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.nth(0)).toContainText('This browser');
  await expect(sessions.nth(1)).not.toContainText('This browser');
  await expect(sessions.nth(1)).toContainText(/Chrome/);
  await expect(sessions.nth(1)).toContainText('Address not known');

  let streams = 0;
  there.on('request', (request) => (streams += Number(request.url().includes('/api/events?'))));
  await visit(there, '/messages');
  await expect.poll(() => streams).toBeGreaterThan(0);
  await sessions
    .nth(1)
    .getByRole('button', { name: /^End the session/ })
    .click();
  // The other browser hears of it without asking for anything.
  await expect(there.getByRole('alert').filter({ hasText: 'You are signed out' })).toBeVisible();
  await expect(sessions).toHaveCount(1);
  expect((await there.request.get('/api/downloads/outgoing')).status()).toBe(401);
  expect((await here.request.get('/api/downloads/outgoing')).status()).toBe(200);
  await expect(here.getByRole('button', { name: 'End all other sessions' })).toBeDisabled();
});

test('all other sessions end together, and this one by its own button @soak', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const [here, there, elsewhere] = [await openAs(null), await openAs(null), await openAs(null)];
  const stranger = await createAccount(database);
  const theirs = await openAs(null);
  for (const page of [here, there, elsewhere]) await signInByRequest(page.request, account);
  await signInByRequest(theirs.request, stranger);
  await visit(here, '/account/security');
  const sessions = here.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(3);
  await here.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(here.getByText('2 sessions were ended')).toBeVisible();
  await expect(sessions).toHaveCount(1);
  for (const page of [there, elsewhere]) {
    expect((await page.request.get('/api/downloads/outgoing')).status()).toBe(401);
  }
  expect((await theirs.request.get('/api/downloads/outgoing')).status()).toBe(200);
  await sessions.getByRole('button', { name: 'Sign out' }).click();
  await expect(here).toHaveURL('/sign-in');
});
