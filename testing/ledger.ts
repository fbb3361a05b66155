import type { Pool } from 'pg';

/** An account's money from its three sources; they agree when nothing was lost and nothing charged twice. */
export interface Ledger {
  balance: number;
  /** The sum of the ledger's entries, top-ups included. */
  entries: number;
  /** What was topped up or came from other accounts, less what the messages cost now. */
  toppedUpLessCosts: number;
}

export async function readLedger(pool: Pool, accountId: number): Promise<Ledger> {
  const { rows } = await pool.query<Record<keyof Ledger, string>>(
    `select
       (select credits from credit_balance where account_id = $1) as balance,
       (select coalesce(sum(amount), 0) from credit_entry where account_id = $1) as entries,
       (select coalesce(sum(amount), 0) from credit_entry where account_id = $1 and kind in ('TOP_UP', 'CORRECTION', 'TRANSFER'))
         - (select coalesce(sum(cost), 0) from message where account_id = $1) as "toppedUpLessCosts"`,
    [accountId],
  );
  return {
    balance: Number(rows[0]?.balance),
    entries: Number(rows[0]?.entries),
    toppedUpLessCosts: Number(rows[0]?.toppedUpLessCosts),
  };
}

/** The ledger of an account that has this much, with every source agreeing. */
export function ledgerOf(credits: number): Ledger {
  return { balance: credits, entries: credits, toppedUpLessCosts: credits };
}
