import type { PoolClient } from 'pg';
import { env } from '@/lib/env';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { composeNewsEmail } from './compose';
import { enqueueEmails } from './outbox';
import type { News } from './schema';

/**
 * Tells accounts: a notice in the portal and an e-mail to the owner, each once for an event, in the transaction of the event
 * itself. So there is no news of what did not happen, and none is lost.
 */
export async function tellAccounts(client: PoolClient, news: readonly News[]): Promise<void> {
  if (news.length === 0) return;
  const emails = news.map((one) => composeNewsEmail(one, env.APP_URL));
  const { rows } = await client.query<{ account_id: number; id: string }>({
    name: 'tell-accounts',
    text: `
      with news as (
        select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
          as news (account_id, event_key, title, text, path, email_text, email_html)
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
      select account_id, id from email, (select count(*) from told) as told`,
    values: [
      news.map(({ accountId }) => accountId),
      news.map(({ eventKey }) => eventKey),
      news.map(({ title }) => title),
      news.map(({ text }) => text.join('\n\n')),
      news.map(({ path }) => path),
      emails.map(({ text }) => text),
      emails.map(({ html }) => html),
    ],
  });
  await enqueueEmails(client, rows);
}
