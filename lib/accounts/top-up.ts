import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { StaffScope } from '@/lib/auth/scope';
import { isRepeated } from '@/lib/credits/ledger';
import { topUp } from '@/lib/credits/top-up-commands';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { giveNotices } from '@/lib/notices/give-notices';
import type { StatusResult } from './commands';

export interface TopUp {
  accountId: number;
  /** Whole, at least 1. */
  credits: number;
  /** What the account and the audit log call it: an invoice, an order. */
  reference: string;
  tellsOwner: boolean;
  /** Drawn by the form: of two presses, one counts. */
  requestId: string;
}

/**
 * Gives an account credits, as staff: ledger, audit entry and, when wanted, the mail to its owner,
 * together or not at all.
 */
export async function topUpAccount(
  pool: Pool,
  scope: StaffScope,
  { accountId, credits, reference, tellsOwner, requestId }: TopUp,
): Promise<StatusResult> {
  try {
    return await withTransaction(pool, async (client) => {
      const account = await prismaOn(client).account.findUnique({
        where: { id: accountId },
        select: { name: true },
      });
      if (!account) return { ok: false, message: 'There is no such account.' };
      const total = await topUp(client, { accountId, credits, reference, requestId });
      const number = formatAccountNumber(accountId);
      await recordAudit(client, scope, {
        action: 'account.top-up',
        target: `${number}, ${account.name}`,
        accountId,
        details: { credits, reference },
      });
      if (tellsOwner) {
        const [added, now] = [credits, total].map((count) => count.toLocaleString('en-ZA'));
        await giveNotices(client, [
          {
            accountId,
            eventKey: `credits:top-up:${requestId}`,
            title: `${added} ${credits === 1 ? 'credit' : 'credits'} added to account ${number}`,
            text: [`Reference: ${reference}.`, `You have ${now} credits now.`],
            path: '/credits',
            action: 'See your credits',
          },
        ]);
      }
      return { ok: true };
    });
  } catch (error) {
    if (!isRepeated(error)) throw error;
    const earlier = await prismaOn(pool).creditEntry.findFirst({
      where: { accountId, requestId },
      select: { amount: true, reference: true },
    });
    if (earlier?.amount === BigInt(credits) && earlier.reference === reference) return { ok: true };
    return {
      ok: false,
      reason: 'request-used',
      message:
        'The same form has given credits before, with other figures; none were given now. Look at the account, and press again if these are to be given, too.',
    };
  }
}
