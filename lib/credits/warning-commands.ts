import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { maxCredits } from './schema';

/**
 * In the transaction that took the balance below its level: its owner is written to once that has
 * committed.
 */
export async function enqueueWarning(
  client: PoolClient,
  { accountId }: Pick<AccountScope, 'accountId'>,
): Promise<void> {
  await enqueueJob(client, 'warn-low-credits', { accountId, userId: null });
}

const findWarning = statement({
  name: 'read-credit-warning',
  values: { accountId: 'int4' },
  columns: { credits: 'float8', level: 'float8?', ...columnsOf('CreditBalance', 'warnedAt') },
  sql: ($) => `select credits::float8 as credits, warning_level::float8 as level, warned_at as "warnedAt"
    from credit_balance where account_id = ${$.accountId}`,
});

/**
 * What an account has, the level below which it is warned (null: never), and since when it is below
 * (null: it is not).
 */
export interface CreditWarning {
  credits: number;
  level: number | null;
  warnedAt: Date | null;
}

export async function readWarning(pool: Pool, scope: AccountReadScope): Promise<CreditWarning> {
  const found = await findWarning.one(pool, { accountId: scope.accountId });
  return found ?? { credits: 0, level: null, warnedAt: null };
}

const setLevel = statement({
  name: 'set-credit-warning-level',
  values: { accountId: 'int4', level: 'int8?' },
  sql: ($) => `
    with moment as materialized (
      select now() as at
    )
    insert into credit_balance as balance (account_id, credits, warning_level, warned_at)
    select ${$.accountId}, 0, ${$.level}::bigint, case when ${$.level}::bigint > 0 then moment.at end from moment
    on conflict (account_id) do update set warning_level = excluded.warning_level,
      warned_at = case when balance.credits < excluded.warning_level then excluded.warned_at end`,
});

/** Tells the open pages of an account that its credits, or what is said of them, have changed. */
export async function tellCreditsChanged(client: Pool | PoolClient, accountId: number): Promise<void> {
  await tellAccounts(client, [accountId], ['credits']);
}

export type LevelResult =
  | { ok: true; isBelow: boolean }
  | { ok: false; reason: 'not-whole' | 'too-few' | 'too-many'; message: string };

/**
 * Sets the level below which the owner is warned; null: never. Whoever is below it already is not written
 * to: the page says so, and the next warning comes when they have been above.
 */
export async function saveWarningLevel(
  pool: Pool,
  scope: AccountScope,
  level: number | null,
): Promise<LevelResult> {
  if (level !== null) {
    if (!Number.isInteger(level))
      return { ok: false, reason: 'not-whole', message: 'Enter a whole number of credits.' };
    if (level < 1) return { ok: false, reason: 'too-few', message: 'Enter at least 1 credit.' };
    if (level > maxCredits)
      return { ok: false, reason: 'too-many', message: 'That is more than a thousand million.' };
  }
  await withTransaction(pool, async (client) => {
    await setLevel.run(client, { accountId: scope.accountId, level });
    await tellCreditsChanged(client, scope.accountId);
    await recordActOf(client, scope, 'credits.warning-level', { level }, new Date());
  });
  const { warnedAt } = await readWarning(pool, scope);
  return { ok: true, isBelow: warnedAt !== null };
}
