import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { StaffScope } from '@/lib/auth/scope';
import { correctCredits, type CreditCorrection } from '@/lib/credits/correction-commands';
import { isOverdrawn, isRepeated } from '@/lib/credits/ledger';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { giveNotices } from '@/lib/notices/give-notices';
import type { StatusResult } from './commands';

/**
 * Corrects an account's credits, as staff, with a reason that the account reads: ledger, audit entry and,
 * when wanted, the mail to its owner, together or not at all. Never below zero.
 */
export async function correctAccountCredits(
  pool: Pool,
  scope: StaffScope,
  { tellsOwner, ...correction }: CreditCorrection & { tellsOwner: boolean },
): Promise<StatusResult> {
  const { accountId, amount, reason, requestId } = correction;
  try {
    return await withTransaction(pool, async (client): Promise<StatusResult> => {
      const account = await prismaOn(client).account.findUnique({
        where: { id: accountId },
        select: { name: true },
      });
      if (!account) return { ok: false, message: 'There is no such account.' };
      const total = await correctCredits(client, correction);
      if (total === null) return tooFew;
      const number = formatAccountNumber(accountId);
      await recordAudit(client, scope, {
        action: 'account.correct-credits',
        target: `${number}, ${account.name}`,
        accountId,
        details: { credits: amount, reason },
      });
      if (tellsOwner) {
        const [moved, now] = [Math.abs(amount), total].map((count) => count.toLocaleString('en-ZA'));
        const credits = Math.abs(amount) === 1 ? 'credit' : 'credits';
        await giveNotices(client, [
          {
            accountId,
            eventKey: `credits:correction:${requestId}`,
            title: `Correction: ${moved} ${credits} ${amount > 0 ? 'added to' : 'taken from'} account ${number}`,
            text: [`Reason: ${reason}`, `You have ${now} credits now.`],
            path: '/credits',
            action: 'See your credits',
          },
        ]);
      }
      return { ok: true };
    });
  } catch (error) {
    if (!isOverdrawn(error) && !isRepeated(error)) throw error;
    // A second press may find too little of what the first one left: the first one's result counts.
    const earlier = await prismaOn(pool).creditEntry.findFirst({
      where: { accountId, requestId },
      select: { amount: true, note: true },
    });
    if (!earlier) return tooFew;
    return earlier.amount === BigInt(amount) && earlier.note === reason ? { ok: true } : requestUsed;
  }
}

const requestUsed: StatusResult = {
  ok: false,
  reason: 'request-used',
  message:
    'The same form has corrected the credits before, with another figure or reason; nothing was changed now. Look at the account, and press again if this is to be corrected, too.',
};
const tooFew: StatusResult = {
  ok: false,
  reason: 'insufficient-credits',
  message: 'The account has fewer credits than that, and never has fewer than none. Nothing was changed.',
};
