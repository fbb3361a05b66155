import type { PoolClient } from 'pg';
import { providerAccountId } from '@/lib/auth/provider-account';
import { columnsOf, statement } from '@/lib/db/statement';
import type { LinkPurpose } from '@/lib/secrets/purposes';
import { composeEmail, linkPlaceholder, type EmailContent } from './compose';
import { enqueueEmails } from './outbox';
import { composeLinkKey } from './secret-link';

/**
 * An e-mail to one person, about their own sign-in: whoever owns the account, it goes to no other address.
 */
export interface PersonalEmail extends Omit<EmailContent, 'action'> {
  /** Null: somebody of no account, or a member of staff; it is then among the provider's own. */
  accountId: number | null;
  to: string;
  subject: string;
  /** What it tells of; told once. Of an e-mail with a secret's link it is made of that. */
  eventKey: string;
  /** Where its button leads: an address, or the link of a secret, which is put in as it leaves. */
  action: { label: string } & ({ url: string } | { purpose: LinkPurpose; secretId: string });
}

const insertEmail = statement({
  name: 'insert-personal-email',
  values: {
    accountId: 'int4',
    eventKey: 'text',
    to: 'text',
    subject: 'text',
    text: 'text',
    html: 'text',
    linkSeed: 'text?',
  },
  columns: columnsOf('Email', 'accountId', 'id'),
  sql: ($) => `
    insert into email (account_id, event_key, recipient, subject, text, html, link_seed, is_to_owner)
    values (${$.accountId}, ${$.eventKey}, ${$.to}, ${$.subject}, ${$.text}, ${$.html}, ${$.linkSeed}, false)
    on conflict (account_id, event_key) do nothing
    returning account_id as "accountId", id`,
});

/** Queues an e-mail to a person, in the transaction of what it tells of. */
export async function queuePersonalEmail(client: PoolClient, email: PersonalEmail): Promise<void> {
  const { action } = email;
  const isLink = 'secretId' in action;
  const { text, html } = composeEmail({
    ...email,
    action: { label: action.label, url: isLink ? linkPlaceholder : action.url },
  });
  const rows = await insertEmail.all(client, {
    accountId: email.accountId ?? providerAccountId,
    eventKey: isLink ? composeLinkKey(action.purpose, action.secretId) : email.eventKey,
    to: email.to,
    subject: email.subject,
    text,
    html,
    linkSeed: isLink ? action.secretId : null,
  });
  await enqueueEmails(client, rows);
}
