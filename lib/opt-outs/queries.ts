import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import {
  composeListDownload,
  describeAccountList,
  fillColumns,
  type AccountListQuery,
} from '@/lib/lists/account-list';
import { readAccountPage } from '@/lib/lists/account-page';
import { shownTextLength } from '@/lib/db/cut-text';
import type { ListPage } from '@/lib/lists/keyset';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileQuery } from '@/lib/lists/file-query';
import { describeRuleSql, kindLabels, optOutColumns } from './labels';
import type { OptOutFilter, OptOutKind, OptOutRow } from './schema';

const source = { table: 'opt_out', at: 'created_at', text: 'reply_text' };

const allKinds = Object.keys(kindLabels) as OptOutKind[];

function describeOptOuts(scope: AccountScope, filter: OptOutFilter, timeZone: string): AccountListQuery {
  const { rule, kinds } = filter;
  return describeAccountList(source, scope, filter, timeZone, [
    { of: `split_part(rule, ':', 1)`, type: 'text', values: rule === null ? [] : [rule], isIndexed: true },
    // the index on rules has the kind before the list's order
    {
      of: 'kind',
      type: 'opt_out_kind',
      values: rule !== null && kinds.length === 0 ? allKinds : kinds,
      isIndexed: true,
    },
  ]);
}

/** What an entry keeps of its reply is its beginning (shownTextLength); how much there is, the reply itself knows. */
const columns = `id, msisdn, kind, reply_text, rule, sender_number, created_at,
  case when length(reply_text) >= ${shownTextLength} then (
    select nullif(length(reply.text), length(opt_out.reply_text)) from reply
    where reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
  ) end as reply_whole`;

/** One page of the account's opt-outs. */
export async function listOptOuts(
  pool: Pool,
  scope: AccountScope,
  filter: OptOutFilter,
  cursor: string | null,
  timeZone: string,
): Promise<ListPage<OptOutRow>> {
  const page = await readAccountPage<{
    id: string;
    msisdn: string;
    kind: OptOutRow['kind'];
    reply_text: string | null;
    reply_whole: number | null;
    rule: string | null;
    sender_number: string | null;
    created_at: Date;
  }>(pool, describeOptOuts(scope, filter, timeZone), columns, cursor);
  return {
    ...page,
    rows: page.rows.map((row) => ({
      id: row.id,
      msisdn: row.msisdn,
      kind: row.kind,
      replyText: row.reply_text,
      replyWholeLength: row.reply_whole,
      rule: row.rule,
      senderNumber: row.sender_number,
      createdAt: row.created_at.toISOString(),
    })),
  };
}

/** The query of the file: the list's rows, columns and words. */
export function composeOptOutDownload(
  scope: AccountScope,
  filter: OptOutFilter,
  timeZone: string,
  chosen: readonly string[] | null,
): FileQuery {
  return composeListDownload(
    describeOptOuts(scope, filter, timeZone),
    fillColumns(optOutColumns, {
      number: { type: 'number', sql: 'msisdn' },
      reply: { type: 'text', sql: 'reply_text' },
      rule: { type: 'text', sql: describeRuleSql('rule'), written: 'rule' },
      kind: { type: 'words', sql: labelSql('kind', kindLabels) },
      sender: { type: 'number', sql: 'sender_number' },
      when: { type: 'time', sql: 'created_at' },
    }),
    chosen,
    timeZone,
  );
}
