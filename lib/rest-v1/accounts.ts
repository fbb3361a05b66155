import type { Pool } from 'pg';
import { addAccountFigures } from '@/lib/accounts/queries';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { transferBetween, transferCredits } from '@/lib/credits/transfer-commands';
import type { TransferResult } from '@/lib/credits/schema';
import { columnsOf, statement } from '@/lib/db/statement';
import type { TransferBody } from './schema';

/**
 * Moves credits between the account and one of its sub-accounts, or between two of those. That there are
 * too few is an answer; that the accounts are not the ones it may move between is an error.
 */
export async function transfer(
  pool: Pool,
  scope: AccountScope,
  { sendingAccountNumber: from, receivingAccountNumber: to, transferQuantity: credits }: TransferBody,
): Promise<ApiRefusal | { transferSuccessful: boolean }> {
  const reference = 'REST API';
  if (from === scope.accountId) {
    return describe(await transferCredits(pool, scope, { toAccountId: to, credits, reference }));
  }
  if (to === scope.accountId) {
    return describe(await transferCredits(pool, scope, { fromAccountId: from, credits, reference }));
  }
  return describe(
    await transferBetween(pool, scope, { fromAccountId: from, toAccountId: to, credits, reference }),
  );
}

function describe(result: TransferResult | { ok: true }): ApiRefusal | { transferSuccessful: boolean } {
  if (result.ok) return { transferSuccessful: true };
  if (result.reason === 'insufficient-credits') return { transferSuccessful: false };
  return new ApiRefusal({ code: 'refused', reason: result.reason, message: result.message });
}

const listSql = statement({
  name: 'rest-v1-sub-accounts',
  values: { accountId: 'int4' },
  columns: {
    ...columnsOf('Account', 'id'),
    username: 'User.username?',
    name: 'User.name?',
  },
  sql: ($) => `
    select sub.id, registrant.username, registrant.name
    from account as sub
    left join lateral (
      -- its owner, or else whoever was there first
      select username, name from membership join portal_user on portal_user.id = membership.user_id
      where membership.account_id = sub.id
      order by membership.role = 'OWNER' desc, membership.created_at, portal_user.id limit 1
    ) as registrant on true
    where sub.parent_account_id = ${$.accountId} order by sub.id`,
});

/** The sub-accounts of a main account; of any other account, none. */
export async function listSubAccounts(pool: Pool, { accountId }: AccountReadScope) {
  const rows = await addAccountFigures(pool, await listSql.all(pool, { accountId }));
  const subAccounts = rows.map(({ id, credits, username, name }) => {
    // People have one name here: the last word of it is their surname, as far as anybody can tell.
    const [, firstName = name ?? '', surname = ''] = /^(.+)\s+(\S+)$/.exec((name ?? '').trim()) ?? [];
    return { accountNumber: id, loginName: username ?? '', firstName, surname, creditBalance: credits };
  });
  return { subAccounts };
}
