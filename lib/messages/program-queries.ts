import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, selectSql, statement, type RowOf } from '@/lib/db/statement';
import {
  readProgramRows,
  type ListPlace,
  type ProgramPage,
  type ProgramSearch,
} from '@/lib/lists/program-list';
import { messageList } from './list';
import { isFirstPartSql } from './receipts';
import type { MessageKind, MessagePurpose, MessageStatus } from './schema';

const columns = columnsOf(
  'Message',
  'id',
  'batchId',
  'kind',
  'purpose',
  'msisdn',
  'senderNumber',
  'text',
  'segments',
  'cost',
  'status',
  'reason',
  'createdAt',
  'scheduledAt',
  'sentAt',
  'finishedAt',
);

const isFirstPart = `${isFirstPartSql('message')} as "isFirstPart"`;

const findSql = statement({
  name: 'find-message',
  values: { accountId: 'int4', id: 'int8' },
  columns: { ...columns, isFirstPart: 'bool' },
  sql: ($) => `
    select ${selectSql(columns)}, ${isFirstPart} from message where account_id = ${$.accountId} and id = ${$.id}`,
});

/** A message as it is now. */
export type MessageNow = RowOf<typeof findSql>;

/** A message of the account; undefined when there is none with this id. */
export function findMessage(
  pool: Pool,
  { accountId }: AccountReadScope,
  id: string,
): Promise<MessageNow | undefined> {
  return findSql.one(pool, { accountId, id });
}

/** What a program asks of the list of messages; null: all. */
export interface MessageSearch extends ProgramSearch {
  statuses: readonly MessageStatus[] | null;
  kinds: readonly MessageKind[] | null;
  purpose: MessagePurpose | null;
  batchId: string | null;
}

const listed = `${selectSql(columns, 'message')}, ${isFirstPart}`;

/** Messages of the account from a place on, in the order in which they were accepted. */
export function listMessages(
  pool: Pool,
  scope: AccountReadScope,
  { statuses, kinds, purpose, batchId, ...search }: MessageSearch,
  { order, ...page }: ProgramPage,
): Promise<{ rows: MessageNow[]; next: ListPlace | null }> {
  const filter = {
    search: '',
    from: null,
    to: null,
    sort: order,
    statuses: [...(statuses ?? [])],
    purpose,
    batch: batchId,
  };
  return readProgramRows<MessageNow>(
    pool,
    messageList.describe(scope, filter, 'UTC'),
    listed,
    search,
    page,
    (add) => [kinds !== null && `message.kind = any (${add(`{${kinds.join(',')}}`)}::message_kind[])`],
  );
}
