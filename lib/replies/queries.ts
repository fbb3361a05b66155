import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import {
  composeListDownload,
  describeAccountList,
  fillColumns,
  type AccountListQuery,
} from '@/lib/lists/account-list';
import { readAccountPage } from '@/lib/lists/account-page';
import { cutTextSql } from '@/lib/db/cut-text';
import type { ListPage } from '@/lib/lists/keyset';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileQuery } from '@/lib/lists/file-query';
import { describeRuleSql } from '@/lib/opt-outs/labels';
import { replyColumns, verdictLabels } from './labels';
import type { ReplyFilter, ReplyRow, StoredVerdict } from './schema';

const source = { table: 'reply', at: 'received_at', text: 'text' };

function describeReplies(scope: AccountScope, filter: ReplyFilter, timeZone: string): AccountListQuery {
  return describeAccountList(source, scope, filter, timeZone, [
    {
      of: 'verdict',
      type: 'verdict',
      values: filter.verdicts,
      // most replies are neither; the index leaves them out
      isIndexed: !filter.verdicts.includes('NONE'),
    },
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
}

const columns = `id, msisdn, sender_number, ${cutTextSql('text', 'text')}, verdict, rule, received_at`;

function toRow(row: StoredReply): ReplyRow {
  return {
    id: row.id,
    msisdn: row.msisdn,
    senderNumber: row.sender_number,
    text: row.text,
    wholeLength: row.text_whole,
    verdict: row.verdict,
    rule: row.rule,
    receivedAt: row.received_at.toISOString(),
  };
}

/** One page of the account's replies. */
export async function listReplies(
  pool: Pool,
  scope: AccountScope,
  filter: ReplyFilter,
  cursor: string | null,
  timeZone: string,
): Promise<ListPage<ReplyRow>> {
  const list = describeReplies(scope, filter, timeZone);
  const page = await readAccountPage<StoredReply>(pool, list, columns, cursor);
  return { ...page, rows: page.rows.map(toRow) };
}

/** The query of the file of replies: the rows of the list, with whole texts. */
export function composeReplyDownload(
  scope: AccountScope,
  filter: ReplyFilter,
  timeZone: string,
  chosen: readonly string[] | null,
): FileQuery {
  return composeListDownload(
    describeReplies(scope, filter, timeZone),
    fillColumns(replyColumns, {
      number: { type: 'number', sql: 'msisdn' },
      sender: { type: 'number', sql: 'sender_number' },
      reply: { type: 'text', sql: 'text' },
      verdict: { type: 'words', sql: labelSql('verdict', verdictLabels) },
      rule: { type: 'text', sql: describeRuleSql('rule'), written: 'rule' },
      when: { type: 'time', sql: 'received_at' },
    }),
    chosen,
    timeZone,
  );
}
