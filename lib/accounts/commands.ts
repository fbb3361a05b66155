import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { providerAccountId } from '@/lib/auth/provider-account';
import type { StaffScope } from '@/lib/auth/scope';
import { notifySessionsEnded } from '@/lib/auth/sessions';
import { topUp } from '@/lib/credits/top-up-commands';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { giveNotices } from '@/lib/notices/give-notices';

export type StatusResult = { ok: true } | { ok: false; reason?: string; message: string };

/**
 * Keeps an account's people out and its messages back, at their next click and at the next claim. Nothing of
 * it is lost.
 */
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
  if (accountId === providerAccountId) {
    return {
      ok: false,
      message: 'This is the provider’s own account: without it no codes and no links are sent.',
    };
  }
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

/** The most credits that one press adds: a slip of the finger is not a million. */
export const maxFirstCredits = 1_000_000;

/**
 * Makes a trial a full account, which sends to everybody, with credits; its owner is told. Once: of two
 * presses the second finds it done.
 */
export async function makeFullAccount(
  pool: Pool,
  scope: StaffScope,
  { accountId, credits, reason }: { accountId: number; credits: number; reason: string },
): Promise<StatusResult> {
  return withTransaction(pool, async (client) => {
    const [account] = await prismaOn(client).account.updateManyAndReturn({
      where: { id: accountId, trialMsisdn: { not: null } },
      data: { trialMsisdn: null },
      select: { name: true },
    });
    if (!account) return { ok: false, message: 'There is no such account, or it is a full account already.' };
    await topUp(client, { accountId, credits, note: reason });
    const number = formatAccountNumber(accountId);
    await recordAudit(client, scope, {
      action: 'account.make-full',
      target: `${number}, ${account.name}`,
      accountId,
      details: { credits, reason },
    });
    await giveNotices(client, [
      {
        accountId,
        eventKey: 'account:full',
        title: `Account ${number} is a full account now`,
        text: [
          `You can send to everybody now, and have ${credits.toLocaleString('en-ZA')} more credits.`,
          'Before you do, bring the opt-outs you know of: who has opted out elsewhere should not hear from you here.',
        ],
        path: '/send',
        action: 'Send a message',
      },
    ]);
    return { ok: true };
  });
}
