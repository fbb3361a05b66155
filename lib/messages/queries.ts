import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { composeListDownload, describeAccountList, type AccountListFilter } from '@/lib/db/account-list';
import { readKeysetPage, type ListPage } from '@/lib/db/keyset';
import { labelSql } from '@/lib/db/label-sql';
import { harmlessSql, localTimeSql } from '@/lib/http/csv-download';
import { statusLabels } from './labels';
import type { MessageRow } from './schema';

const source = { table: 'message', at: 'created_at', text: 'text' };
const pageSize = 50;

/** Whole credits the account has left; 0 when it has no balance. */
export async function readCredits(pool: Pool, scope: AccountScope): Promise<number> {
  const { rows } = await pool.query<{ credits: string }>({
    name: 'read-credits',
    text: 'select credits from credit_balance where account_id = $1',
    values: [scope.accountId],
  });
  return Number(rows[0]?.credits ?? 0);
}

/** One page of the account's outgoing messages, newest first; confirmations are among them. */
export async function listMessages(
  pool: Pool,
  scope: AccountScope,
  filter: AccountListFilter,
  cursor: string | null,
): Promise<ListPage<MessageRow>> {
  const page = await readKeysetPage<{
    id: string;
    msisdn: string;
    sender_number: string;
    text: string;
    segments: number;
    cost: number;
    kind: MessageRow['kind'];
    status: MessageRow['status'];
    reason: string | null;
    created_at: Date;
    sent_at: Date | null;
    finished_at: Date | null;
  }>(
    pool,
    {
      select:
        'id, msisdn, sender_number, text, segments, cost, kind, status, reason, created_at, sent_at, finished_at',
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
      senderNumber: row.sender_number,
      text: row.text,
      segments: row.segments,
      cost: row.cost,
      kind: row.kind,
      status: row.status,
      reason: row.reason,
      createdAt: row.created_at.toISOString(),
      sentAt: row.sent_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
    })),
  };
}

/** The query of the file of outgoing messages: all rows of the filter, newest first. */
export function composeMessageDownload(
  scope: AccountScope,
  filter: AccountListFilter,
  timeZone: string,
): string {
  return composeListDownload(describeAccountList(source, scope, filter), [
    'msisdn as "Number"',
    'sender_number as "Sender number"',
    `${harmlessSql('text')} as "Message"`,
    'segments as "Segments"',
    'cost as "Credits"',
    `${labelSql('status', statusLabels)} as "Status"`,
    `${harmlessSql('reason')} as "Reason"`,
    `${localTimeSql('created_at', timeZone)} as "Queued"`,
    `${localTimeSql('sent_at', timeZone)} as "Sent"`,
    `${localTimeSql('finished_at', timeZone)} as "Finished"`,
  ]);
}
