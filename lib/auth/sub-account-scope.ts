import type { Pool } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { mintAccountReadScope, type AccountReadScope } from './scope';

const findSubAccount = statement({
  name: 'find-sub-account',
  values: { accountId: 'int4', subAccountId: 'int4' },
  columns: columnsOf('Account', 'id'),
  sql: ($) => `select id from account where id = ${$.subAccountId} and parent_account_id = ${$.accountId}`,
});

/**
 * The scope by which a main account looks at one of its sub-accounts. It reads and changes nothing.
 *
 * @returns null when it is none of its sub-accounts, or not there at all
 */
export async function openSubAccount(
  pool: Pool,
  scope: AccountReadScope,
  subAccountId: number,
): Promise<AccountReadScope | null> {
  if (!Number.isInteger(subAccountId) || subAccountId < 1 || subAccountId >= 2 ** 31) return null;
  const found = await findSubAccount.one(pool, { accountId: scope.accountId, subAccountId });
  return found ? mintAccountReadScope(found.id, scope.actor) : null;
}
