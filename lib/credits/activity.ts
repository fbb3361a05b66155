import type { PoolClient } from 'pg';
import { recordActivity, type ActivityKind } from '@/lib/auth/activity';
import type { AccountScope } from '@/lib/auth/scope';

/**
 * Writes down what somebody of an account did with its credits. What a program does is in the ledger
 * alone.
 */
export async function recordActivityOf(
  client: PoolClient,
  { accountId, userId, address }: AccountScope,
  kind: ActivityKind,
  details: Record<string, unknown>,
): Promise<void> {
  if (userId === null) return;
  await recordActivity(client, { kind, userId, accountId, address, details }, new Date());
}
