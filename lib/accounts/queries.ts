import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';

/** An account as the staff's list shows it. */
export interface AccountSummary {
  id: number;
  name: string;
  status: 'ACTIVE' | 'SUSPENDED';
  optOuts: number;
  credits: number;
}

/** One page of accounts, by number. */
export interface AccountPage {
  rows: AccountSummary[];
  /** The number after which the next page begins; null on the last. */
  next: number | null;
}

const pageSize = 50;

/**
 * Accounts whose number begins with, or whose name or owner's address holds what is sought. Their opt-outs are summed from the
 * tally, so that a page costs the same however many there are.
 *
 * @param after the `next` of the page before; null for the first
 */
export async function searchAccounts(
  pool: Pool,
  _scope: StaffScope,
  search: string,
  after: number | null = null,
): Promise<AccountPage> {
  const sought = search.replaceAll('\0', '').trim().slice(0, 200);
  const digits = /^w?\s*(\d{1,9})$/i.exec(sought)?.[1] ?? null;
  const { rows } = await pool.query<{
    id: number;
    name: string;
    status: AccountSummary['status'];
    opt_outs: string;
    credits: string | null;
  }>({
    name: 'search-accounts',
    text: `
      select account.id, account.name, account.status, credit_balance.credits,
        (select coalesce(sum(change), 0) from opt_out_tally where account_id = account.id) as opt_outs
      from account left join credit_balance on credit_balance.account_id = account.id
      where account.id > $1
        and ($2 = '' or account.name ilike $3 or account.owner_email ilike $3 or account.id::text like $4)
      order by account.id limit ${pageSize + 1}`,
    values: [
      after ?? 0,
      sought,
      `%${sought.replace(/[\\%_]/g, '\\$&')}%`,
      digits === null ? null : `${digits}%`,
    ],
  });
  const shown = rows.slice(0, pageSize).map((row) => ({
    id: row.id,
    name: row.name,
    status: row.status,
    optOuts: Number(row.opt_outs),
    credits: Number(row.credits ?? 0),
  }));
  return { rows: shown, next: rows.length > pageSize ? (shown.at(-1)?.id ?? null) : null };
}
