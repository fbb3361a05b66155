import type { Pool } from 'pg';
import type { PersonEvent } from '@/lib/auth/person-events';
import { providerAccountId } from '@/lib/auth/provider-account';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { composeEmail } from './compose';
import { enqueueEmails } from './outbox';

interface PersonNews {
  userId: number;
  event: PersonEvent;
  details: Readonly<Record<string, string | number>>;
  at: Date;
  /** The same event is told once, whatever is tried again. */
  eventKey: string;
}

type Details = PersonNews['details'];

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

const writeEmail = statement({
  name: 'write-email-to-person',
  values: { userId: 'int4', eventKey: 'text', subject: 'text', text: 'text', html: 'text' },
  columns: columnsOf('Email', 'accountId', 'id'),
  sql: ($) => `
    insert into email (account_id, event_key, recipient, subject, text, html, is_to_owner)
    select a.id, ${$.eventKey}, u.email, ${$.subject}, ${$.text}, ${$.html}, false
    from portal_user u join account a on a.id = coalesce(u.account_id, ${providerAccountId}) where u.id = ${$.userId}
    on conflict (account_id, event_key) do nothing
    returning account_id as "accountId", id`,
});

const readName = statement({
  name: 'read-name-of-person',
  values: { userId: 'int4' },
  columns: columnsOf('User', 'username', 'role'),
  sql: ($) => `select username, role from portal_user where id = ${$.userId}`,
});

/** Tells somebody by e-mail, at their own address, what happened to how they sign in. */
export async function tellPerson(pool: Pool, news: PersonNews): Promise<void> {
  const person = await readName.one(pool, { userId: news.userId });
  // Gone since.
  if (!person) return;
  const { title, text } = words[news.event];
  const when = new Intl.DateTimeFormat('en-ZA', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Africa/Johannesburg',
  }).format(news.at);
  const email = composeEmail({
    heading: title,
    paragraphs: [
      ...text(news.details),
      `It happened on ${when} (South African time), for the username ${person.username}.`,
      ...(isNoAlarm.has(news.event)
        ? []
        : ['If it was not you, change your password and end your other sessions under Security.']),
    ],
    action: {
      label: 'Open Security',
      url: `${env.APP_URL}${person.role === 'STAFF' ? '/admin' : ''}/account/security`,
    },
    footer: `You get this e-mail as ${person.username} of the Client Zone.`,
  });
  await withTransaction(pool, async (client) => {
    const written = await writeEmail.all(client, {
      userId: news.userId,
      eventKey: news.eventKey,
      subject: title,
      ...email,
    });
    await enqueueEmails(client, written);
  });
}
