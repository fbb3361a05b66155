import type { Pool } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordAudit } from '@/lib/audit/commands';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { openAccountAsStaff } from '@/lib/auth/account-view-scope';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';

/** So long a member of staff looks into an account before that is written down once more. */
const lookMinutes = 15;

/** An account as staff see it: a scope for the queries that its customers' pages are made of. */
export interface AccountView {
  scope: AccountReadScope;
  timeZone: string;
}

/**
 * The gate by which staff look into an account, suspended ones too. Who looked is in the audit log. The scope
 * is for reading; no command takes it.
 *
 * @returns null when there is no such account
 */
export async function viewAccount(
  pool: Pool,
  staff: StaffReadScope,
  accountId: number,
): Promise<AccountView | null> {
  return withTransaction(pool, async (client) => {
    const prisma = prismaOn(client);
    const account = await prisma.account.findUnique({ where: { id: accountId }, select: { timeZone: true } });
    if (!account) return null;
    const isLooking = await prisma.auditEntry.findFirst({
      where: {
        targetAccountId: accountId,
        userId: staff.userId,
        action: 'account.view',
        createdAt: { gt: new Date(Date.now() - lookMinutes * 60_000) },
      },
      select: { id: true },
    });
    if (!isLooking) {
      const target = formatAccountNumber(accountId);
      await recordAudit(client, staff, { action: 'account.view', target, accountId, details: {} });
    }
    return { scope: openAccountAsStaff(staff, accountId), timeZone: account.timeZone };
  });
}
