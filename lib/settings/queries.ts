import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import type { StoredKeyword } from '@/lib/opt-outs/combine-keywords';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { toKeyword } from './own-keywords';
import type { AccountSettings, ReviewPolicy } from './schema';

/** All that the account has set. */
export async function readSettings(pool: Pool, scope: AccountScope): Promise<AccountSettings> {
  const [{ rows }, keywords] = await Promise.all([
    pool.query<{
      name: string;
      confirmation_text: string | null;
      review_policy: ReviewPolicy;
      time_zone: string;
    }>('select name, confirmation_text, review_policy, time_zone from account where id = $1', [
      scope.accountId,
    ]),
    readOwnKeywords(pool, scope),
  ]);
  const account = rows[0];
  if (!account) throw new Error(`There is no account ${scope.accountId}.`);
  return {
    accountName: account.name,
    standardConfirmation: composeConfirmation({ name: account.name, confirmationText: null }),
    confirmationText: account.confirmation_text,
    keywords: keywords.map((keyword) => ({
      id: keyword.id,
      word: keyword.word,
      match: toKeyword(keyword).match,
    })),
    reviewPolicy: account.review_policy,
    timeZone: account.time_zone,
  };
}

/** Of the replies of the last 30 days, how many were probably an opt-out. */
export async function countReviewReplies(
  pool: Pool,
  scope: AccountScope,
): Promise<{ replies: number; toReview: number }> {
  const { rows } = await pool.query<{ replies: string; to_review: string }>(
    `select count(*) as replies, count(*) filter (where verdict = 'REVIEW') as to_review
     from reply where account_id = $1 and received_at > now() - interval '30 days'`,
    [scope.accountId],
  );
  return { replies: Number(rows[0]?.replies ?? 0), toReview: Number(rows[0]?.to_review ?? 0) };
}

/** The account's own keywords, the oldest first. */
export async function readOwnKeywords(
  client: Pool | PoolClient,
  scope: AccountScope,
): Promise<(StoredKeyword & { id: number })[]> {
  const { rows } = await client.query<StoredKeyword & { id: number }>(
    'select id, word, match from account_keyword where account_id = $1 order by id',
    [scope.accountId],
  );
  return rows;
}
