import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { StaffScope } from '@/lib/auth/scope';
import { notifySessionsEnded } from '@/lib/auth/sessions';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';

export type StatusResult = { ok: true } | { ok: false; message: string };

/** Keeps an account's people out and its messages back, at their next click and at the next claim. Nothing of it is lost. */
export function suspendAccount(
  pool: Pool,
  scope: StaffScope,
  accountId: number,
  reason: string,
): Promise<StatusResult> {
  return setStatus(pool, scope, accountId, reason, 'SUSPENDED');
}

export function reinstateAccount(
  pool: Pool,
  scope: StaffScope,
  accountId: number,
  reason: string,
): Promise<StatusResult> {
  return setStatus(pool, scope, accountId, reason, 'ACTIVE');
}

async function setStatus(
  pool: Pool,
  scope: StaffScope,
  accountId: number,
  reason: string,
  status: 'ACTIVE' | 'SUSPENDED',
): Promise<StatusResult> {
  const why = reason.trim().slice(0, 1000);
  if (why === '') return { ok: false, message: 'Write the reason: it stays in the audit log.' };
  return withTransaction(pool, async (client) => {
    const [account] = await prismaOn(client).account.updateManyAndReturn({
      where: { id: accountId, status: { not: status } },
      data: { status },
      select: { name: true },
    });
    if (!account) {
      const words = status === 'SUSPENDED' ? 'suspended' : 'active';
      return { ok: false, message: `There is no such account, or it is ${words} already.` };
    }
    await recordAudit(client, scope, {
      action: status === 'SUSPENDED' ? 'account.suspend' : 'account.reinstate',
      target: `${formatAccountNumber(accountId)}, ${account.name}`,
      accountId,
      details: { reason: why },
    });
    // Its people's event streams end at once, too.
    if (status === 'SUSPENDED') await notifySessionsEnded(client);
    return { ok: true };
  });
}
