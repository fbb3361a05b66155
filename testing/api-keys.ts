import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { makeApiKey, type NewKey } from '@/lib/api-keys/commands';
import { apiScopes } from '@/lib/api-keys/schema';
import type { TestAccount } from './factories';

/** A key of the account that may do everything, unless told otherwise; answers with it and its secret. */
export async function createApiKey(
  pool: Pool,
  account: TestAccount,
  options: Partial<NewKey> = {},
): Promise<{ id: number; secret: string }> {
  const key = {
    handle: randomUUID(),
    name: 'Test',
    scopes: apiScopes,
    networks: [],
    expiresAt: null,
    ...options,
  };
  const made = await makeApiKey(pool, account.scope, key, new Date());
  if (!made.ok) throw new Error(`The key was refused: ${made.message}`);
  return made;
}
