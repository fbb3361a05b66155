import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import type { StoredKeyword } from '@/lib/opt-outs/combine-keywords';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { toKeyword } from './own-keywords';
import type { AccountSettings } from './schema';

/** All that the account has set. */
export async function readSettings(pool: Pool, scope: AccountReadScope): Promise<AccountSettings> {
  const [{ name, ...settings }, keywords] = await Promise.all([
    prismaOn(pool).account.findUniqueOrThrow({
      where: { id: scope.accountId },
      select: {
        name: true,
        confirmationText: true,
        reviewPolicy: true,
        defaultPurpose: true,
        tradingNames: true,
        weeklyMarketingCap: true,
        timeZone: true,
      },
    }),
    readOwnKeywords(pool, scope),
  ]);
  return {
    accountName: name,
    standardConfirmation: composeConfirmation({ name, confirmationText: null }),
    ...settings,
    keywords: keywords.map((keyword) => ({ ...keyword, match: toKeyword(keyword).match })),
  };
}

const countReplies = statement({
  name: 'count-review-replies',
  values: { accountId: 'int4' },
  columns: { replies: 'int4', toReview: 'int4' },
  planEachTime: true,
  sql: ($) => `
    select count(*)::int as replies, count(*) filter (where verdict = 'REVIEW')::int as "toReview"
    from reply where account_id = ${$.accountId} and received_at > now() - interval '30 days'`,
});

/** Of the replies of the last 30 days, how many were probably an opt-out. */
export async function countReviewReplies(
  pool: Pool,
  scope: AccountReadScope,
): Promise<{ replies: number; toReview: number }> {
  return countReplies.only(pool, { accountId: scope.accountId });
}

/** The account's own keywords, the oldest first. */
export async function readOwnKeywords(
  client: Pool | PoolClient,
  scope: AccountReadScope,
): Promise<(StoredKeyword & { id: number })[]> {
  return prismaOn(client).accountKeyword.findMany({
    where: { accountId: scope.accountId },
    select: { id: true, word: true, match: true },
    orderBy: { id: 'asc' },
  });
}
