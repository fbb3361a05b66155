import type { Pool } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordAudit } from '@/lib/audit/commands';
import { withTransaction } from '@/lib/db/client';
import { openAccountAsStaff } from '@/lib/auth/account-view-scope';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';

/** So long a member of staff looks into an account before that is written down once more. */
const lookMinutes = 15;

/** An account as staff see it: a scope for the queries that its customers' pages are made of. */
export interface AccountView {
  scope: AccountScope;
  timeZone: string;
}

/**
 * The gate by which staff look into an account, suspended ones too. Who looked is in the audit log. The scope is for reading:
 * what staff change, they change by commands that take a `StaffScope`.
 *
 * @returns null when there is no such account
 */
export async function viewAccount(
  pool: Pool,
  staff: StaffScope,
  accountId: number,
): Promise<AccountView | null> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ time_zone: string; is_looking: boolean }>(
      `select time_zone, exists (
         select from audit_entry
         where target_account_id = $1 and user_id = $2 and action = 'account.view'
           and created_at > now() - make_interval(mins => $3)
       ) as is_looking
       from account where id = $1`,
      [accountId, staff.userId, lookMinutes],
    );
    const account = rows[0];
    if (!account) return null;
    if (!account.is_looking) {
      const target = formatAccountNumber(accountId);
      await recordAudit(client, staff, { action: 'account.view', target, accountId, details: {} });
    }
    return { scope: openAccountAsStaff(staff, accountId), timeZone: account.time_zone };
  });
}
