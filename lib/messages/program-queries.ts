import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, selectSql, statement, type RowOf } from '@/lib/db/statement';

const columns = columnsOf(
  'Message',
  'id',
  'batchId',
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

const findSql = statement({
  name: 'find-message',
  values: { accountId: 'int4', id: 'int8' },
  columns,
  sql: ($) => `
    select ${selectSql(columns)} from message where account_id = ${$.accountId} and id = ${$.id}`,
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
