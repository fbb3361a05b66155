import type { PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';

/** Account numbers begin with it; below are the provider's. */
const lowestAccountId = 10_001;

const draw = statement({
  name: 'draw-account-id',
  values: { lowest: 'int4' },
  columns: { id: 'int4' },
  sql: ($) => `select greatest(coalesce(max(id), 0) + 1, ${$.lowest}) as id from account`,
});

/** The number of the next account; for whoever has locked people (find-people.ts). */
export async function drawAccountId(client: PoolClient): Promise<number> {
  return (await draw.only(client, { lowest: lowestAccountId })).id;
}
