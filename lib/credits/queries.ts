import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';

const findCredits = statement({
  name: 'read-credits',
  values: { accountId: 'int4' },
  columns: { credits: 'float8' },
  sql: ($) => `select credits::float8 as credits from credit_balance where account_id = ${$.accountId}`,
});

/** Whole credits the account has left; 0 when it has no balance. */
export async function readCredits(pool: Pool, scope: AccountReadScope): Promise<number> {
  return (await findCredits.one(pool, { accountId: scope.accountId }))?.credits ?? 0;
}
