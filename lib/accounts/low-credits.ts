import type { Pool } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { AccountScope } from '@/lib/auth/scope';
import { readWarning } from '@/lib/credits/warning-commands';
import { withTransaction } from '@/lib/db/client';
import { giveNotices } from '@/lib/notices/give-notices';

/**
 * The job of a balance that came below its level: a notice, and an e-mail to the owner, once for each
 * time. Whoever was topped up meanwhile is not warned.
 */
export async function warnOfLowCredits(pool: Pool, scope: AccountScope): Promise<void> {
  const { credits, level, warnedAt } = await readWarning(pool, scope);
  if (level === null || warnedAt === null) return;
  const number = formatAccountNumber(scope.accountId);
  const [left, below] = [credits, level].map((count) => count.toLocaleString('en-ZA'));
  await withTransaction(pool, (client) =>
    giveNotices(client, [
      {
        accountId: scope.accountId,
        eventKey: `credits:low:${warnedAt.toISOString()}`,
        title: `Account ${number} is running out of credits`,
        text: [
          `${left} ${credits === 1 ? 'credit is' : 'credits are'} left, fewer than the ${below} at which you wanted to be told. A message that needs more credits than you have is not sent.`,
          'The next warning comes when you have been above that level again.',
        ],
        path: '/credits',
        action: 'See your credits',
      },
    ]),
  );
}
