import type { PoolClient } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { composeNewsEmail } from './compose';
import { enqueueEmails } from './outbox';
import type { News } from './schema';

const insertNews = statement({
  name: 'tell-accounts',
  values: {
    news: {
      accountId: 'int4',
      eventKey: 'text',
      title: 'text',
      text: 'text',
      path: 'text',
      emailText: 'text',
      emailHtml: 'text',
    },
  },
  columns: { ...columnsOf('Email', 'accountId', 'id'), told: 'int8' },
  sql: ($) => `
    with news as (
      select * from ${$.news}
    ), notice as (
      insert into notice (account_id, event_key, title, text, path)
      select account_id, event_key, title, text, path from news order by account_id, event_key
      on conflict (account_id, event_key) do nothing
      returning account_id
    ), email as (
      insert into email (account_id, event_key, recipient, subject, text, html)
      select account_id, event_key, owner_email, title, email_text, email_html
      from news join account on account.id = account_id order by account_id, event_key
      on conflict (account_id, event_key) do nothing
      returning account_id, id
    ), told as (
      select ${notifyAccountSql('account_id', ['notices'])} from (select distinct account_id from notice) as account
    )
    select account_id as "accountId", id, count as told from email, (select count(*) from told) as told`,
});

/**
 * Tells accounts: a notice in the portal and an e-mail to the owner, each once for an event, in the transaction of the event
 * itself. So there is no news of what did not happen, and none is lost.
 */
export async function tellAccounts(client: PoolClient, news: readonly News[]): Promise<void> {
  if (news.length === 0) return;
  const emails = await insertNews.all(client, {
    news: news.map((one) => {
      const { text, html } = composeNewsEmail(one, env.APP_URL);
      return { ...one, text: one.text.join('\n\n'), emailText: text, emailHtml: html };
    }),
  });
  await enqueueEmails(client, emails);
}
