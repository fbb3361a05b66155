import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import type { Page } from './schema';
import { minuteSql } from './times';

const given = { accountId: 'int4', timeZone: 'text', offset: 'int8', limit: 'int8' } as const;
const columns = { ...columnsOf('Reply', 'msisdn', 'text', 'messageId'), id: 'float8', at: 'float8' } as const;

// In the order of their ids, the oldest first: what comes new comes behind what a program has read, so that
// "skip those I have" is right however many came meanwhile.
const selectSql = ($: Record<keyof typeof given, string>) => `
  select reply.id::float8 as id, reply.msisdn, reply.text, reply.message_id as "messageId",
    ${minuteSql('reply.received_at', $.timeZone)} as at
  from reply`;

const listIncoming = statement({
  name: 'rest-v1-incoming',
  values: given,
  columns,
  sql: ($) => `${selectSql($)}
    where account_id = ${$.accountId} order by reply.id offset ${$.offset} limit ${$.limit}`,
});

const countIncoming = statement({
  name: 'rest-v1-incoming-count',
  values: { accountId: 'int4' },
  columns: { count: 'float8' },
  sql: ($) => `select count(*)::float8 as count from reply where account_id = ${$.accountId}`,
});

// A number of the account's own, which the provider calls its short or long code.
const isOwnSql = (accountId: string) => `
  reply.account_id = ${accountId}
    and reply.sender_number in (select number from sender_number where sender_number.account_id = ${accountId})`;

const listOwn = statement({
  name: 'rest-v1-short-code-incoming',
  values: given,
  columns,
  sql: ($) => `${selectSql($)}
    where ${isOwnSql($.accountId)} order by reply.id offset ${$.offset} limit ${$.limit}`,
});

const countOwn = statement({
  name: 'rest-v1-short-code-incoming-count',
  values: { accountId: 'int4' },
  columns: { count: 'float8' },
  sql: ($) => `select count(*)::float8 as count from reply where ${isOwnSql($.accountId)}`,
});

interface IncomingMessage {
  incomingApiMessageId: number;
  mobileNumber: string;
  /** YYYYMMDDHHmm. */
  receiveTime: number;
  messageText: string;
  /** Left out when it answers no message that is known. */
  outgoingApiMessageId?: number;
}

/** Every reply of the account. */
export async function listIncomingMessages(
  pool: Pool,
  { accountId }: AccountReadScope,
  timeZone: string,
  page: Page,
) {
  const [rows, count] = await Promise.all([
    listIncoming.all(pool, { accountId, timeZone, ...page }),
    countIncoming.only(pool, { accountId }),
  ]);
  const incomingMessages = rows.map(({ id, msisdn, at, text, messageId }): IncomingMessage => ({
    incomingApiMessageId: id,
    mobileNumber: msisdn,
    receiveTime: at,
    messageText: text,
    ...(messageId === null ? {} : { outgoingApiMessageId: Number(messageId) }),
  }));
  return { ...composeResults(page, count.count), incomingMessages };
}

/** Those of them that came to a number of the account's own. */
export async function listShortCodeMessages(
  pool: Pool,
  { accountId }: AccountReadScope,
  timeZone: string,
  page: Page,
) {
  const [rows, count] = await Promise.all([
    listOwn.all(pool, { accountId, timeZone, ...page }),
    countOwn.only(pool, { accountId }),
  ]);
  const shortcodeMessages = rows.map(({ id, msisdn, at, text }): IncomingMessage => ({
    incomingApiMessageId: id,
    mobileNumber: msisdn,
    receiveTime: at,
    messageText: text,
  }));
  return { ...composeResults(page, count.count), shortcodeMessages };
}

/** What stands before the rows of a list. */
export function composeResults({ offset, limit }: Page, total: number) {
  return { resultsOffset: offset, resultsLimit: limit, resultsTotalAvailable: total };
}
