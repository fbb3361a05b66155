import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { recordActivity } from '@/lib/auth/activity';
import { endSessionsOf } from '@/lib/auth/end-sessions';
import { hashPassword } from '@/lib/auth/password';
import type { Refusal } from '@/lib/auth/schema';
import { normaliseUsername } from '@/lib/auth/sign-in';
import { withTransaction } from '@/lib/db/client';
import { statement, type RowOf } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { describeRefusal, getPlaces } from '@/lib/http/shares';
import { readNetwork } from '@/lib/http/visitor-address';
import { enqueueJobs } from '@/lib/jobs/enqueue';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { endSecrets, issueSecret, readLink, takeLink, tryCode } from '@/lib/secrets/commands';
import { findByEmail, findByUsername, findPerson } from './find-people';
import { describeLinkProblem } from './link-problems';
import { checkPassword } from './password-rules';
import { refuseField, typedEmail, wrongCode, type Visit } from './registration';
import type { RecoveryWay } from './schema';
import { findServiceSender, issueCode } from './send-code';
import { refuseForNow, takeCode, takeGuess, takeRecovery } from './throttle';

const typedUsername = z
  .string()
  .max(1000)
  .transform(normaliseUsername)
  .pipe(z.string().min(1, 'Enter your username.'));

export const recoveryForm = z.object({ username: typedUsername, way: z.enum(['link', 'code']) });
export const usernamesForm = z.object({ email: typedEmail });
/** A new password, by the link that was e-mailed or by the code that came by SMS. */
export const newPasswordForm = z.union([
  z.object({ token: z.string().max(500), password: z.string().max(1000) }),
  z.object({ username: typedUsername, code: z.string().max(100), password: z.string().max(1000) }),
]);

export const subjectOfUser = (userId: number) => `user:${userId}`;
type Person = RowOf<typeof findPerson>;

/**
 * Takes the form of somebody who has forgotten their password. As with all forms of strangers a job finds out
 * whether there is such a user: the answer tells nothing, in words or in time.
 */
export async function askRecovery(
  pool: Pool,
  { username, way }: { username: string; way: RecoveryWay },
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return takeForm(pool, username, visit, () =>
    enqueueJobs(pool, 'send-recovery', [
      { payload: { username, way, secretId: randomUUID(), requestedAt: now.toISOString() }, runAt: now },
    ]),
  );
}

/** The same for a forgotten username. */
export async function askUsernames(
  pool: Pool,
  { email }: { email: string },
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return takeForm(pool, email, visit, () =>
    enqueueJobs(pool, 'send-usernames', [{ payload: { email, requestId: randomUUID() }, runAt: now }]),
  );
}

async function takeForm(
  pool: Pool,
  name: string,
  visit: Visit,
  take: () => Promise<void>,
): Promise<{ ok: true } | Refusal> {
  const place = await getPlaces('public-form').acquire({
    account: null,
    address: readNetwork(visit.address),
  });
  if (!place.ok)
    return { ok: false, reason: 'throttled', message: describeRefusal('public-form', place).detail };
  try {
    const wait = await takeRecovery(pool, name, visit.address);
    if (wait > 0) return refuseForNow(wait);
    await take();
    return { ok: true };
  } finally {
    place.release();
  }
}

/**
 * The job of the form: a link to the user's address, or a code to their confirmed number; nothing when there
 * is no such user.
 */
export async function sendRecovery(
  pool: Pool,
  form: { username: string; way: RecoveryWay; secretId: string; requestedAt: Date },
): Promise<void> {
  const { username, way, secretId, requestedAt } = form;
  const person = await findByUsername.one(pool, { username });
  if (!person?.isActive) return;
  if (way === 'link') {
    await withTransaction(pool, (client) => sendLink(client, person, secretId, requestedAt));
    return;
  }
  const { ownMsisdn: msisdn, id } = person;
  const sender = msisdn === null ? null : await findServiceSender(pool, msisdn);
  if (msisdn === null || sender === null || (await takeCode(pool, msisdn, null)) > 0) return;
  const subject = subjectOfUser(id);
  await withTransaction(pool, (client) =>
    issueCode(client, { id: secretId, purpose: 'recover-by-code', subject, msisdn, sender }, requestedAt),
  );
}

async function sendLink(client: PoolClient, person: Person, secretId: string, now: Date): Promise<void> {
  const subject = subjectOfUser(person.id);
  const issued = await issueSecret(
    client,
    { id: secretId, purpose: 'recover-by-link', subject, sentTo: person.email },
    now,
  );
  if (!issued.ok) return;
  await queuePersonalEmail(client, {
    accountId: person.accountId,
    to: person.email,
    eventKey: '',
    subject: 'Choose a new password for the Client Zone',
    heading: 'Choose a new password',
    paragraphs: [
      `Somebody asked to recover the password of your user ${person.username}. If that was you, follow the link and choose a new one.`,
      'The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.',
    ],
    action: { label: 'Choose a new password', purpose: 'recover-by-link', secretId },
    footer: `You get this e-mail because it is the address of the user ${person.username}.`,
  });
}

/** The job of a forgotten username. */
export async function sendUsernames(
  pool: Pool,
  { email, requestId }: { email: string; requestId: string },
): Promise<void> {
  await withTransaction(pool, async (client) => {
    const people = (await findByEmail.all(client, { email })).filter(({ isActive }) => isActive);
    const [first] = people;
    if (!first) return;
    const names = people.map(({ username, accountName }) =>
      accountName === null ? username : `${username} (${accountName})`,
    );
    await queuePersonalEmail(client, {
      accountId: first.accountId,
      to: first.email,
      eventKey: `usernames:${requestId}`,
      subject: 'Your username for the Client Zone',
      heading: people.length === 1 ? 'Your username' : 'Your usernames',
      paragraphs: [
        `With this e-mail address you sign in as: ${names.join(', ')}.`,
        'If you did not ask for this, there is nothing to do.',
      ],
      action: { label: 'Sign in', url: `${env.APP_URL}/sign-in` },
      footer: 'You get this e-mail because somebody asked for the usernames of this address.',
    });
  });
}

/** What the page behind the link shows. Changes nothing. `newcomer`: whoever chooses their first password. */
export async function readRecoveryLink(
  pool: Pool,
  token: string,
  now = new Date(),
): Promise<{ ok: true; newcomer: string | null } | Refusal> {
  const link = await readLink(pool, 'recover-by-link', token, now);
  if (!link.ok) return { ok: false, reason: link.reason, message: describeLinkProblem(link.reason) };
  const person = await findPerson.one(pool, { id: userOfSubject(link.subject) });
  return { ok: true, newcomer: person?.isNew ? person.username : null };
}

const userOfSubject = (subject: string) => Number(subject.replace('user:', ''));

/** The right code or link, and a password that its owner should not have: nothing of it counts. */
class WeakPasswordError extends Error {
  override readonly name = 'WeakPasswordError';
}

/**
 * Sets a new password by a link or a code, ends all sessions and says so by e-mail. A password that is
 * refused uses up neither. What is known of the user is looked at only once the link or the code has shown
 * that it is they: before, it would tell strangers of them.
 */
export async function choosePassword(
  pool: Pool,
  form: z.output<typeof newPasswordForm>,
  visit: Visit,
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  const name = 'token' in form ? null : form.username;
  if (name !== null) {
    const wait = await takeGuess(pool, name, visit.address);
    if (wait > 0) return refuseForNow(wait);
  }
  // Nobody guesses a link, and hashing is dear: strangers must not have it done as often as they like.
  if ('token' in form) {
    const link = await readRecoveryLink(pool, form.token, now);
    if (!link.ok) return link;
  }
  const weak = await checkPassword(form.password, name === null ? [] : [name]);
  if (weak !== null) return refuseField('password', weak);
  // Hashed for every code: it takes longer than anything that could be told from it.
  const passwordHash = await hashPassword(form.password);
  try {
    return await withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
      const confirmed =
        'token' in form ? await confirmLink(client, form.token, now) : await confirmCode(client, form, now);
      if (!confirmed.ok) return confirmed;
      const { person } = confirmed;
      const problem = await checkPassword(form.password, listOwn(person));
      if (problem !== null) throw new WeakPasswordError(problem);
      await setPassword(
        client,
        person,
        passwordHash,
        { kind: 'password.recover', keptSession: null },
        visit,
        now,
      );
      return { ok: true };
    });
  } catch (error) {
    if (error instanceof WeakPasswordError) return refuseField('password', error.message);
    throw error;
  }
}

async function confirmLink(client: PoolClient, token: string, now: Date) {
  const link = await takeLink(client, 'recover-by-link', token, now);
  if (!link.ok) {
    return { ok: false, reason: link.reason, message: describeLinkProblem(link.reason) } as const;
  }
  const person = await findPerson.one(client, { id: userOfSubject(link.subject) });
  return person?.isActive
    ? ({ ok: true, person } as const)
    : ({ ok: false, reason: 'unknown', message: describeLinkProblem('unknown') } as const);
}

async function confirmCode(client: PoolClient, form: { username: string; code: string }, now: Date) {
  const person = await findByUsername.one(client, { username: form.username });
  // Nobody is user 0: the same statements run for them.
  const subject = subjectOfUser(person?.isActive ? person.id : 0);
  const tried = await tryCode(client, 'recover-by-code', subject, form.code, now);
  return tried.ok && person ? ({ ok: true, person } as const) : refuseField('code', wrongCode);
}

/** What others know of somebody, which makes no password. */
export function listOwn(person: Person): string[] {
  return [person.username, person.name, person.email, person.ownMsisdn ?? '', person.accountName ?? ''];
}

const updatePassword = statement({
  name: 'set-password',
  values: { userId: 'int4', passwordHash: 'text' },
  sql: ($) => `update portal_user set password_hash = ${$.passwordHash} where id = ${$.userId}`,
});

/**
 * Sets a password in the transaction that has made sure of who asks; whoever was signed in otherwise is no
 * longer.
 */
export async function setPassword(
  client: PoolClient,
  person: Person,
  passwordHash: string,
  how: { kind: 'password.recover' | 'password.change'; keptSession: string | null },
  { address }: Visit,
  now: Date,
): Promise<void> {
  await updatePassword.run(client, { userId: person.id, passwordHash });
  await endSessionsOf(client, person.id, how.keptSession);
  // Whoever knew the old password may have begun a change of address or number with it.
  const begun = ['recover-by-link', 'recover-by-code', 'change-email', 'change-number'] as const;
  await endSecrets(client, subjectOfUser(person.id), begun, now);
  await recordActivity(
    client,
    { kind: how.kind, userId: person.id, accountId: person.accountId, address },
    now,
  );
  await queuePersonalEmail(client, {
    accountId: person.accountId,
    to: person.email,
    eventKey: `password:${person.id}:${randomUUID()}`,
    subject: 'Your password for the Client Zone was changed',
    heading: 'Your password was changed',
    paragraphs: [
      `The password of your user ${person.username} was changed${how.kind === 'password.recover' ? ' by a link or a code that we sent you' : ''}. All browsers in which you were signed in are signed out${how.keptSession === null ? '' : ', but the one in which you did it'}.`,
      'If that was not you, recover your password at once and contact support.',
    ],
    action: { label: 'It was not me', url: `${env.APP_URL}/recover` },
    footer: `You get this e-mail because it is the address of the user ${person.username}.`,
  });
}
