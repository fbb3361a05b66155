import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';

/** Whole credits the account has left; 0 when it has no balance. */
export async function readCredits(pool: Pool, scope: AccountScope): Promise<number> {
  const { rows } = await pool.query<{ credits: string }>({
    name: 'read-credits',
    text: 'select credits from credit_balance where account_id = $1',
    values: [scope.accountId],
  });
  return Number(rows[0]?.credits ?? 0);
}
