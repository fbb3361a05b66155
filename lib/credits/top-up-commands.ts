import type { PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';
import { giveCreditsSql } from './ledger';
import { tellCreditsChanged } from './warning-commands';

const give = statement({
  name: 'top-up',
  values: { accountId: 'int4', credits: 'int8', reference: 'text?', note: 'text?', requestId: 'uuid?' },
  columns: { credits: 'float8' },
  sql: ($) => `
    with part as (
      select ${$.credits}::bigint as credits, ${$.reference}::text as reference, ${$.note}::text as note,
        ${$.requestId}::uuid as request_id
    ), ${giveCreditsSql({
      accountId: $.accountId,
      from: 'part',
      kind: 'TOP_UP',
      entry: { reference: 'part.reference', note: 'part.note', request_id: 'part.request_id' },
    })}
    select credits::float8 as credits from given`,
});

/**
 * Gives an account credits that it has paid for. Who may do so is for the caller to have asked.
 *
 * @param topUp `credits`: at least 1; `requestId`: the same one again is refused by the ledger (isRepeated)
 * @returns what the account has now
 */
export async function topUp(
  client: PoolClient,
  topUp: {
    accountId: number;
    credits: number;
    reference?: string | null;
    note?: string | null;
    requestId?: string | null;
  },
): Promise<number> {
  const { accountId, credits, reference = null, note = null, requestId = null } = topUp;
  const given = await give.only(client, { accountId, credits, reference, note, requestId });
  await tellCreditsChanged(client, accountId);
  return given.credits;
}
