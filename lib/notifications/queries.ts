import type { Pool } from 'pg';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';
import { readKeysetPage, type ListPage } from '@/lib/lists/keyset';
import { fillLink } from './outbox';
import type { EmailDetail, EmailRow, EmailState, NoticeRow } from './schema';

const pageSize = 50;

/** One page of what the account was told, newest first. */
export async function listNotices(
  pool: Pool,
  scope: AccountScope,
  cursor: string | null,
): Promise<ListPage<NoticeRow>> {
  const page = await readKeysetPage<{
    id: string;
    title: string;
    text: string;
    path: string | null;
    created_at: Date;
    read_at: Date | null;
  }>(
    pool,
    {
      select: 'id, title, text, path, created_at, read_at',
      from: 'notice',
      where: ['account_id = $1'],
      values: [scope.accountId],
      at: 'created_at',
      id: 'id',
    },
    cursor,
    pageSize,
  );
  return {
    ...page,
    rows: page.rows.map((row) => ({
      id: row.id,
      title: row.title,
      text: row.text,
      path: row.path,
      createdAt: row.created_at.toISOString(),
      readAt: row.read_at?.toISOString() ?? null,
    })),
  };
}

/** The most that are counted; nobody reads a greater figure. */
const countedAtMost = 100;

/** How many notices nobody of the account has read, counted up to 100. */
export async function countUnreadNotices(pool: Pool, scope: AccountScope): Promise<number> {
  const { rows } = await pool.query<{ count: string }>({
    name: 'count-unread-notices',
    text: `select count(*) from (
      select from notice where account_id = $1 and read_at is null limit ${countedAtMost}) as unread`,
    values: [scope.accountId],
  });
  return Number(rows[0]?.count ?? 0);
}

interface StoredEmail {
  id: string;
  account_id: number;
  recipient: string;
  subject: string;
  state: EmailState;
  attempts: number;
  reason: string | null;
  created_at: Date;
  finished_at: Date | null;
  next_attempt_at: Date | null;
}

const emailColumns =
  'id, account_id, recipient, subject, state, attempts, reason, created_at, finished_at, next_attempt_at';

function toEmailRow(row: StoredEmail): EmailRow {
  return {
    id: row.id,
    accountId: row.account_id,
    recipient: row.recipient,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
  };
}

/** One page of the outbox, newest first. */
export async function listEmails(
  pool: Pool,
  _scope: StaffScope,
  cursor: string | null,
): Promise<ListPage<EmailRow>> {
  const page = await readKeysetPage<StoredEmail>(
    pool,
    { select: emailColumns, from: 'email', where: ['true'], values: [], at: 'created_at', id: 'id' },
    cursor,
    pageSize,
  );
  return { ...page, rows: page.rows.map(toEmailRow) };
}

/**
 * One e-mail with its content; null when there is none such. A link that confirms something is for its recipient alone: it is
 * shown only where there is no mail server, as nobody could follow it otherwise.
 */
export async function readEmail(
  pool: Pool,
  _scope: StaffScope,
  accountId: number,
  id: string,
): Promise<EmailDetail | null> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return null;
  const { rows } = await pool.query<
    StoredEmail & { text: string; html: string; event_key: string; link_seed: string | null }
  >(`select ${emailColumns}, text, html, event_key, link_seed from email where account_id = $1 and id = $2`, [
    accountId,
    id,
  ]);
  const row = rows[0];
  if (!row) return null;
  const content = row.state === 'KEPT' ? fillLink(row) : row;
  return { ...toEmailRow(row), text: content.text, html: content.html };
}
