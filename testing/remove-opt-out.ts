import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { removeOptOuts } from '@/lib/opt-outs/commands';
import type { RemoveOptOutResult } from '@/lib/opt-outs/schema';

/** `removeOptOuts` for one number. */
export async function removeOptOut(
  pool: Pool,
  scope: AccountScope,
  msisdn: string,
): Promise<RemoveOptOutResult> {
  const [result] = await removeOptOuts(pool, scope, [msisdn]);
  if (!result) throw new Error('One number has one result.');
  return result;
}
