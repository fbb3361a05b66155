import type { Pool } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordAudit } from '@/lib/audit/commands';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { enqueueEmails } from './outbox';

/**
 * Marks notices as read, for all users of the account.
 *
 * @param ids those that are shown, or all of them; what is not the account's is left out
 * @returns how many were unread
 */
export async function markNoticesRead(
  pool: Pool,
  scope: AccountScope,
  ids: readonly string[] | 'all',
): Promise<number> {
  const { rows } = await pool.query<{ read: string }>({
    name: 'mark-notices-read',
    text: `
      with read as (
        update notice set read_at = now(), read_by = $2
        where account_id = $1 and read_at is null and ($3::bigint[] is null or id = any ($3))
        returning account_id
      ), told as (
        select ${notifyAccountSql('account_id', ['notices'])} from (select distinct account_id from read) as account
      )
      select count(*) as read, (select count(*) from told) as told from read`,
    values: [scope.accountId, scope.userId, ids === 'all' ? null : ids],
  });
  return Number(rows[0]?.read ?? 0);
}

/**
 * Tries an e-mail again that has failed, from the first attempt on, to the address that the account's owner has now.
 *
 * @returns false when there is no such e-mail, or it has not failed: somebody else may have been faster
 */
export async function sendEmailAgain(
  pool: Pool,
  scope: StaffScope,
  { accountId, emailId }: { accountId: number; emailId: string },
): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ account_id: number; id: string }>(
      `update email set state = 'QUEUED', attempts = 0, next_attempt_at = now(), finished_at = null, recipient = owner_email
       from account
       where account.id = email.account_id and email.account_id = $1 and email.id = $2 and state = 'FAILED'
       returning email.account_id, email.id`,
      [accountId, emailId],
    );
    if (rows.length === 0) return false;
    await enqueueEmails(client, rows);
    await recordAudit(client, scope, {
      action: 'email.send-again',
      target: `E-mail ${emailId} to ${formatAccountNumber(accountId)}`,
      accountId,
      details: { emailId },
    });
    return true;
  });
}
