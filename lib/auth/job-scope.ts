import { z } from 'zod';
import { mintAccountScope, type AccountScope } from './scope';

const owner = z.object({ accountId: z.int().positive(), userId: z.int().positive().nullable() });

/**
 * The gate of jobs: the scope of whoever had it enqueued. A payload was written by this program, in a
 * transaction that had passed a gate. Throws a `ZodError` when it does not say whose it is.
 */
export function openJob(payload: unknown): AccountScope {
  const { accountId, userId } = owner.parse(payload);
  return mintAccountScope(accountId, userId === null ? { system: 'system' } : { userId });
}
