import type { PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';
import { giveCreditsSql, takeCreditsSql } from './ledger';
import { enqueueWarning, tellCreditsChanged } from './warning-commands';

const values = { accountId: 'int4', credits: 'int8', reason: 'text', requestId: 'uuid' } as const;
const entry = { note: 'part.reason', request_id: 'part.request_id' };
const partSql = ($: Record<'credits' | 'reason' | 'requestId', string>) =>
  `part as (select ${$.credits}::bigint as credits, ${$.reason}::text as reason, ${$.requestId}::uuid as request_id)`;

const add = statement({
  name: 'correct-credits-up',
  values,
  columns: { credits: 'float8' },
  sql: ($) => `
    with ${partSql($)}, ${giveCreditsSql({ accountId: $.accountId, from: 'part', kind: 'CORRECTION', entry })}
    select credits::float8 as credits from given`,
});

const take = statement({
  name: 'correct-credits-down',
  values,
  columns: { credits: 'float8', warns: 'bool' },
  sql: ($) => `
    with ${partSql($)}, ${takeCreditsSql({ accountId: $.accountId, from: 'part', kind: 'CORRECTION', entry })}
    select credits::float8 as credits, warns from taken`,
});

/**
 * Corrects a balance: an entry of its own, as none is ever changed. Who may do so is for the caller to have
 * asked.
 *
 * @param correction `amount`: whole, not 0, below 0 to take away; `reason`: the account reads it;
 *   `requestId`: the same one again is refused by the ledger (isRepeated)
 * @returns what the account has now; null: it has no balance to take from
 * @throws from PostgreSQL when it has fewer than are to be taken (isOverdrawn)
 */
export async function correctCredits(
  client: PoolClient,
  { accountId, amount, reason, requestId }: CreditCorrection,
): Promise<number | null> {
  const asked = { accountId, credits: Math.abs(amount), reason, requestId };
  if (amount > 0) {
    const { credits } = await add.only(client, asked);
    await tellCreditsChanged(client, accountId);
    return credits;
  }
  const taken = await take.one(client, asked);
  if (!taken) return null;
  if (taken.warns) await enqueueWarning(client, { accountId });
  await tellCreditsChanged(client, accountId);
  return taken.credits;
}

export interface CreditCorrection {
  accountId: number;
  amount: number;
  reason: string;
  requestId: string;
}
