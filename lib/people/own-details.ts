import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { recordActivity } from '@/lib/auth/activity';
import { hashPassword, verifyPassword } from '@/lib/auth/password';
import type { Refusal } from '@/lib/auth/schema';
import type { PersonScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { queueServiceSms } from '@/lib/messages/service-sms';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { endSecrets, issueSecret, readLink, takeLink, tryCode } from '@/lib/secrets/commands';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { findByEmail, findByMsisdn, findPerson, lockPeople } from './find-people';
import { describeLinkProblem } from './link-problems';
import { checkPassword } from './password-rules';
import { listOwn, setPassword, subjectOfUser } from './recovery';
import { refuseField, typedEmail, typedMsisdn, wrongCode, type Visit, typedPassword } from './registration';
import type { OwnDetails } from './schema';
import { findServiceSender, issueCode } from './send-code';
import { giveCodeBack, refuseForNow, takeCode, takeGuess, takeOwnPassword } from './throttle';

const ownPassword = z.string().min(1, 'Enter your password.').max(1000, 'That is too long for a password.');
export const passwordChange = z.object({ current: ownPassword, password: typedPassword });
export const emailChange = z.object({ email: typedEmail, current: ownPassword });
export const numberChange = z.object({ number: typedMsisdn, current: ownPassword });

const findWaiting = statement({
  name: 'find-waiting-changes',
  values: { subject: 'text', now: 'timestamptz' },
  columns: columnsOf('OneTimeSecret', 'purpose', 'sentTo'),
  sql: ($) => `
    select purpose, sent_to as "sentTo" from one_time_secret
    where subject = ${$.subject} and purpose in ('change-email', 'change-number')
      and used_at is null and replaced_at is null and expires_at > ${$.now}`,
});

/** What somebody sees of themselves; a new address or number waits here until it is confirmed. */
export async function readOwnDetails(pool: Pool, userId: number, now = new Date()): Promise<OwnDetails> {
  const [person, waiting] = await Promise.all([
    findPerson.one(pool, { id: userId }),
    findWaiting.all(pool, { subject: subjectOfUser(userId), now }),
  ]);
  if (!person) throw new Error(`There is no user ${userId}.`);
  const sentTo = (purpose: string) => waiting.find((one) => one.purpose === purpose)?.sentTo ?? null;
  return {
    name: person.name,
    username: person.username,
    email: person.email,
    msisdn: person.ownMsisdn,
    newEmail: sentTo('change-email'),
    newMsisdn: sentTo('change-number'),
  };
}

type Person = NonNullable<Awaited<ReturnType<typeof findPerson.one>>>;

/** Whoever sits at an open page knows the password of its owner, or changes nothing. */
async function confirmOwner(
  pool: Pool,
  self: PersonScope,
  current: string,
): Promise<{ ok: true; person: Person } | Refusal> {
  const wait = await takeOwnPassword(pool, self.userId);
  if (wait > 0) return refuseForNow(wait);
  const person = await findPerson.one(pool, { id: self.userId });
  const matches = await verifyPassword(person?.passwordHash ?? null, current);
  return person && matches
    ? { ok: true, person }
    : refuseField('current', 'This is not your password. Check it and try again.');
}

/** Changes the password; other browsers are signed out. */
export async function changePassword(
  pool: Pool,
  self: PersonScope,
  typed: { current: string; password: string },
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  const owner = await confirmOwner(pool, self, typed.current);
  if (!owner.ok) return owner;
  if (typed.password === typed.current) return refuseField('password', 'This is the password that you have.');
  const problem = await checkPassword(typed.password, listOwn(owner.person));
  if (problem !== null) return refuseField('password', problem);
  const passwordHash = await hashPassword(typed.password);
  await withTransaction(pool, (client) =>
    setPassword(
      client,
      owner.person,
      passwordHash,
      { kind: 'password.change', keptSession: self.sessionId },
      self,
      now,
    ),
  );
  return { ok: true };
}

/**
 * Sends a link to a new address; the old one stays until it is followed. An address that somebody has already
 * gets an e-mail that says so, and the page says the same.
 */
export async function askEmailChange(
  pool: Pool,
  self: PersonScope,
  typed: { email: string; current: string },
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  const owner = await confirmOwner(pool, self, typed.current);
  if (!owner.ok) return owner;
  const { person } = owner;
  const { email } = typed;
  if (email === person.email) return refuseField('email', 'This is the address that you have.');
  await withTransaction(pool, async (client) => {
    const others = (await findByEmail.all(client, { email })).filter(({ id }) => id !== person.id);
    const secretId = randomUUID();
    // Made in both cases, so that the page shows the same; nobody holds the link of one that is taken.
    const secret = {
      id: secretId,
      purpose: 'change-email' as const,
      subject: subjectOfUser(person.id),
      sentTo: email,
    };
    await issueSecret(client, secret, now);
    const footer = `You get this e-mail because ${person.name} entered your address in the Client Zone.`;
    if (others.length > 0) {
      await queuePersonalEmail(client, {
        accountId: null,
        to: email,
        eventKey: `email-taken:${secretId}`,
        subject: 'Your address was entered for another user of the Client Zone',
        heading: 'You already have a user',
        paragraphs: [
          `Somebody entered your address for their user. It belongs to yours, ${others.map(({ username }) => username).join(', ')}, and nothing was changed.`,
        ],
        action: { label: 'Sign in', url: `${env.APP_URL}/sign-in` },
        footer,
      });
      return;
    }
    await queuePersonalEmail(client, {
      accountId: person.accountId,
      to: email,
      eventKey: '',
      subject: 'Confirm your new e-mail address for the Client Zone',
      heading: 'Confirm your new e-mail address',
      paragraphs: [
        `This is to be the address of the user ${person.username}. Follow the link and confirm; until then the old one stays.`,
        'The link works once, for 30 minutes. If you did not ask for this, do nothing.',
      ],
      action: { label: 'Confirm my new address', purpose: 'change-email', secretId },
      footer,
    });
  });
  return { ok: true };
}

/** What the page behind the link shows. Changes nothing. */
export async function readEmailChangeLink(
  pool: Pool,
  token: string,
  now = new Date(),
): Promise<{ ok: true; email: string } | { ok: false; message: string }> {
  const link = await readLink(pool, 'change-email', token, now);
  return link.ok
    ? { ok: true, email: link.sentTo }
    : { ok: false, message: describeLinkProblem(link.reason) };
}

const setEmail = statement({
  name: 'set-email-of-user',
  values: { userId: 'int4', before: 'text', after: 'text' },
  sql: ($) => `
    with moved as (
      -- whoever owns accounts by this address owns them by the new one
      update account set owner_email = ${$.after} where lower(owner_email) = lower(${$.before})
        and id in (select account_id from membership where user_id = ${$.userId})
    )
    update portal_user set email = ${$.after} where id = ${$.userId}`,
});

/**
 * Changes the address, by the link that was sent to the new one; the old one is told. The link is the gate:
 * it may be another browser.
 */
export async function confirmEmailChange(
  pool: Pool,
  token: string,
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
    await lockPeople(client);
    const link = await takeLink(client, 'change-email', token, now);
    if (!link.ok) return { ok: false, reason: link.reason, message: describeLinkProblem(link.reason) };
    const person = await findOwner(client, link.subject);
    const others = await findByEmail.all(client, { email: link.sentTo });
    if (!person?.isActive || others.some(({ id }) => id !== person.id)) {
      return { ok: false, reason: 'unknown', message: describeLinkProblem('unknown') };
    }
    await setEmail.run(client, {
      userId: person.id,
      before: person.email,
      after: link.sentTo,
    });
    // One that was sent to the old address is for whoever reads that.
    await endSecrets(client, link.subject, ['recover-by-link'], now);
    await recordChange(client, person, 'email.change', visit, now);
    await tellOld(client, person, link.id, [
      `The e-mail address of your user ${person.username} was changed to another one. This is the last e-mail to this address.`,
    ]);
    return { ok: true };
  });
}

/** Sends a code to a new number; the old one stays until it is entered. */
export async function askNumberChange(
  pool: Pool,
  self: PersonScope,
  typed: { number: string; current: string },
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  const owner = await confirmOwner(pool, self, typed.current);
  if (!owner.ok) return owner;
  const { number: msisdn } = typed;
  if (msisdn === owner.person.ownMsisdn) return refuseField('number', 'This is the number that you have.');
  const sender = await findServiceSender(pool, msisdn);
  if (sender === null) {
    return {
      ok: false,
      reason: 'no-sender',
      message: 'No SMS can be sent just now. Please try again later.',
    };
  }
  const subject = subjectOfUser(self.userId);
  const wait = await takeCode(pool, msisdn, subject);
  if (wait > 0) return refuseForNow(wait);
  const issued = await withTransaction(pool, (client) =>
    issueCode(client, { id: randomUUID(), purpose: 'change-number', subject, msisdn, sender }, now),
  );
  if (issued.ok) return { ok: true };
  await giveCodeBack(pool, msisdn, subject);
  const waitSeconds = issued.reason === 'too-soon' ? issued.waitSeconds : 60;
  return {
    ok: false,
    reason: 'too-soon',
    message: `A code is on its way. Another can be sent in ${waitSeconds} seconds.`,
  };
}

const setNumber = statement({
  name: 'set-number-of-user',
  values: { userId: 'int4', before: 'text?', after: 'text' },
  sql: ($) => `
    with moved as (
      -- a trial writes to its owner's number, wherever that is now
      update account set trial_msisdn = ${$.after} where trial_msisdn = ${$.before}
        and id in (select account_id from membership where user_id = ${$.userId})
    )
    update portal_user set own_msisdn = ${$.after} where id = ${$.userId}`,
});

/**
 * Changes the number, by the code that was sent to the new one; the old one is told, and the e-mail address.
 */
export async function confirmNumberChange(
  pool: Pool,
  self: PersonScope,
  { code }: { code: string },
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  const wait = await takeGuess(pool, `user:${self.userId}`, self.address);
  if (wait > 0) return refuseForNow(wait);
  const before = (await findPerson.one(pool, { id: self.userId }))?.ownMsisdn ?? null;
  const sender = before === null ? null : await findServiceSender(pool, before);
  return withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
    await lockPeople(client);
    const confirmed = await tryCode(client, 'change-number', subjectOfUser(self.userId), code, now);
    if (!confirmed.ok) return refuseField('code', wrongCode);
    const person = await findPerson.one(client, { id: self.userId });
    if (!person) throw new Error(`There is no user ${self.userId}.`);
    const msisdn = confirmed.sentTo;
    // They hold the phone, so they may know.
    const others = await findByMsisdn.all(client, { msisdn });
    if (others.some(({ id }) => id !== person.id)) {
      return {
        ok: false,
        reason: 'already',
        message: 'This number belongs to another user. Nothing was changed.',
      };
    }
    await setNumber.run(client, {
      userId: person.id,
      before: person.ownMsisdn,
      after: msisdn,
    });
    await endSecrets(client, confirmed.subject, ['recover-by-code'], now);
    await recordChange(client, person, 'number.change', self, now);
    await tellOld(client, person, confirmed.id, [
      `The cell number of your user ${person.username} was changed to ${formatMsisdn(msisdn)}.`,
    ]);
    if (before !== null && sender !== null) {
      await queueServiceSms(client, {
        key: `number-changed:${confirmed.id}`,
        msisdn: before,
        sender,
        text: 'The cell number of your Client Zone user was changed; this one is no longer used. If it was not you, contact support.',
      });
    }
    return { ok: true };
  });
}

async function findOwner(client: PoolClient, subject: string): Promise<Person | undefined> {
  return findPerson.one(client, { id: Number(subject.replace('user:', '')) });
}

function recordChange(
  client: PoolClient,
  person: Person,
  kind: 'email.change' | 'number.change',
  { address }: Visit,
  now: Date,
): Promise<void> {
  return recordActivity(client, { kind, userId: person.id, accountId: person.accountId, address }, now);
}

/** Tells the address that somebody had before the change. */
function tellOld(
  client: PoolClient,
  person: Person,
  changeId: string,
  paragraphs: readonly string[],
): Promise<void> {
  return queuePersonalEmail(client, {
    accountId: person.accountId,
    to: person.email,
    eventKey: `details-changed:${changeId}`,
    subject: 'Your details in the Client Zone were changed',
    heading: 'Your details were changed',
    paragraphs: [...paragraphs, 'If that was not you, recover your password at once and contact support.'],
    action: { label: 'It was not me', url: `${env.APP_URL}/recover` },
    footer: `You get this e-mail because it was the address of the user ${person.username}.`,
  });
}
