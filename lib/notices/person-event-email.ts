import type { Pool } from 'pg';
import { homeAccountSql } from '@/lib/auth/membership-sql';
import type { PersonEvent } from '@/lib/auth/person-events';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { queuePersonalEmail } from './personal-email';

interface PersonEventEmail {
  userId: number;
  event: PersonEvent;
  details: Readonly<Record<string, string | number>>;
  at: Date;
  /** The same event is told once, whatever is tried again. */
  eventKey: string;
}

type Details = PersonEventEmail['details'];

const words: Record<PersonEvent, { title: string; text: (details: Details) => string[] }> = {
  'app-added': {
    title: 'Two-factor sign-in is on',
    text: () => ['An authenticator app was set up. From now on a code of it is asked for when you sign in.'],
  },
  'app-replaced': {
    title: 'Your authenticator app was replaced',
    text: () => ['Another authenticator app was set up. Codes of the one before no longer work.'],
  },
  'app-removed': {
    title: 'Your authenticator app was removed',
    text: () => ['Codes of the app are no longer asked for when you sign in, and no longer work.'],
  },
  'passkey-added': {
    title: 'A passkey was added',
    text: ({ name }) => [`The passkey “${name}” was added. It signs you in without your password.`],
  },
  'passkey-removed': {
    title: 'A passkey was removed',
    text: ({ name }) => [`The passkey “${name}” was removed, and no longer signs you in.`],
  },
  'recovery-codes-renewed': {
    title: 'You have new recovery codes',
    text: () => ['Ten new recovery codes were made. Those from before no longer work.'],
  },
  'recovery-code-used': {
    title: 'A recovery code was used to sign in',
    text: ({ left }) => [
      'Somebody signed in with your password and one of your recovery codes.',
      left === 0
        ? 'It was the last one. Make new ones under Security.'
        : `${left === 1 ? 'One code is' : `${left} codes are`} left.`,
    ],
  },
  'second-factor-required': {
    title: 'Your account now asks for a second factor',
    text: () => [
      'Somebody of your account has decided that everyone who works with it uses a second factor: an authenticator app on your phone, or a passkey.',
      'At your next sign-in you will be led to set one up. It takes two minutes, and you can do it now.',
    ],
  },
  'codes-guessed': {
    title: 'Somebody may know your password',
    text: () => [
      'Somebody signed in with your password, and then typed a wrong code of your second factor many times. They did not get in.',
      'If that was not you, choose another password now.',
    ],
  },
};

/** Of these its reader knows already whether it was them. */
const isNoAlarm: ReadonlySet<PersonEvent> = new Set(['second-factor-required', 'codes-guessed']);

const findPerson = statement({
  name: 'find-person-to-email',
  values: { userId: 'int4' },
  columns: { ...columnsOf('User', 'email', 'username', 'role'), accountId: 'Membership.accountId?' },
  sql: ($) => `
    select ${homeAccountSql} as "accountId", u.email, u.username, u.role from portal_user u where u.id = ${$.userId}`,
});

/** Tells somebody by e-mail, at their own address, what happened to how they sign in. */
export async function emailPersonEvent(pool: Pool, happened: PersonEventEmail): Promise<void> {
  const { event, details, at, eventKey } = happened;
  const { title, text } = words[event];
  const when = new Intl.DateTimeFormat('en-ZA', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Africa/Johannesburg',
  }).format(at);
  await withTransaction(pool, async (client) => {
    const person = await findPerson.one(client, { userId: happened.userId });
    // Gone since.
    if (!person) return;
    await queuePersonalEmail(client, {
      accountId: person.accountId,
      to: person.email,
      subject: title,
      eventKey,
      heading: title,
      paragraphs: [
        ...text(details),
        `It happened on ${when} (South African time), for the username ${person.username}.`,
        ...(isNoAlarm.has(event)
          ? []
          : ['If it was not you, change your password and end your other sessions under Security.']),
      ],
      action: {
        label: 'Open Security',
        url: `${env.APP_URL}${person.role === 'STAFF' ? '/admin' : ''}/account/security`,
      },
      footer: `You get this e-mail as ${person.username} of the Client Zone.`,
    });
  });
}
