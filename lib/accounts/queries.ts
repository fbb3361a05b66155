import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';

export interface AccountSummary {
  id: number;
  name: string;
  status: 'ACTIVE' | 'SUSPENDED';
  optOuts: number;
  credits: number;
}

/** All accounts with what staff look at first. */
export async function listAccounts(pool: Pool, _scope: StaffScope): Promise<AccountSummary[]> {
  const { rows } = await pool.query<{
    id: number;
    name: string;
    status: AccountSummary['status'];
    opt_outs: string;
    credits: string | null;
  }>(
    `select account.id, account.name, account.status, credit_balance.credits,
       (select coalesce(sum(change), 0) from opt_out_tally where account_id = account.id) as opt_outs
     from account left join credit_balance on credit_balance.account_id = account.id
     order by account.id limit 200`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    status: row.status,
    optOuts: Number(row.opt_outs),
    credits: Number(row.credits ?? 0),
  }));
}
