import type { Page } from '@playwright/test';
import type { Pool } from 'pg';
import { createStaff, nextMsisdn, nextSerial, toNationalForm } from './accounts';
import { expect, openUserMenu, test, visit, waitForReact } from './fixtures';
import { findLink, readMail } from './mails';

const password = 'proteas and tulips';

interface Newcomer {
  company: string;
  email: string;
  username: string;
  number: string;
  msisdn: string;
}

async function createNewcomer(database: Pool): Promise<Newcomer> {
  const serial = await nextSerial(database);
  const msisdn = await nextMsisdn(database);
  return {
    company: `Knysna Ceramics ${serial}`,
    email: `sipho-${serial}@ceramics.example`,
    username: `sipho-${serial}`,
    number: toNationalForm(msisdn),
    msisdn,
  };
}

async function fillIn(page: Page, person: Newcomer): Promise<void> {
  await page.getByLabel('Company').fill(person.company);
  await page.getByLabel('Your name').fill('Sipho Dlamini');
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Cell number').fill(person.number);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

/** The simulator's phone of this number, in a page of its own. */
async function openPhone(page: Page, msisdn: string) {
  const window = await page.context().newPage();
  await visit(window, `/simulator?phones=${msisdn}`);
  return { window, phone: window.getByRole('region', { name: new RegExp(`^Phone .*${spaced(msisdn)}`) }) };
}

/** What the phone got last with this in it, once it is there. */
async function readPhone(page: Page, msisdn: string, text: RegExp): Promise<string> {
  const { window, phone } = await openPhone(page, msisdn);
  const sms = phone.getByRole('log').getByText(text).last();
  await expect(sms).toBeVisible();
  const read = (await sms.textContent()) ?? '';
  await window.close();
  return read;
}

/** "82 123 4567", as the page writes a number without its plus. */
const spaced = (msisdn: string) => `${msisdn.slice(2, 4)}\\s${msisdn.slice(4, 7)}\\s${msisdn.slice(7)}`;

async function readCode(page: Page, msisdn: string): Promise<string> {
  return (await readPhone(page, msisdn, /is your Client Zone code/)).slice(0, 6);
}

/** From the sign-in page to the first page of the account, as a stranger would. */
async function registerAs(page: Page, person: Newcomer): Promise<void> {
  await visit(page, '/sign-in');
  await page.getByRole('link', { name: 'Register a free trial account' }).click();
  await waitForReact(page);
  await fillIn(page, person);
  // the number as it will be used
  await expect(page.getByText(new RegExp(`\\+27 ${spaced(person.msisdn)}`))).toBeVisible();
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Look into your e-mail' })).toBeFocused();
  // where a newcomer to the demo finds it, by the words on screen alone
  await page.getByRole('link', { name: 'Read it here' }).click();
  await page
    .getByRole('article')
    .filter({ hasText: 'Confirm your e-mail address' })
    .getByRole('link', { name: /register\/confirm/ })
    .click();
  await page.getByRole('button', { name: 'Confirm and send the code' }).click();
  await expect(page).toHaveURL('/register/code');
  await waitForReact(page);
  await page.getByLabel('Code').fill(await readCode(page, person.msisdn));
  await page.getByRole('button', { name: 'Open my account' }).click();
  await expect(page).toHaveURL('/welcome');
}

async function signInAs(page: Page, username: string, secret: string): Promise<void> {
  await visit(page, '/sign-in');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('a stranger registers, sends to their own phone, answers Stop and sees it listed; staff make it full', async ({
  page,
  database,
  openAs,
}) => {
  const person = await createNewcomer(database);
  await registerAs(page, person);
  await page.getByRole('button', { name: 'Send it' }).click();
  await expect(page.getByText('It is on your phone.')).toBeVisible();
  // at whatever hour
  const sent = await database.query(
    'select purpose from message_batch where account_id = (select id from account where name = $1)',
    [person.company],
  );
  expect(sent.rows).toEqual([{ purpose: 'SERVICE' }]);

  const { window, phone } = await openPhone(page, person.msisdn);
  await expect(phone.getByRole('log').getByText(/^Hello from/)).toBeVisible();
  await phone.getByRole('textbox', { name: /^Reply to/ }).fill('Stop');
  await phone.getByRole('button', { name: 'Send' }).click();
  await expect(phone.getByText(/You have been opted out/)).toBeVisible();
  await window.close();
  await expect(page.getByText('You are opted out')).toBeVisible();
  await page.getByRole('link', { name: 'See Auto Opt-Outs' }).click();
  await expect(page.getByRole('table').getByText(new RegExp(spaced(person.msisdn)))).toBeVisible();

  // to others it sends nothing, and says why: on Send, and in the log
  await visit(page, '/send');
  await expect(page.getByText('This is a trial account')).toBeVisible();
  await page.getByLabel('Recipients').fill(toNationalForm(await nextMsisdn(database)));
  // marketing waits for its lawful hours
  await page.getByRole('radio', { name: 'Service' }).check();
  await page.getByLabel('Message').fill('The kiln is hot.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Recipients' }).getByText(/^TRIALNOT2SELF: /)).toBeVisible();
  const file = await page.request.get('/api/downloads/outgoing');
  expect(await file.text()).toContain('TRIALNOT2SELF');

  const { rows } = await database.query<{ id: number }>('select id from account where name = $1', [
    person.company,
  ]);
  const staff = await openAs(await createStaff(database));
  await visit(staff, `/admin/accounts/${rows[0]?.id}`);
  await staff.getByRole('button', { name: 'Make full account' }).click();
  const dialog = staff.getByRole('dialog');
  await dialog.getByLabel('Credits').fill('1 000');
  await dialog.getByLabel('Reference').fill('Invoice 7');
  await dialog.getByRole('button', { name: 'Make it a full account' }).click();
  await expect(staff.getByText(/is a full account now/).first()).toBeVisible();
  await readMail(person.email, 'is a full account now');
  await visit(page, '/send');
  await expect(page.getByText('This is a trial account')).toHaveCount(0);
  await page.getByLabel('Recipients').fill(toNationalForm(await nextMsisdn(database)));
  // marketing waits for its lawful hours
  await page.getByRole('radio', { name: 'Service' }).check();
  await page.getByLabel('Message').fill('The kiln is hot.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('1 message is on the way')).toBeVisible();
});

test('what is wrong stands at its field; the link works once, and in its own browser leads on @soak', async ({
  page,
  database,
  openAs,
}) => {
  const person = await createNewcomer(database);
  await visit(page, '/register');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByText('Enter the name of your company.')).toBeVisible();
  await expect(page.getByLabel('Company')).toBeFocused();
  await fillIn(page, person);
  await page.getByLabel('Username').fill('thandi');
  await page.getByLabel('Password', { exact: true }).fill('P@ssw0rd2024');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByText(/This is a well-known password/)).toBeVisible();
  await expect(page.getByLabel('Company')).toHaveValue(person.company);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible();

  const link = findLink(await readMail(person.email, 'Confirm your e-mail address'));
  await visit(page, link);
  await page.getByRole('button', { name: 'Confirm and send the code' }).click();
  await expect(page).toHaveURL('/register/code');
  await visit(page, link);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page).toHaveURL('/register/code');
  const other = await openAs(null);
  await visit(other, link);
  await other.getByRole('button', { name: 'Go on' }).click();
  await expect(other.getByText('This link has been used.').last()).toBeVisible();
  await other.goto('/register/code');
  await expect(other).toHaveURL('/register');

  // the username was taken all along; that is told now
  await waitForReact(page);
  await expect(page.getByText('The username “thandi” is taken.')).toBeVisible();
  await page.getByLabel('Code').fill('12');
  await page.getByLabel('Username').fill(person.username);
  await page.getByRole('button', { name: 'Open my account' }).click();
  await expect(page.getByText(/This is not the code/)).toBeVisible();
  await page.getByLabel('Code').fill(await readCode(page, person.msisdn));
  await page.getByRole('button', { name: 'Open my account' }).click();
  await expect(page).toHaveURL('/welcome');
});

test('a known address gets the same page, and another e-mail @soak', async ({ page, database, openAs }) => {
  const person = await createNewcomer(database);
  await registerAs(page, person);
  const stranger = await openAs(null);
  await visit(stranger, '/register');
  await fillIn(stranger, { ...(await createNewcomer(database)), email: person.email.toUpperCase() });
  await stranger.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(stranger.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible();
  expect(await readMail(person.email, 'You already have a Client Zone account')).toContain(person.username);
});

test('a forgotten password is recovered by a link, and by a code; other browsers are signed out @soak', async ({
  page,
  database,
  openAs,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const person = await createNewcomer(database);
  await registerAs(page, person);
  const stranger = await openAs(null);
  await visit(stranger, '/sign-in');
  await stranger.getByRole('link', { name: 'Forgot your username?' }).click();
  await waitForReact(stranger);
  await stranger.getByLabel('E-mail address').fill(person.email);
  await stranger.getByRole('button', { name: 'Send my username' }).click();
  await expect(stranger.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible();
  expect(await readMail(person.email, 'Your username for the Client Zone')).toContain(person.username);

  await stranger.getByRole('link', { name: 'Forgot your password?' }).click();
  await waitForReact(stranger);
  await stranger.getByLabel('Username').fill(person.username);
  await stranger.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(stranger.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible();
  const link = findLink(await readMail(person.email, 'Choose a new password'));
  await visit(stranger, link);
  await stranger.getByLabel('New password').fill('a bowl of blue glaze');
  await stranger.getByRole('button', { name: 'Change my password' }).click();
  await expect(stranger.getByRole('heading', { name: 'Your password is changed' })).toBeFocused();
  await page.goto('/messages');
  await expect(page).toHaveURL(/\/sign-in/);
  await stranger.goto(link);
  await expect(stranger.getByRole('heading', { name: 'This link cannot be used' })).toBeVisible();
  await signInAs(stranger, person.username, 'a bowl of blue glaze');
  await expect(stranger).toHaveURL('/');

  await visit(page, '/recover');
  await page.getByLabel('Username').fill(person.username);
  await page.getByRole('radio', { name: /A code by SMS/ }).check();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeFocused();
  await page.getByLabel('New password').fill('a bowl of green glaze');
  await page.getByLabel('Code').fill(await readCode(page, person.msisdn));
  await page.getByRole('button', { name: 'Change my password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password is changed' })).toBeVisible();
  await signInAs(page, person.username, 'a bowl of green glaze');
  await expect(page).toHaveURL('/');
});

test('password, address and number are changed by their owner, each confirmed where it leads @soak', async ({
  page,
  database,
  openAs,
}) => {
  const person = await createNewcomer(database);
  const next = await createNewcomer(database);
  await registerAs(page, person);
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Your details' }).click();
  await expect(page).toHaveURL('/details');
  await waitForReact(page);

  const address = page.getByRole('region', { name: 'E-mail address' });
  await address.getByLabel('New e-mail address').fill(next.email);
  await address.getByLabel('Your password now').fill(password);
  await address.getByRole('button', { name: 'Send a link to the new address' }).click();
  await expect(address.getByText(`A link is on its way to ${next.email}`)).toBeVisible();
  // in the browser of the phone, say, where nobody is signed in
  const phone = await openAs(null);
  await visit(phone, findLink(await readMail(next.email, 'Confirm your new e-mail address')));
  await phone.getByRole('button', { name: 'Confirm my new address' }).click();
  await expect(phone.getByRole('heading', { name: 'Your e-mail address is changed' })).toBeVisible();
  await readMail(person.email, 'Your details in the Client Zone were changed');

  await visit(page, '/details');
  await expect(address.getByText(next.email, { exact: true })).toBeVisible();
  const number = page.getByRole('region', { name: 'Cell number' });
  await number.getByLabel('New cell number').fill(next.number);
  await number.getByLabel('Your password now').fill(password);
  await number.getByRole('button', { name: 'Send a code to the new number' }).click();
  await expect(number.getByText('A code is on its way to')).toBeVisible();
  await number.getByLabel('Code').fill(await readCode(page, next.msisdn));
  await number.getByRole('button', { name: 'Confirm the new number' }).click();
  await expect(number.getByText('A code is on its way to')).toHaveCount(0);
  await readPhone(page, person.msisdn, /cell number of your Client Zone user was changed/);

  const own = page.getByRole('region', { name: 'Password' });
  await own.getByLabel('Your password now').fill(password);
  await own.getByLabel('New password').fill('a bowl of red glaze');
  await own.getByRole('button', { name: 'Change my password' }).click();
  await expect(own.getByText('Your password is changed.')).toBeVisible();
  await signInAs(await openAs(null), person.username, 'a bowl of red glaze');
});
