import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import {
  composeListDownload,
  describeStaffList,
  fillColumns,
  type AccountListQuery,
} from '@/lib/lists/account-list';
import { readAccountPage } from '@/lib/lists/account-page';
import { cutTextSql } from '@/lib/db/cut-text';
import type { ListPage } from '@/lib/lists/keyset';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileQuery } from '@/lib/lists/file-query';
import { describeRuleSql } from '@/lib/opt-outs/labels';
import { verdictLabels } from '@/lib/replies/labels';
import type { StoredVerdict } from '@/lib/replies/schema';
import { unownedColumns, unownedStateLabels } from './labels';
import type {
  LikelyAccount,
  UnownedFilter,
  UnownedKey,
  UnownedReply,
  UnownedState,
  WaitingCounts,
} from './schema';

/** Staff work in South Africa: their days are its days. */
const staffTimeZone = 'Africa/Johannesburg';

// One index knows the trigrams of the texts and of the numbers.
const source = {
  table: 'unowned_reply',
  at: 'received_at',
  text: 'text',
  findByNumberPart: (condition: string) => [condition],
};

function describeUnowned(scope: StaffScope, filter: UnownedFilter): AccountListQuery {
  return describeStaffList(source, scope, filter, staffTimeZone, [
    { of: 'state', type: 'unowned_reply_state', values: filter.states, isIndexed: true },
    { of: 'verdict', type: 'verdict', values: filter.verdicts },
  ]);
}

interface StoredReply {
  id: string;
  msisdn: string;
  sender_number: string;
  text: string;
  text_whole: number | null;
  verdict: StoredVerdict;
  rule: string | null;
  received_at: Date;
  state: UnownedState;
  assigned_account_id: number | null;
  account_name: string | null;
  decided_by_name: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
}

const accountNameSql = '(select name from account where account.id = assigned_account_id)';
const deciderSql = '(select name from portal_user where portal_user.id = decided_by)';
const columns = `id, msisdn, sender_number, ${cutTextSql('text', 'text')}, verdict, rule,
  received_at, state, assigned_account_id, ${accountNameSql} as account_name, ${deciderSql} as decided_by_name, decided_at,
  decision_reason`;

function toReply(row: StoredReply): UnownedReply {
  return {
    id: row.id,
    msisdn: row.msisdn,
    senderNumber: row.sender_number,
    text: row.text,
    wholeLength: row.text_whole,
    verdict: row.verdict,
    rule: row.rule,
    receivedAt: row.received_at.toISOString(),
    state: row.state,
    decision:
      row.decided_at === null
        ? null
        : {
            account:
              row.assigned_account_id === null
                ? null
                : {
                    id: row.assigned_account_id,
                    name: row.account_name ?? `Account ${row.assigned_account_id}`,
                  },
            by: row.decided_by_name ?? 'Our staff',
            at: row.decided_at.toISOString(),
            reason: row.decision_reason ?? '',
          },
  };
}

/** One page of the replies that belonged to no account when they came. */
export async function listUnownedReplies(
  pool: Pool,
  scope: StaffScope,
  filter: UnownedFilter,
  cursor: string | null,
): Promise<ListPage<UnownedReply>> {
  const page = await readAccountPage<StoredReply>(pool, describeUnowned(scope, filter), columns, cursor);
  return { ...page, rows: page.rows.map(toReply) };
}

/** The query of their file: the rows of the list, with whole texts. */
export function composeUnownedDownload(
  scope: StaffScope,
  filter: UnownedFilter,
  chosen: readonly string[] | null,
): FileQuery {
  return composeListDownload(
    describeUnowned(scope, filter),
    fillColumns(unownedColumns, {
      number: { type: 'number', sql: 'msisdn' },
      sender: { type: 'number', sql: 'sender_number' },
      reply: { type: 'text', sql: 'text' },
      verdict: { type: 'words', sql: labelSql('verdict', verdictLabels) },
      rule: { type: 'text', sql: describeRuleSql('rule'), written: 'rule' },
      when: { type: 'time', sql: 'received_at' },
      state: { type: 'words', sql: labelSql('state', unownedStateLabels) },
      account: { type: 'words', sql: `'W' || assigned_account_id` },
      reason: { type: 'text', sql: 'decision_reason' },
      by: { type: 'text', sql: deciderSql },
      decided: { type: 'time', sql: 'decided_at' },
    }),
    chosen,
    staffTimeZone,
  );
}

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
    `(select ${columns} from unowned_reply where state = '${state}' order by received_at, id limit $1)`;
  const { rows } = await pool.query<StoredReply>({
    name: 'list-undecided-unowned',
    text: `select * from (${oldest('WAITING')} union all ${oldest('UNSURE')}) as undecided
      order by state = 'UNSURE', received_at, id limit $1`,
    values: [limit],
  });
  return rows.map(toReply);
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
