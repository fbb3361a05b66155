import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { composeListDownload, describeAccountList, type AccountListFilter } from '@/lib/db/account-list';
import { readKeysetPage, type ListPage } from '@/lib/db/keyset';
import { labelSql } from '@/lib/db/label-sql';
import { harmlessSql, localTimeSql } from '@/lib/http/csv-download';
import { describeRuleSql, kindLabels } from './labels';
import type { OptOutRow } from './schema';

const source = { table: 'opt_out', at: 'created_at', text: 'reply_text' };
const pageSize = 50;

/** One page of the account's opt-outs, newest first. */
export async function listOptOuts(
  pool: Pool,
  scope: AccountScope,
  filter: AccountListFilter,
  cursor: string | null,
): Promise<ListPage<OptOutRow>> {
  const page = await readKeysetPage<{
    id: string;
    msisdn: string;
    kind: OptOutRow['kind'];
    reply_text: string | null;
    rule: string | null;
    sender_number: string | null;
    created_at: Date;
  }>(
    pool,
    {
      select: 'id, msisdn, kind, reply_text, rule, sender_number, created_at',
      ...describeAccountList(source, scope, filter),
    },
    cursor,
    pageSize,
  );
  return {
    ...page,
    rows: page.rows.map((row) => ({
      id: row.id,
      msisdn: row.msisdn,
      kind: row.kind,
      replyText: row.reply_text,
      rule: row.rule,
      senderNumber: row.sender_number,
      createdAt: row.created_at.toISOString(),
    })),
  };
}

/** The query of the file: the table's columns and words, all rows of the filter. */
export function composeOptOutDownload(
  scope: AccountScope,
  filter: AccountListFilter,
  timeZone: string,
): string {
  return composeListDownload(describeAccountList(source, scope, filter), [
    'msisdn as "Number"',
    `${harmlessSql('reply_text')} as "Reply"`,
    `${describeRuleSql('rule')} as "Rule"`,
    `${labelSql('kind', kindLabels)} as "How it came"`,
    'sender_number as "Sender number"',
    `${localTimeSql('created_at', timeZone)} as "When"`,
  ]);
}

/** A count that stops counting: `more` says that there are more than `count`. */
export interface CappedCount {
  count: number;
  more: boolean;
}

const countedAtMost = 100_000;

/** How many opt-outs the account has, counted up to 100,000. */
export async function countOptOuts(pool: Pool, scope: AccountScope): Promise<CappedCount> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*) from (select from opt_out where account_id = $1 limit ${countedAtMost + 1}) as counted`,
    [scope.accountId],
  );
  const counted = Number(rows[0]?.count ?? 0);
  return { count: Math.min(counted, countedAtMost), more: counted > countedAtMost };
}
