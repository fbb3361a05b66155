import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { addUsers, openAccounts } from '@/lib/accounts/open-accounts';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordActivity } from '@/lib/auth/activity';
import { hashPassword } from '@/lib/auth/password';
import type { Refusal } from '@/lib/auth/schema';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { describeRefusal, getPlaces } from '@/lib/http/shares';
import { readNetwork } from '@/lib/http/visitor-address';
import { enqueueJobs } from '@/lib/jobs/enqueue';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { issueSecret, readLink, takeLink, tryCode, type LinkProblem } from '@/lib/secrets/commands';
import { isSameHash } from '@/lib/secrets/derive';
import { codePauseSeconds } from '@/lib/secrets/purposes';
import { formatMsisdn, parseMsisdn } from '@/lib/sms/msisdn';
import { findByEmail, findByMsisdn, findByUsername, lockPeople } from './find-people';
import { drawAccountId } from './draw-account-id';
import { describeLinkProblem } from './link-problems';
import { checkPassword, checkPasswordLength } from './password-rules';
import { checkUsername, type ConfirmedRegistration } from './schema';
import { findServiceSender, issueCode } from './send-code';
import { giveCodeBack, refuseForNow, takeCode, takeGuess, takeRegistration } from './throttle';

/** Where somebody comes from; null without a proxy that is to be trusted. */
export interface Visit {
  address: string | null;
}

/** What a trial begins with: enough to try every step, too little to be of use to anybody else. */
const trialCredits = 10;
/** How long a registration waits for its link and its code. */
const keptHours = 24;

/**
 * One line, as it is shown and sent: without control characters, runs of space or anything invisible at its
 * ends.
 */
export const line = (longest: number, missing: string, tooLong: string) =>
  z
    .string()
    .max(1000, tooLong)
    .transform((typed) =>
      typed
        .toWellFormed()
        .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
        .trim(),
    )
    .pipe(z.string().min(2, missing).max(longest, tooLong));

export const typedMsisdn = z
  .string()
  .trim()
  .min(1, 'Enter your cell number.')
  .max(40, 'That is too long for a number.')
  .transform((typed, context) => {
    const parsed = parseMsisdn(typed);
    if (parsed.ok) return parsed.msisdn;
    context.addIssue({ code: 'custom', message: parsed.message, input: typed });
    return z.NEVER;
  });

export const typedEmail = z
  .string()
  .trim()
  .min(1, 'Enter your e-mail address.')
  .max(254, 'That is too long for an e-mail address.')
  .pipe(z.email('Enter an e-mail address like name@company.co.za.'));

export const typedUsername = z
  .string()
  .max(1000)
  .transform((typed, context) => {
    const problem = checkUsername(typed);
    if (problem === null) return typed.trim().toLowerCase();
    context.addIssue({ code: 'custom', message: problem, input: typed });
    return z.NEVER;
  });

/** A password that is being chosen: whether it is a known one is asked by the command. */
export const typedPassword = z
  .string()
  .max(1000, 'Keep the password to 200 characters.')
  .superRefine((typed, context) => {
    const problem = checkPasswordLength(typed);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem, input: typed });
  });

/** A code of an SMS. An empty field is none of its five tries. */
export const typedCode = z
  .string()
  .max(100, 'That is too long for a code.')
  .refine((typed) => typed.trim() !== '', 'Enter the code of the SMS.');

/** What is typed on the page. `website` is the honeypot. */
export const registrationForm = z.object({
  company: line(60, 'Enter the name of your company.', 'Keep the name of the company to 60 characters.'),
  name: line(80, 'Enter your name.', 'Keep your name to 80 characters.'),
  email: typedEmail,
  number: typedMsisdn,
  username: typedUsername,
  password: typedPassword,
  website: z.string().max(1000).default(''),
});
export type RegistrationForm = z.output<typeof registrationForm>;

const registrationColumns = columnsOf(
  'Registration',
  'id',
  'company',
  'name',
  'email',
  'msisdn',
  'username',
  'passwordHash',
  'ticketHash',
  'emailConfirmedAt',
  'openedAt',
  'createdAt',
);

const insertRegistration = statement({
  name: 'insert-registration',
  values: {
    id: 'uuid',
    company: 'text',
    name: 'text',
    email: 'text',
    msisdn: 'text',
    username: 'text',
    passwordHash: 'text',
    ticketHash: 'text',
    now: 'timestamptz',
  },
  sql: ($) => `
    insert into registration (id, company, name, email, msisdn, username, password_hash, ticket_hash, created_at)
    values (${$.id}, ${$.company}, ${$.name}, ${$.email}, ${$.msisdn}, ${$.username}, ${$.passwordHash}, ${$.ticketHash},
      ${$.now})`,
});

/**
 * By what a browser shows that a registration is its own: where the form was sent, or, if that was elsewhere,
 * where the link was followed.
 */
function drawTicket(id: string): { ticket: string; ticketHash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { ticket: `${id}.${secret}`, ticketHash: hashTicket(secret) };
}
const hashTicket = (secret: string) => createHash('sha256').update(secret).digest('base64url');

const findRegistration = statement({
  name: 'find-registration',
  values: { id: 'uuid?' },
  columns: registrationColumns,
  sql: ($) => `select ${selectSql(registrationColumns)} from registration where id = ${$.id}`,
});

/** The same, held until the transaction ends. */
const holdRegistration = statement({
  name: 'hold-registration',
  values: { id: 'uuid?' },
  columns: registrationColumns,
  sql: ($) => `select ${selectSql(registrationColumns)} from registration where id = ${$.id} for update`,
});

const existsSharedSender = statement({
  name: 'exists-shared-sender',
  columns: { exists: 'bool' },
  sql: () => `select exists (select from sender_number where enabled and account_id is null)`,
});

/**
 * Whether one can register: a trial sends from the shared numbers, and without any there would be nothing to
 * try.
 */
export async function isRegistrationOpen(pool: Pool): Promise<boolean> {
  return (await existsSharedSender.one(pool, {}))?.exists ?? false;
}

/**
 * Takes the form of somebody who wants an account. The answer tells nothing, in words or in time: whether
 * address, number or username belong to anybody is for a job to find out, and whoever waits for the answer
 * waits for the same statements in every case.
 *
 * @returns the ticket of this browser, by which the link of the e-mail knows it again; of a program, one of
 *   nothing
 */
export async function register(
  pool: Pool,
  form: RegistrationForm,
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true; ticket: string } | Refusal> {
  const { company, name, email, number: msisdn, username, password } = form;
  const problem = await checkPassword(password, [username, name, company, email, msisdn]);
  if (problem !== null)
    return { ok: false, reason: 'invalid', message: problem, fields: { password: problem } };
  const place = await getPlaces('public-form').acquire({
    account: null,
    address: readNetwork(visit.address),
  });
  if (!place.ok)
    return { ok: false, reason: 'throttled', message: describeRefusal('public-form', place).detail };
  try {
    const wait = await takeRegistration(pool, { email, msisdn }, visit.address);
    if (wait > 0) return refuseForNow(wait);
    const id = randomUUID();
    const { ticket, ticketHash } = drawTicket(id);
    const isProgram = form.website !== '';
    if (isProgram) return { ok: true, ticket };
    const passwordHash = await hashPassword(password);
    await withTransaction(pool, async (client) => {
      await insertRegistration.run(client, {
        id,
        company,
        name,
        email,
        msisdn,
        username,
        passwordHash,
        ticketHash,
        now,
      });
      await enqueueJobs(client, 'open-registration', [
        {
          payload: { registrationId: id, secretId: randomUUID(), requestedAt: now.toISOString() },
          runAt: now,
        },
      ]);
    });
    return { ok: true, ticket };
  } finally {
    place.release();
  }
}

const subjectOf = (registrationId: string) => `registration:${registrationId}`;
const idOf = (subject: string) => subject.replace(/^registration:/, '');

const existsNewer = statement({
  name: 'exists-newer-registration',
  values: { email: 'text', createdAt: 'timestamptz' },
  columns: { exists: 'bool' },
  sql: ($) => `select exists (
    select from registration where lower(email) = lower(${$.email}) and created_at > ${$.createdAt})`,
});
const endEarlierLinks = statement({
  name: 'end-links-of-earlier-registrations',
  values: { id: 'uuid', email: 'text', now: 'timestamptz' },
  sql: ($) => `
    update one_time_secret set replaced_at = ${$.now}
    where purpose = 'register-email' and used_at is null and replaced_at is null and subject in (
      select 'registration:' || id from registration where lower(email) = lower(${$.email}) and id <> ${$.id})`,
});

const footer =
  'You get this e-mail because somebody entered your address on the Client Zone’s page for new accounts.';

/**
 * The job of a form that was sent: the link, or for whoever has an account already an e-mail that says so. Of
 * a number that somebody has, they are told as well; the form's address gets its link all the same, or its
 * absence would tell whose number it is.
 */
export async function openRegistration(
  pool: Pool,
  { registrationId, secretId, requestedAt }: { registrationId: string; secretId: string; requestedAt: Date },
): Promise<void> {
  await withTransaction(pool, async (client) => {
    const registration = await findRegistration.one(client, { id: registrationId });
    if (!registration) return;
    const { email, company, msisdn, createdAt } = registration;
    const known = await findByEmail.all(client, { email });
    for (const person of await findByMsisdn.all(client, { msisdn })) {
      if (known.some(({ id }) => id === person.id) || !person.isActive) continue;
      await queuePersonalEmail(client, {
        accountId: person.accountId,
        to: person.email,
        eventKey: `registration:${registrationId}:number:${person.id}`,
        subject: 'Your cell number was entered for a new Client Zone account',
        heading: 'You already have an account',
        paragraphs: [
          `Somebody entered your cell number, ${formatMsisdn(msisdn)}, for a new account. It belongs to your user ${person.username}.`,
          'If that was you, sign in with that username instead. If it was not you, there is nothing to do: without your phone, nobody can go on.',
        ],
        action: { label: 'Sign in', url: `${env.APP_URL}/sign-in` },
        footer:
          'You get this e-mail because your cell number was entered on the Client Zone’s page for new accounts.',
      });
    }
    if (known.length > 0) {
      const names = known.map(({ username }) => username).join(', ');
      await queuePersonalEmail(client, {
        accountId: known[0]?.accountId ?? null,
        to: known[0]?.email ?? email,
        eventKey: `registration:${registrationId}:email`,
        subject: 'You already have a Client Zone account',
        heading: 'You already have an account',
        paragraphs: [
          `Somebody, probably you, entered your address to open a new account for ${company}. No second one was opened.`,
          `Sign in with your username: ${names}. If you have forgotten your password, choose “Forgot your password?” there.`,
        ],
        action: { label: 'Sign in', url: `${env.APP_URL}/sign-in` },
        footer,
      });
      return;
    }
    // Of several forms with one address the newest counts, whichever job comes first.
    await lockPeople(client);
    if ((await existsNewer.only(client, { email, createdAt })).exists) return;
    const subject = subjectOf(registrationId);
    const issued = await issueSecret(
      client,
      { id: secretId, purpose: 'register-email', subject, sentTo: email },
      requestedAt,
    );
    if (!issued.ok) return;
    await endEarlierLinks.run(client, { id: registrationId, email, now: requestedAt });
    await queuePersonalEmail(client, {
      accountId: null,
      to: email,
      eventKey: '',
      subject: 'Confirm your e-mail address for the Client Zone',
      heading: 'Confirm your e-mail address',
      paragraphs: [
        `You are about to open a free trial account for ${company}. Follow the link and confirm; then we send a code to ${formatMsisdn(msisdn)}.`,
        'The link works once, for 30 minutes. If you did not ask for this, do nothing.',
      ],
      action: { label: 'Confirm my address', purpose: 'register-email', secretId },
      footer,
    });
  });
}

/** What the page behind the link shows. Changes nothing. */
export async function readRegistrationLink(
  pool: Pool,
  token: string,
  now = new Date(),
): Promise<{ ok: true; email: string } | { ok: false; reason: LinkProblem; message: string }> {
  const link = await readLink(pool, 'register-email', token, now);
  if (link.ok) return { ok: true, email: link.sentTo };
  return { ok: false, reason: link.reason, message: describeLinkProblem(link.reason) };
}

const confirmEmailSql = statement({
  name: 'confirm-registration',
  values: { id: 'uuid', newTicketHash: 'text?', now: 'timestamptz' },
  sql: ($) => `
    update registration set email_confirmed_at = ${$.now}, ticket_hash = coalesce(${$.newTicketHash}, ticket_hash),
      password_hash = case when ${$.newTicketHash}::text is null then password_hash end
    where id = ${$.id} and email_confirmed_at is null`,
});

/**
 * Confirms the address, once, and sends the code. In another browser than the one that sent the form its
 * password does not count, and is chosen anew: somebody else may have typed it, with the address and number
 * of whoever confirms them, to sign in to their account later.
 *
 * @param ticket of this browser, if it has one: the link pressed twice leads on
 * @returns the ticket by which this browser goes on
 */
export async function confirmRegistration(
  pool: Pool,
  token: string,
  ticket: string | undefined,
  now = new Date(),
): Promise<{ ok: true; ticket: string } | Refusal> {
  const confirmed = await withTransaction(pool, async (client) => {
    const link = await takeLink(client, 'register-email', token, now);
    if (!link.ok) return link;
    const id = idOf(link.subject);
    const isSameBrowser = (await findByTicket(client, ticket))?.id === id;
    const drawn = drawTicket(id);
    const newTicketHash = isSameBrowser ? null : drawn.ticketHash;
    const isThere = await confirmEmailSql.run(client, { id, newTicketHash, now });
    if (!isThere) return { ok: false, reason: 'expired' } as const;
    return { ok: true, ticket: isSameBrowser ? (ticket as string) : drawn.ticket } as const;
  });
  if (!confirmed.ok) {
    const own = confirmed.reason === 'used' ? await readTicket(pool, ticket, now) : null;
    if (own && 'subject' in confirmed && confirmed.subject === subjectOf(own.id)) {
      return { ok: true, ticket: ticket as string };
    }
    return { ok: false, reason: confirmed.reason, message: describeLinkProblem(confirmed.reason) };
  }
  // That no code can leave just now is said on the next page, where another can be asked for.
  await sendRegistrationCode(pool, confirmed.ticket, null, now);
  return { ok: true, ticket: confirmed.ticket };
}

/** The registration of a browser's ticket, however far it has come; null: there is none, or not of it. */
async function findByTicket(pool: Pool | PoolClient, ticket: string | undefined, hold = false) {
  const [, id = null, secret = ''] = /^([0-9a-f-]{36})\.([\w-]{43})$/.exec(ticket ?? '') ?? [];
  const registration = await (hold ? holdRegistration : findRegistration).one(pool, { id });
  if (!registration?.ticketHash || !isSameHash(hashTicket(secret), registration.ticketHash)) return null;
  return registration;
}

/** The same while it is open, with its address confirmed. */
async function readTicket(pool: Pool | PoolClient, ticket: string | undefined, now: Date, hold = false) {
  const registration = await findByTicket(pool, ticket, hold);
  if (!registration?.emailConfirmedAt) return null;
  const isOver = registration.createdAt.getTime() + keptHours * 3_600_000 <= now.getTime();
  return isOver || registration.openedAt ? null : registration;
}

const findLastCode = statement({
  name: 'find-last-registration-code',
  values: { subject: 'text' },
  columns: { at: 'timestamptz?' },
  sql: ($) => `select max(created_at) as at from one_time_secret
    where subject = ${$.subject} and purpose = 'register-number'`,
});

/** What the page of the code shows; null: this browser has no registration to go on with. */
export async function readConfirmedRegistration(
  pool: Pool,
  ticket: string | undefined,
  now = new Date(),
): Promise<ConfirmedRegistration | null> {
  const registration = await readTicket(pool, ticket, now);
  if (!registration) return null;
  const { id, company, email, msisdn, username } = registration;
  const last = (await findLastCode.one(pool, { subject: subjectOf(id) }))?.at ?? null;
  const waitMs = last ? last.getTime() + codePauseSeconds * 1000 - now.getTime() : 0;
  return {
    company,
    email,
    msisdn,
    username,
    isUsernameTaken: (await findByUsername.one(pool, { username })) !== undefined,
    needsPassword: registration.passwordHash === null,
    waitSeconds: Math.max(0, Math.ceil(waitMs / 1000)),
  };
}

const noTicket: Refusal = {
  ok: false,
  reason: 'no-registration',
  message: 'This registration is over, or was begun in another browser. Register again.',
};
const noSender: Refusal = {
  ok: false,
  reason: 'no-sender',
  message: 'No SMS can be sent just now. Please try again later, or contact support.',
};

const setNumber = statement({
  name: 'set-number-of-registration',
  values: { id: 'uuid', msisdn: 'text' },
  sql: ($) => `update registration set msisdn = ${$.msisdn} where id = ${$.id} and opened_at is null`,
});

/**
 * Sends a code, the first or another one.
 *
 * @param msisdn another number than the one that was typed; null: that one
 */
export async function sendRegistrationCode(
  pool: Pool,
  ticket: string | undefined,
  msisdn: string | null,
  now = new Date(),
): Promise<{ ok: true; waitSeconds: number } | Refusal> {
  const registration = await readTicket(pool, ticket, now);
  if (!registration) return noTicket;
  const to = msisdn ?? registration.msisdn;
  const sender = await findServiceSender(pool, to);
  if (sender === null) return noSender;
  const subject = subjectOf(registration.id);
  const wait = await takeCode(pool, to, subject);
  if (wait > 0) return refuseForNow(wait);
  const issued = await withTransaction(pool, async (client) => {
    const result = await issueCode(
      client,
      {
        id: randomUUID(),
        purpose: 'register-number',
        subject,
        msisdn: to,
        sender,
      },
      now,
    );
    if (result.ok && msisdn !== null) await setNumber.run(client, { id: registration.id, msisdn });
    return result;
  });
  if (issued.ok) return { ok: true, waitSeconds: codePauseSeconds };
  await giveCodeBack(pool, to, subject);
  const waitSeconds = issued.reason === 'too-soon' ? issued.waitSeconds : codePauseSeconds;
  return {
    ok: false,
    reason: 'too-soon',
    message: `A code is on its way. Another can be sent in ${waitSeconds} seconds.`,
  };
}

const setOpened = statement({
  name: 'set-registration-opened',
  values: { id: 'uuid', accountId: 'int4', now: 'timestamptz' },
  sql: ($) => `
    update registration set opened_account_id = ${$.accountId}, opened_at = ${$.now}
    where id = ${$.id} and opened_at is null`,
});

/**
 * Opens the account, with the code: what it needs is complete then, and belongs to whoever typed it.
 *
 * @param typed with a password where that of the form does not count
 */
export async function finishRegistration(
  pool: Pool,
  ticket: string | undefined,
  typed: { code: string; username: string; password: string },
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true; accountId: number; userId: number } | Refusal> {
  const username = typedUsername.safeParse(typed.username);
  if (!username.success) return refuseField('username', username.error.issues[0]?.message ?? '');
  const seen = await readTicket(pool, ticket, now);
  if (!seen) return noTicket;
  if (seen.passwordHash === null) {
    const own = [username.data, seen.name, seen.company, seen.email, seen.msisdn];
    const problem = await checkPassword(typed.password, own);
    if (problem !== null) return refuseField('password', problem);
  }
  const wait = await takeGuess(pool, seen.id, visit.address);
  if (wait > 0) return refuseForNow(wait);
  const passwordHash = seen.passwordHash ?? (await hashPassword(typed.password));
  return withTransaction(pool, async (client) => {
    await lockPeople(client);
    const registration = await readTicket(client, ticket, now, true);
    if (!registration) return noTicket;
    if (await findByUsername.one(client, { username: username.data })) {
      return refuseField('username', `“${username.data}” is taken. Choose another username.`);
    }
    const confirmed = await tryCode(client, 'register-number', subjectOf(registration.id), typed.code, now);
    if (!confirmed.ok) return refuseField('code', wrongCode);
    const { email, company, name } = registration;
    const msisdn = confirmed.sentTo;
    const others = [
      ...(await findByEmail.all(client, { email })),
      ...(await findByMsisdn.all(client, { msisdn })),
    ];
    if (others.length > 0) {
      return {
        ok: false,
        reason: 'already',
        message:
          'There is an account with this e-mail address or cell number already. Sign in; if you have forgotten your username or password, you can recover them there.',
      };
    }
    const accountId = await drawAccountId(client);
    await openAccounts(client, [
      { id: accountId, name: company, ownerEmail: email, credits: trialCredits, trialMsisdn: msisdn },
    ]);
    const [userId] = await addUsers(client, [
      { username: username.data, email, ownMsisdn: msisdn, name, passwordHash, accountId },
    ]);
    if (userId === undefined) throw new Error('The user was not added.');
    await setOpened.run(client, { id: registration.id, accountId, now });
    await recordActivity(
      client,
      { kind: 'account.register', userId, accountId, address: visit.address },
      now,
    );
    await queuePersonalEmail(client, {
      accountId,
      to: email,
      eventKey: 'welcome',
      subject: `Welcome to the Client Zone: your account is ${formatAccountNumber(accountId)}`,
      heading: `Your account ${formatAccountNumber(accountId)} is open`,
      paragraphs: [
        `${company} has a free trial account with ${trialCredits} credits. Your username is ${username.data}.`,
        `A trial sends only to your own number, ${formatMsisdn(msisdn)}. To send to your customers, ask us to make it a full account.`,
      ],
      action: { label: 'Take the first steps', url: `${env.APP_URL}/welcome` },
      footer: `You get this e-mail as the owner of account ${formatAccountNumber(accountId)}.`,
    });
    return { ok: true, accountId, userId };
  });
}

export const wrongCode =
  'This is not the code, or it no longer works: it has ten minutes and five tries. Ask for another one if you need it.';

export function refuseField(field: string, message: string): Refusal {
  return { ok: false, reason: 'invalid', message, fields: { [field]: message } };
}

const deleteOld = statement({
  name: 'delete-old-registrations',
  values: { before: 'timestamptz' },
  sql: ($) => `delete from registration where created_at < ${$.before}`,
});

/** Forgets what was typed, whatever became of it. */
export async function pruneRegistrations(pool: Pool, now: Date): Promise<void> {
  await deleteOld.run(pool, { before: new Date(now.getTime() - keptHours * 3_600_000) });
}
