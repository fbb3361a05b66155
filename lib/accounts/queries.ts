import type { Pool } from 'pg';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';

/** The last 30 days of an account, and what it has now. */
export interface AccountOverview {
  messages: number;
  delivered: number;
  replies: number;
  optOuts: number;
  credits: number;
}

/** Counts of the last 30 days; each reads one index range of the account. */
export async function readOverview(pool: Pool, scope: AccountScope): Promise<AccountOverview> {
  const { rows } = await pool.query<Record<keyof AccountOverview, string>>(
    `with since as (select now() - interval '30 days' as at)
     select
       (select count(*) from message, since where account_id = $1 and created_at >= since.at and kind = 'NORMAL') as messages,
       (select count(*) from message, since
        where account_id = $1 and created_at >= since.at and kind = 'NORMAL' and status = 'DELIVERED') as delivered,
       (select count(*) from reply, since where account_id = $1 and received_at >= since.at) as replies,
       (select count(*) from opt_out, since where account_id = $1 and created_at >= since.at) as "optOuts",
       (select credits from credit_balance where account_id = $1) as credits`,
    [scope.accountId],
  );
  const row = rows[0];
  return {
    messages: Number(row?.messages ?? 0),
    delivered: Number(row?.delivered ?? 0),
    replies: Number(row?.replies ?? 0),
    optOuts: Number(row?.optOuts ?? 0),
    credits: Number(row?.credits ?? 0),
  };
}

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
       (select count(*) from opt_out where opt_out.account_id = account.id) as opt_outs
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
