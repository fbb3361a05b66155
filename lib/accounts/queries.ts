import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';

const pageSize = 50;

const search = statement({
  name: 'search-accounts',
  values: { after: 'int4', sought: 'text', pattern: 'text', digits: 'text?' },
  columns: {
    ...columnsOf('Account', 'id', 'name', 'status', 'trialMsisdn'),
    credits: 'float8',
    optOuts: 'int4',
  },
  sql: ($) => `
    select account.id, account.name, account.status, account.trial_msisdn as "trialMsisdn", coalesce(credit_balance.credits, 0)::float8 as credits,
      (select coalesce(sum(change), 0)::int from opt_out_tally where account_id = account.id) as "optOuts"
    from account left join credit_balance on credit_balance.account_id = account.id
    where account.id > ${$.after}
      and (${$.sought} = '' or account.name ilike ${$.pattern} or account.owner_email ilike ${$.pattern}
        or account.id::text like ${$.digits})
    order by account.id limit ${pageSize + 1}`,
});

/** An account as the staff's list shows it. */
export type AccountSummary = RowOf<typeof search>;

/** One page of accounts, by number. */
export interface AccountPage {
  rows: AccountSummary[];
  /** The number after which the next page begins; null on the last. */
  next: number | null;
}

/**
 * Accounts whose number begins with, or whose name or owner's address holds what is sought. Their opt-outs
 * are summed from the tally, so that a page costs the same however many there are.
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
  const shown = rows.slice(0, pageSize);
  return { rows: shown, next: rows.length > pageSize ? (shown.at(-1)?.id ?? null) : null };
}
