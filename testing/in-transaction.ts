import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '@/lib/db/client';

/** A command that is part of a transaction, as one that makes its own. */
export function inTransaction<Given extends unknown[], Result>(
  command: (client: PoolClient, ...given: Given) => Promise<Result>,
): (pool: Pool, ...given: Given) => Promise<Result> {
  return (pool, ...given) => withTransaction(pool, (client) => command(client, ...given));
}
