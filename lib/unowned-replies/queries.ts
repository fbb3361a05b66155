import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, statement } from '@/lib/db/statement';
import { unownedList, type UnownedReply } from './list';
import type { LikelyAccount, UnownedKey, UnownedState, WaitingCounts } from './schema';

/** Nobody reads a greater figure. */
const countedAtMost = 100;

const countSql = (state: UnownedState) =>
  `(select count(*)::int from (select 1 from unowned_reply where state = '${state}' limit ${countedAtMost}) as counted)`;

const countWaiting = statement({
  name: 'count-waiting-unowned',
  columns: { certain: 'int4', unsure: 'int4' },
  sql: () => `select ${countSql('WAITING')} as certain, ${countSql('UNSURE')} as unsure`,
});

/** How many wait for a member of staff: more than 99 are shown as "99+". */
export async function countWaitingUnowned(pool: Pool, _scope: StaffReadScope): Promise<WaitingCounts> {
  return countWaiting.only(pool, {});
}

/** Each from its own end of the index on the state. */
const oldestSql = (state: UnownedState, limit: string) => `(select ${unownedList.select} from unowned_reply
  where state = '${state}' order by unowned_reply.received_at, unowned_reply.id limit ${limit})`;

const listUndecided = statement({
  name: 'list-undecided-unowned',
  values: { limit: 'int8' },
  columns: unownedList.columns,
  sql: ($) => `
    select * from (${oldestSql('WAITING', $.limit)} union all ${oldestSql('UNSURE', $.limit)}) as undecided
    order by state = 'UNSURE', "receivedAt", id limit ${$.limit}`,
});

/**
 * Those that wait for a member of staff: the certain ones before the others, and of each the longest waiting
 * first.
 */
export async function listUndecidedReplies(
  pool: Pool,
  _scope: StaffReadScope,
  limit: number,
): Promise<UnownedReply[]> {
  return (await listUndecided.all(pool, { limit })).map(unownedList.toRow);
}

const suggestedAccounts = 10;
/** Of the message that an account sent. */
const shownMessageCharacters = 200;

const findLikely = statement({
  name: 'list-likely-accounts',
  values: { msisdn: 'text' },
  columns: {
    ...columnsOf('Conversation', 'accountId', 'senderNumber'),
    name: 'Account.name',
    wroteAt: 'Conversation.lastMessageAt',
    messageId: 'Conversation.lastMessageId',
  },
  sql: ($) => `
    with latest as (
      select distinct on (account_id) account_id, sender_number, last_message_at, last_message_id
      from conversation where msisdn = ${$.msisdn}
      order by account_id, last_message_at desc
    )
    select latest.account_id as "accountId", account.name, latest.sender_number as "senderNumber",
      latest.last_message_at as "wroteAt", latest.last_message_id as "messageId"
    from latest join account on account.id = latest.account_id
    order by latest.last_message_at desc, latest.account_id
    limit ${suggestedAccounts}`,
});

/** What lies with each account: what it wrote, and whether it may write again. */
const describeLikely = statement({
  name: 'describe-likely-accounts',
  values: { found: { accountId: 'int4', messageId: 'int8' }, accountIds: 'int4[]', msisdn: 'text' },
  columns: { accountId: 'int4', text: 'text?', isBlocked: 'bool' },
  sql: ($) => `
    with found as materialized (
      select * from ${$.found}
    ), said as materialized (
      select message.account_id, left(message.text, ${shownMessageCharacters}) as text from found
      join message on message.account_id = found.account_id and message.account_id = any (${$.accountIds})
        and message.id = found.message_id
    ), blocked as materialized (
      select account_id from opt_out where account_id = any (${$.accountIds}) and msisdn = ${$.msisdn}
    )
    select found.account_id as "accountId", said.text, blocked.account_id is not null as "isBlocked" from found
    left join said on said.account_id = found.account_id
    left join blocked on blocked.account_id = found.account_id`,
});

/**
 * The accounts that have written to the number of a reply, from whatever sender number; the one that wrote
 * last first.
 */
export async function listLikelyAccounts(
  pool: Pool,
  _scope: StaffReadScope,
  { msisdn }: UnownedKey,
): Promise<LikelyAccount[]> {
  const found = await findLikely.all(pool, { msisdn });
  const accountIds = found.map(({ accountId }) => accountId);
  const described = await describeLikely.all(pool, { found, accountIds, msisdn });
  return toPlain(
    found.map(({ messageId: _, ...one }) => {
      const { text = null, isBlocked = false } =
        described.find(({ accountId }) => accountId === one.accountId) ?? {};
      return { ...one, text, isBlocked };
    }),
  );
}
