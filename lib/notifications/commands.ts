import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { notifyAccountSql } from '@/lib/events/account-changes';

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
