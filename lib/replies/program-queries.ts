import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { cutSql, wholeLengthSql } from '@/lib/db/cut-text';
import { columnsOf, selectSql, statement, type RowOf } from '@/lib/db/statement';
import {
  readProgramRows,
  type ListPlace,
  type ProgramPage,
  type ProgramSearch,
} from '@/lib/lists/program-list';
import { replyList } from './list';
import type { StoredVerdict } from './schema';

const facts = columnsOf(
  'Reply',
  'id',
  'msisdn',
  'senderNumber',
  'verdict',
  'rule',
  'messageId',
  'receivedAt',
);

const findSql = statement({
  name: 'find-reply',
  values: { accountId: 'int4', id: 'int8' },
  columns: { ...facts, text: 'Reply.text', wholeLength: 'int4?' },
  sql: ($) => `
    select ${selectSql(facts)}, text, null::int4 as "wholeLength" from reply
    where account_id = ${$.accountId} and id = ${$.id}`,
});

/**
 * A reply as a program reads it. `wholeLength`: how many characters it has when `text` is but its beginning.
 */
export type ReplyNow = RowOf<typeof findSql>;

/** A reply of the account, with all of its text; undefined when there is none with this id. */
export function findReply(
  pool: Pool,
  { accountId }: AccountReadScope,
  id: string,
): Promise<ReplyNow | undefined> {
  return findSql.one(pool, { accountId, id });
}

/** What a program asks of the list of replies; null: all. */
export interface ReplySearch extends ProgramSearch {
  verdicts: readonly StoredVerdict[] | null;
}

const listed = `${selectSql(facts, 'reply')}, ${cutSql('reply.text')} as text,
  ${wholeLengthSql('reply.text')} as "wholeLength"`;

/** Replies of the account from a place on, in the order in which they were received; long texts are cut. */
export function listReplies(
  pool: Pool,
  scope: AccountReadScope,
  { verdicts, ...search }: ReplySearch,
  { order, ...page }: ProgramPage,
): Promise<{ rows: ReplyNow[]; next: ListPlace | null }> {
  const filter = { search: '', from: null, to: null, sort: order, verdicts: [...(verdicts ?? [])] };
  return readProgramRows<ReplyNow>(pool, replyList.describe(scope, filter, 'UTC'), listed, search, page);
}
