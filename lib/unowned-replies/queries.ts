import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import { unownedList, type UnownedReply } from './list';
import type { LikelyAccount, UnownedKey, UnownedState, WaitingCounts } from './schema';

/** Nobody reads a greater figure. */
const countedAtMost = 100;

/** How many wait for a member of staff: more than 99 are shown as "99+". */
export async function countWaitingUnowned(pool: Pool, _scope: StaffScope): Promise<WaitingCounts> {
  const count = (state: UnownedState) =>
    `(select count(*)::int from (select from unowned_reply where state = '${state}' limit ${countedAtMost}) as counted)`;
  const { rows } = await pool.query<WaitingCounts>({
    name: 'count-waiting-unowned',
    text: `select ${count('WAITING')} as certain, ${count('UNSURE')} as unsure`,
  });
  return rows[0] ?? { certain: 0, unsure: 0 };
}

/** Those that wait for a member of staff: the certain ones before the others, and of each the longest waiting first. */
export async function listUndecidedReplies(
  pool: Pool,
  _scope: StaffScope,
  limit: number,
): Promise<UnownedReply[]> {
  // Each from its own end of the index on the state.
  const oldest = (state: UnownedState) =>
    `(select ${unownedList.select} from unowned_reply where state = '${state}' order by unowned_reply.received_at, unowned_reply.id limit $1)`;
  const { rows } = await pool.query<object>({
    name: 'list-undecided-unowned',
    text: `select * from (${oldest('WAITING')} union all ${oldest('UNSURE')}) as undecided
      order by state = 'UNSURE', "receivedAt", id limit $1`,
    values: [limit],
  });
  return rows.map(unownedList.toRow);
}

const suggestedAccounts = 10;
/** Of the message that an account sent. */
const shownMessageCharacters = 200;

/** The accounts that have written to the number of a reply, from whatever sender number; the one that wrote last first. */
export async function listLikelyAccounts(
  pool: Pool,
  _scope: StaffScope,
  { msisdn }: UnownedKey,
): Promise<LikelyAccount[]> {
  const { rows } = await pool.query<{
    account_id: number;
    name: string;
    sender_number: string;
    last_message_at: Date;
    text: string | null;
    is_blocked: boolean;
  }>({
    name: 'list-likely-accounts',
    text: `
      with latest as (
        select distinct on (account_id) account_id, sender_number, last_message_at, last_message_id
        from conversation where msisdn = $1
        order by account_id, last_message_at desc
      )
      select latest.account_id, account.name, latest.sender_number, latest.last_message_at,
        (select left(text, ${shownMessageCharacters}) from message
         where message.account_id = latest.account_id and message.id = latest.last_message_id) as text,
        exists (select from opt_out where opt_out.account_id = latest.account_id and opt_out.msisdn = $1) as is_blocked
      from latest join account on account.id = latest.account_id
      order by latest.last_message_at desc, latest.account_id
      limit ${suggestedAccounts}`,
    values: [msisdn],
  });
  return rows.map((row) => ({
    accountId: row.account_id,
    name: row.name,
    senderNumber: row.sender_number,
    wroteAt: row.last_message_at.toISOString(),
    text: row.text,
    isBlocked: row.is_blocked,
  }));
}
