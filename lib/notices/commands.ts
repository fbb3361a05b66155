import type { Pool } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordAudit } from '@/lib/audit/commands';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { enqueueEmails } from './outbox';

const markRead = statement({
  name: 'mark-notices-read',
  values: { accountId: 'int4', userId: 'int4?', ids: 'int8[]?' },
  sql: ($) => `
    update notice set read_at = now(), read_by = ${$.userId}
    where account_id = ${$.accountId} and read_at is null and (${$.ids}::bigint[] is null or id = any (${$.ids}))`,
});

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
  const { accountId, userId } = scope;
  return withTransaction(pool, async (client) => {
    const read = await markRead.run(client, { accountId, userId, ids: ids === 'all' ? null : ids });
    if (read > 0) await tellAccounts(client, [accountId], ['notices']);
    return read;
  });
}

const queueAgain = statement({
  name: 'queue-email-again',
  values: { accountId: 'int4', emailId: 'int8' },
  sql: ($) => `
    update email set state = 'QUEUED', attempts = 0, next_attempt_at = now(), finished_at = null,
      recipient = case when is_to_owner then owner_email else recipient end
    from account
    where account.id = email.account_id and email.account_id = ${$.accountId} and email.id = ${$.emailId}
      and state = 'FAILED'`,
});

/**
 * Tries an e-mail again that has failed, from the first attempt on: one to the account's owner at the address
 * that they have now, one to a person at the address it was written to.
 *
 * @returns false when there is no such e-mail, or it has not failed: somebody else may have been faster
 */
export async function sendEmailAgain(
  pool: Pool,
  scope: StaffScope,
  { accountId, emailId }: { accountId: number; emailId: string },
): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    if ((await queueAgain.run(client, { accountId, emailId })) === 0) return false;
    await enqueueEmails(client, [{ accountId, id: emailId }]);
    await recordAudit(client, scope, {
      action: 'email.send-again',
      target: `E-mail ${emailId} to ${formatAccountNumber(accountId)}`,
      accountId,
      details: { emailId },
    });
    return true;
  });
}
