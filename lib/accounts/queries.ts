import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { columnsOf, statement, type Connection, type RowOf } from '@/lib/db/statement';

const pageSize = 50;

const readFigures = statement({
  name: 'read-account-figures',
  values: { ids: 'int4[]' },
  columns: { id: 'int4', credits: 'float8', optOuts: 'int4' },
  sql: ($) => `
    with balance as materialized (
      select account_id, credits from credit_balance where account_id = any (${$.ids})
    ), tally as materialized (
      select account_id, sum(change)::int as opt_outs from opt_out_tally where account_id = any (${$.ids}) group by account_id
    )
    select given.id, coalesce(credits, 0)::float8 as credits, coalesce(opt_outs, 0) as "optOuts"
    from unnest(${$.ids}::int[]) as given (id)
    left join balance on balance.account_id = given.id
    left join tally on tally.account_id = given.id`,
});

export interface AccountFigures {
  credits: number;
  /** Numbers that are blocked, summed from the tally: it costs the same however many there are. */
  optOuts: number;
}

/**
 * Puts the figures of accounts beside them. A statement of its own, with the accounts as values, for they lie
 * apart on a cluster (docs/decisions/0051-a-cluster.md).
 *
 * @param accounts that the caller may see, as another statement has found them
 */
export async function addAccountFigures<Account extends { id: number }>(
  connection: Connection,
  accounts: readonly Account[],
): Promise<(Account & AccountFigures)[]> {
  if (accounts.length === 0) return [];
  const rows = await readFigures.all(connection, { ids: accounts.map(({ id }) => id) });
  const known = new Map(rows.map(({ id, credits, optOuts }) => [id, { credits, optOuts }]));
  return accounts.map((account) => ({
    ...account,
    ...(known.get(account.id) ?? { credits: 0, optOuts: 0 }),
  }));
}

const search = statement({
  name: 'search-accounts',
  values: { after: 'int4', sought: 'text', pattern: 'text', digits: 'text?' },
  columns: columnsOf('Account', 'id', 'name', 'status', 'trialMsisdn'),
  sql: ($) => `
    select account.id, account.name, account.status, account.trial_msisdn as "trialMsisdn"
    from account
    where account.id > ${$.after}
      and (${$.sought} = '' or account.name ilike ${$.pattern} or account.owner_email ilike ${$.pattern}
        or account.id::text like ${$.digits})
    order by account.id limit ${pageSize + 1}`,
});

/** An account as the staff's list shows it. */
export type AccountSummary = RowOf<typeof search> & AccountFigures;

/** One page of accounts, by number. */
export interface AccountPage {
  rows: AccountSummary[];
  /** The number after which the next page begins; null on the last. */
  next: number | null;
}

/**
 * Accounts whose number begins with, or whose name or owner's address holds what is sought.
 *
 * @param after the `next` of the page before; null for the first
 */
export async function searchAccounts(
  pool: Pool,
  _scope: StaffReadScope,
  typed: string,
  after: number | null = null,
): Promise<AccountPage> {
  const sought = typed.replaceAll('\0', '').trim().slice(0, 200);
  const digits = /^w?\s*(\d{1,9})$/i.exec(sought)?.[1] ?? null;
  const rows = await search.all(pool, {
    after: after ?? 0,
    sought,
    pattern: `%${sought.replace(/[\\%_]/g, '\\$&')}%`,
    digits: digits === null ? null : `${digits}%`,
  });
  const shown = await addAccountFigures(pool, rows.slice(0, pageSize));
  return { rows: shown, next: rows.length > pageSize ? (shown.at(-1)?.id ?? null) : null };
}
