import type { Pool, PoolClient } from 'pg';
import { addSenderNumbers, addUsers, openAccounts } from '@/lib/accounts/open-accounts';
import { hashPassword } from '@/lib/auth/password';
import { hasCustomersSql } from '@/lib/auth/provider-account';
import { withTransaction } from '@/lib/db/client';
import { tallySql } from '@/lib/opt-outs/tally';
import { enqueueExpiries } from '@/lib/removal-requests/progress';
import { accounts, keywords, openedDaysAgo, senderNumbers, users } from './cast';
import type { DemoRows } from './compose-demo';
import { dayMs } from './world';

/** Some who never opted out had agreed to marketing on a form. */
const consentsSql = `
  with given as (
    insert into consent (account_id, msisdn, given_at, source, wording, url, created_at)
    select $1, msisdn, $2::timestamptz - interval '90 days', 'WEB_FORM', 'Yes, send me offers by SMS. I can stop them at any time.',
      'https://roastery.example/offers', $2::timestamptz - interval '89 days'
    from (
      select distinct msisdn from message
      where account_id = $1 and kind = 'NORMAL' and msisdn not in (select msisdn from opt_out_event where account_id = $1)
      order by msisdn limit 4
    ) as recipient
    on conflict do nothing
    returning *
  )
  insert into consent_event (account_id, msisdn, consent_id, kind, actor, evidence, created_at)
  select account_id, msisdn, id, 'GIVEN', 'system',
    jsonb_build_object('givenAt', given_at, 'source', source, 'wording', wording, 'url', url), created_at
  from given
  on conflict do nothing`;

/**
 * Writes the demo in one transaction, all of it or none. A database that has accounts already is left as it
 * is.
 */
export async function writeDemo(pool: Pool, rows: DemoRows, now: Date): Promise<void> {
  const findOpening = (accountId: keyof typeof openedDaysAgo) =>
    new Date(now.getTime() - openedDaysAgo[accountId] * dayMs);
  const people = await Promise.all(
    users.map(async ({ password, ...user }) => ({
      ...user,
      passwordHash: await hashPassword(password),
      createdAt: findOpening(user.accountId ?? accounts[0].id),
    })),
  );
  await withTransaction(pool, async (client) => {
    // Of two that seed at once, the second waits here and then finds accounts.
    await client.query('lock table account in share row exclusive mode');
    const { rowCount } = await client.query(hasCustomersSql);
    if (rowCount) return;

    await openAccounts(
      client,
      accounts.map((account) => ({
        ...account,
        createdAt: findOpening(account.id),
        // its top-ups are part of the story
        credits: null,
        keywords: keywords
          .filter(({ accountId }) => accountId === account.id)
          .map((keyword) => ({ ...keyword, createdAt: findOpening(account.id) })),
      })),
    );
    await addUsers(client, people);
    await addSenderNumbers(client, senderNumbers);
    await insert(client, 'credit_balance', rows.balances);
    await insert(client, 'credit_entry', rows.creditEntries);
    await insert(client, 'message_batch', rows.batches);
    await insert(client, 'message', rows.messages);
    await insert(client, 'conversation', rows.conversations);
    await insert(client, 'carrier_receipt', rows.carrierReceipts);
    await insert(client, 'reply', rows.replies);
    await insert(client, 'unowned_reply', rows.unownedReplies);
    await insert(client, 'opt_out', rows.optOuts);
    await client.query(tallySql('opt_out'));
    await insert(client, 'opt_out_event', rows.optOutEvents);
    await client.query(consentsSql, [accounts[0].id, now]);
    await insert(client, 'removal_request', rows.removalRequests);
    await insert(client, 'removal_request_event', rows.removalRequestEvents);
    await insert(client, 'notice', rows.notices);
    await insert(client, 'email', rows.emails);
    await insert(client, 'audit_entry', rows.auditEntries);
    await enqueueExpiries(
      client,
      rows.removalRequests.flatMap(({ accountId, id, expiresAt, finishedAt }) =>
        expiresAt && !finishedAt ? [{ accountId, id: String(id), expiresAt: new Date(expiresAt) }] : [],
      ),
    );
    await insert(client, 'simulator_message', rows.simulatorMessages);

    // The rows brought their ids along; what comes next continues behind them.
    const highestIds = {
      portal_user: users.length,
      credit_entry: rows.creditEntries.length,
      message_batch: rows.batches.length,
      message: rows.messages.length,
      reply: rows.replies.length,
      unowned_reply: rows.unownedReplies.length,
      opt_out: Math.max(...rows.optOutEvents.map(({ episodeId }) => Number(episodeId))),
      opt_out_event: rows.optOutEvents.length,
      removal_request: rows.removalRequests.length,
      removal_request_event: rows.removalRequestEvents.length,
      notice: rows.notices.length,
      email: rows.emails.length,
      audit_entry: rows.auditEntries.length,
      simulator_message: rows.simulatorMessages.length,
    };
    for (const [table, highestId] of Object.entries(highestIds)) {
      // drawn, not set: the program may not set a sequence
      await client.query(
        `select count(nextval(pg_get_serial_sequence($1, 'id'))) from generate_series(1, $2::bigint)`,
        [table, highestId],
      );
    }
  });
}

/**
 * All rows in one statement, in their order. PostgreSQL reads them as rows of the table, so every column that
 * is not null must be there: defaults do not count.
 *
 * @param rows named as in Prisma's schema: `accountId` goes into account_id
 */
async function insert(client: PoolClient, table: string, rows: readonly object[]): Promise<void> {
  const toColumn = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].map(toColumn).join(', ');
  const named = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([field, value]) => [toColumn(field), value])),
  );
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(named)],
  );
}
