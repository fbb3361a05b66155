import type { PoolClient } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { tellAccounts } from '@/lib/events/account-changes';
import { composeNoticeEmail } from './compose';
import { enqueueEmails } from './outbox';
import type { NewNotice } from './schema';

const insertNotices = statement({
  name: 'give-notices',
  values: {
    notices: {
      accountId: 'int4',
      eventKey: 'text',
      title: 'text',
      text: 'text',
      path: 'text',
      emailText: 'text',
      emailHtml: 'text',
    },
  },
  columns: columnsOf('Email', 'accountId', 'id'),
  sql: ($) => `
    with notices as (
      select * from ${$.notices}
    ), notice as (
      insert into notice (account_id, event_key, title, text, path)
      select account_id, event_key, title, text, path from notices order by account_id, event_key
      on conflict (account_id, event_key) do nothing
    ), email as (
      insert into email (account_id, event_key, recipient, subject, text, html)
      select account_id, event_key, owner_email, title, email_text, email_html
      from notices join account on account.id = account_id order by account_id, event_key
      on conflict (account_id, event_key) do nothing
      returning account_id, id
    )
    select account_id as "accountId", id from email`,
});

const insertForAdministrators = statement({
  name: 'email-administrators',
  values: {
    notices: {
      accountId: 'int4',
      eventKey: 'text',
      title: 'text',
      emailText: 'text',
      emailHtml: 'text',
    },
  },
  columns: columnsOf('Email', 'accountId', 'id'),
  sql: ($) => `
    with email as (
      insert into email (account_id, event_key, recipient, subject, text, html, is_to_owner)
      select notices.account_id, event_key || ':' || portal_user.id, portal_user.email, title, email_text, email_html, false
      from ${$.notices}
      join account on account.id = notices.account_id
      join membership on membership.account_id = notices.account_id and membership.role in ('OWNER', 'ADMINISTRATOR')
        and membership.suspended_at is null
      join portal_user on portal_user.id = membership.user_id and portal_user.status = 'ACTIVE'
      where lower(portal_user.email) <> lower(account.owner_email)
      order by notices.account_id, event_key, portal_user.id
      on conflict (account_id, event_key) do nothing
      returning account_id, id
    )
    select account_id as "accountId", id from email`,
});

/**
 * Tells accounts: a notice in the portal and an e-mail to the owner, each once for an event, in the
 * transaction of the event itself. So there is no notice of what did not happen, and none is lost.
 */
export async function giveNotices(client: PoolClient, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const emails = await insertNotices.all(client, {
    notices: notices.map((one) => {
      const { text, html } = composeNoticeEmail(one, env.APP_URL);
      return { ...one, text: one.text.join('\n\n'), emailText: text, emailHtml: html };
    }),
  });
  await enqueueEmails(client, emails);
  await emailAdministrators(
    client,
    notices.filter(({ toAdministrators }) => toAdministrators),
  );
  // an event that was told before too: its account's pages look once more than they need to
  await tellAccounts(
    client,
    notices.map(({ accountId }) => accountId),
    ['notices'],
  );
}

/** The same e-mail to whoever else may act on it; the owner of the account has theirs. */
async function emailAdministrators(client: PoolClient, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const emails = await insertForAdministrators.all(client, {
    notices: notices.map((one) => {
      const { text, html } = composeNoticeEmail(one, env.APP_URL, 'an administrator');
      return { ...one, emailText: text, emailHtml: html };
    }),
  });
  await enqueueEmails(client, emails);
}
