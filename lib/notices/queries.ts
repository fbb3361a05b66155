import type { Pool } from 'pg';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { isId } from '@/lib/db/ids';
import { toPlain } from '@/lib/db/plain';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { readByKeyset } from '@/lib/lists/keyset';
import type { ListPage } from '@/lib/lists/schema';
import { fillLink } from './outbox';
import type { EmailDetail, EmailRow, KeptEmail, NoticeRow } from './schema';

const pageSize = 50;

const noticeColumns = columnsOf('Notice', 'id', 'title', 'text', 'path', 'createdAt', 'readAt');

const readNotices = readByKeyset({
  name: 'list-notices',
  values: { accountId: 'int4' },
  columns: noticeColumns,
  select: selectSql(noticeColumns),
  from: 'notice',
  where: ($) => [`account_id = ${$.accountId}`],
  at: 'created_at',
  id: 'id',
  variants: [{ accountId: 1 }],
});

/** One page of what the account was told, newest first. */
export async function listNotices(
  pool: Pool,
  scope: AccountReadScope,
  cursor: string | null,
): Promise<ListPage<NoticeRow>> {
  return toPlain(await readNotices(pool, { accountId: scope.accountId }, cursor, pageSize));
}

/** The most that are counted; nobody reads a greater figure. */
const countedAtMost = 100;

const countUnread = statement({
  name: 'count-unread-notices',
  values: { accountId: 'int4' },
  columns: { count: 'int4' },
  sql: ($) => `
    select count(*)::int as count from (
      select from notice where account_id = ${$.accountId} and read_at is null limit ${countedAtMost}) as unread`,
});

/** How many notices nobody of the account has read, counted up to 100. */
export async function countUnreadNotices(pool: Pool, scope: AccountReadScope): Promise<number> {
  return (await countUnread.only(pool, { accountId: scope.accountId })).count;
}

const emailColumns = columnsOf(
  'Email',
  'id',
  'accountId',
  'recipient',
  'subject',
  'state',
  'attempts',
  'reason',
  'createdAt',
  'finishedAt',
  'nextAttemptAt',
);

const keptColumns = columnsOf(
  'Email',
  'accountId',
  'id',
  'eventKey',
  'recipient',
  'subject',
  'text',
  'html',
  'linkSeed',
  'createdAt',
);

const readEmails = readByKeyset({
  name: 'list-emails',
  values: {},
  columns: emailColumns,
  select: selectSql(emailColumns),
  from: 'email',
  where: () => [],
  at: 'created_at',
  id: 'id',
  variants: [{}],
});

/** The most that the page of kept e-mails shows. */
const keptAtMost = 20;

const readKept = statement({
  name: 'list-kept-emails',
  values: { to: 'text?', limit: 'int8' },
  columns: keptColumns,
  sql: ($) => `
    select ${selectSql(keptColumns)} from email
    where state = 'KEPT' and (${$.to}::text is null or lower(recipient) = lower(${$.to}::text))
    order by created_at desc, id desc limit ${$.limit}`,
});

/**
 * The latest e-mails that are kept for lack of a mail server, with their links: for whoever tries the demo
 * out, behind `isMailOpen` (lib/env.ts).
 *
 * @param to of one address alone; null: of all
 */
export async function listKeptEmails(pool: Pool, to: string | null): Promise<KeptEmail[]> {
  const emails = await readKept.all(pool, { to, limit: keptAtMost });
  return emails.map((email) => {
    const { accountId, id, recipient, subject, createdAt } = email;
    return toPlain({ accountId, id, recipient, subject, createdAt, text: fillLink(email).text });
  });
}

/** One page of the outbox, newest first. */
export async function listEmails(
  pool: Pool,
  _scope: StaffReadScope,
  cursor: string | null,
): Promise<ListPage<EmailRow>> {
  return toPlain(await readEmails(pool, {}, cursor, pageSize));
}

/**
 * One e-mail with its content; null when there is none such. A link that confirms something is for its
 * recipient alone: it is shown only where there is no mail server, as nobody could follow it otherwise.
 */
export async function readEmail(
  pool: Pool,
  _scope: StaffReadScope,
  accountId: number,
  id: string,
): Promise<EmailDetail | null> {
  if (!isId(id)) return null;
  const stored = await prismaOn(pool).email.findUnique({
    where: { accountId_id: { accountId, id: BigInt(id) } },
  });
  if (!stored) return null;
  const { eventKey, linkSeed, ...email } = toPlain(stored);
  return email.state === 'KEPT' ? { ...email, ...fillLink({ ...email, eventKey, linkSeed }) } : email;
}
