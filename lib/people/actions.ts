'use server';

import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { signInRegistered } from '@/lib/auth/begin-session';
import { composeCookie, registrationCookie } from '@/lib/auth/cookies';
import { openAction } from '@/lib/auth/make-action';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import {
  askRecovery,
  askUsernames,
  choosePassword,
  newPasswordForm,
  recoveryForm,
  usernamesForm,
} from './recovery';
import {
  confirmRegistration,
  finishRegistration,
  register,
  registrationForm,
  sendRegistrationCode,
  typedCode,
  typedMsisdn,
} from './registration';

const tryAgain = 'This could not be done just now. Try again in a moment; what you typed is still here.';
const linkToken = z.string().max(500).catch('');

/** The form of a new account. Whoever it is, the answer tells nothing of who has one. */
export const registerAccount = openAction(
  registrationForm,
  async (pool, _, form) => {
    const result = await register(pool, form, { address: await findVisitorAddress() });
    if (!result.ok) return result;
    await keepTicket(result.ticket);
    return { ok: true as const };
  },
  { doing: 'Registering', failed: tryAgain },
);

/** The button behind the link to a new account's address. Leads to the page of the code. */
export const confirmRegistrationEmail = openAction(
  linkToken,
  async (pool, _, token) => {
    const result = await confirmRegistration(pool, token, await readTicket());
    if (!result.ok) return result;
    await keepTicket(result.ticket);
    redirect('/register/code');
  },
  { doing: 'Confirming the address of a registration', failed: tryAgain },
);

/** Another code, to the number that was typed or to another one. */
export const sendAnotherCode = openAction(
  z.object({ number: typedMsisdn.nullable() }),
  async (pool, _, { number }) => sendRegistrationCode(pool, await readTicket(), number),
  { doing: 'Sending a code for a registration', failed: tryAgain },
);

/** Opens the account and signs its owner in. */
export const openTrialAccount = openAction(
  z.object({
    code: typedCode,
    username: z.string().max(1000),
    password: z.string().max(1000, 'Keep the password to 200 characters.'),
  }),
  async (pool, _, typed) => {
    const now = new Date();
    const visit = { address: await findVisitorAddress() };
    const result = await finishRegistration(pool, await readTicket(), typed, visit, now);
    if (!result.ok) return result;
    (await cookies()).set(composeCookie(registrationCookie, '', 0));
    await signInRegistered(result.userId, now);
    redirect('/welcome');
  },
  { doing: 'Opening a trial account', failed: tryAgain },
);

/** For a day, as long as a registration is kept. */
async function keepTicket(ticket: string): Promise<void> {
  (await cookies()).set(composeCookie(registrationCookie, ticket, 86_400));
}

async function readTicket(): Promise<string | undefined> {
  return (await cookies()).get(registrationCookie.name)?.value;
}

/** A forgotten password: a link or a code, if there is such a user. */
export const recoverPassword = openAction(
  recoveryForm,
  async (pool, _, form) => askRecovery(pool, form, { address: await findVisitorAddress() }),
  { doing: 'Recovering a password', failed: tryAgain },
);

/** A forgotten username. */
export const recoverUsername = openAction(
  usernamesForm,
  async (pool, _, form) => askUsernames(pool, form, { address: await findVisitorAddress() }),
  { doing: 'Recovering a username', failed: tryAgain },
);

/** A new password, by the link or the code. */
export const setNewPassword = openAction(
  newPasswordForm,
  async (pool, _, form) => choosePassword(pool, form, { address: await findVisitorAddress() }),
  {
    doing: 'Choosing a new password',
    failed: 'This could not be done just now. Try again; your password is as it was.',
  },
);
