import type { Pool } from 'pg';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';
import { composeListDownload, describeAccountList, type AccountListFilter } from '@/lib/db/account-list';
import { readKeysetPage, type ListPage } from '@/lib/db/keyset';
import { labelSql } from '@/lib/db/label-sql';
import { harmlessSql, localTimeSql } from '@/lib/http/csv-download';
import { describeRuleSql } from '@/lib/opt-outs/labels';
import { verdictLabels } from './labels';
import type { ReplyRow, StoredVerdict } from './schema';

const source = { table: 'reply', at: 'received_at', text: 'text' };
const pageSize = 50;

interface StoredReply {
  id: string;
  msisdn: string;
  sender_number: string;
  text: string;
  verdict: StoredVerdict;
  rule: string | null;
  received_at: Date;
}

/** The most of a reply that a list shows; a megabyte of it would drown the page. */
const shownCharacters = 2000;
const columns = `id, msisdn, sender_number, left(text, ${shownCharacters}) as text, verdict, rule, received_at`;

function toRow(row: StoredReply): ReplyRow {
  return {
    id: row.id,
    msisdn: row.msisdn,
    senderNumber: row.sender_number,
    text: row.text,
    verdict: row.verdict,
    rule: row.rule,
    receivedAt: row.received_at.toISOString(),
  };
}

/** One page of the account's replies, newest first. */
export async function listReplies(
  pool: Pool,
  scope: AccountScope,
  filter: AccountListFilter,
  cursor: string | null,
): Promise<ListPage<ReplyRow>> {
  const page = await readKeysetPage<StoredReply>(
    pool,
    { select: columns, ...describeAccountList(source, scope, filter) },
    cursor,
    pageSize,
  );
  return { ...page, rows: page.rows.map(toRow) };
}

/** The query of the file of replies: all rows of the filter, whole texts, newest first. */
export function composeReplyDownload(
  scope: AccountScope,
  filter: AccountListFilter,
  timeZone: string,
): string {
  return composeListDownload(describeAccountList(source, scope, filter), [
    // what a network calls itself ("MTN") is a text from outside
    `${harmlessSql('msisdn')} as "Number"`,
    'sender_number as "Sender number"',
    `${harmlessSql('text')} as "Reply"`,
    `${labelSql('verdict', verdictLabels)} as "Verdict"`,
    `${describeRuleSql('rule')} as "Rule"`,
    `${localTimeSql('received_at', timeZone)} as "Received"`,
  ]);
}

/** The newest replies that belong to no account, for staff. */
export async function listUnownedReplies(pool: Pool, _scope: StaffScope, limit = 50): Promise<ReplyRow[]> {
  const { rows } = await pool.query<StoredReply>(
    `select ${columns} from unowned_reply order by received_at desc, id desc limit $1`,
    [limit],
  );
  return rows.map(toRow);
}
