import type { Pool, PoolClient } from 'pg';
import { giveCreditsSql } from '@/lib/credits/ledger';
import { partToLock } from '@/lib/db/apart';
import { joinTransaction } from '@/lib/db/client';
import { statement, type Connection } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { refusedPartReason } from './labels';
import { countReceipts, countRefusedReceipts } from '@/lib/metrics/counters';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';

/**
 * What a carrier can say later about a message: it took it (`accepted`), it keeps it until the phone is there
 * (`waiting`), the phone has it (`delivered`), it gave up (`failed`), or it never took it (`refused`).
 */
export type ReceiptStatus = 'accepted' | 'waiting' | 'delivered' | 'failed' | 'refused';

/** What a carrier says later about a message. */
export interface DeliveryReceipt {
  accountId: number;
  messageId: string;
  status: ReceiptStatus;
  /** The carrier's reason, when it failed. */
  reason: string | null;
  /** Which carrier says so; left out: the one that the message went by. */
  carrier?: string;
  /** The network's own id of the message, by which its operator finds it. */
  networkId?: string;
  /** Of a text of several segments this carrier reports on the first alone. */
  isOfFirstPart?: boolean;
}

/**
 * `recorded`: the message is another now, or something was heard for the first time. `known`: said before.
 * `not-sent`: there is no such message on its way or at its end, or it is another carrier's.
 */
export type ReceiptOutcome = 'recorded' | 'known' | 'not-sent';

/**
 * What has been said of a message, as bits of message.receipts. The set of them only grows, and what the
 * message is follows from the set: so it does not matter in which order they come, nor how often.
 */
const bits: Record<ReceiptStatus, number> = { delivered: 1, failed: 2, waiting: 4, accepted: 8, refused: 16 };
const firstPartBit = 32;

/** SQL: whether what was delivered of a message is known of its first part alone. */
export function isFirstPartSql(message: string): string {
  return `(${message}.status = 'DELIVERED' and ${message}.segments > 1 and ${message}.receipts & ${firstPartBit} <> 0)`;
}

/** Those that say that the network had it. */
const tookIt = bits.delivered | bits.failed | bits.waiting | bits.accepted;
const final = bits.delivered | bits.failed | bits.refused;

// A message that was delivered before there were bits has none.
const saidSql = `(message.receipts | receipt.said | case when message.status = 'DELIVERED' then ${bits.delivered} else 0 end)`;
const hasSaid = (mask: number) => `${saidSql} & ${mask} <> 0`;
/**
 * Refused, and nothing else was ever said: it did not reach the network. Of a long text the refusal of any
 * part is enough, whatever became of the others: it did not reach its recipient whole.
 */
const isForNothingSql = `(${saidSql} & ${bits.refused} <> 0
  and (message.segments > 1 or ${saidSql} & ${final | tookIt} = ${bits.refused}))`;

const isHeldSql = `held.account_id = receipt.account_id and held.id = receipt.message_id
        and held.said_by is not distinct from receipt.carrier`;

/** One after the other in the order of their key, so that two that meet wait for each other. */
const lock = statement({
  name: 'lock-receipted-messages',
  values: { accountId: 'int4', ids: 'int8[]' },
  sql: ($) => `
    select from message where account_id = ${$.accountId} and id = any (${$.ids})
    order by id for update`,
});

/** Those of several accounts, which one PostgreSQL locks at once; a cluster is given parts of one account. */
const lockOfSeveral = statement({
  name: 'lock-receipted-messages-of-accounts',
  values: { accountIds: 'int4[]', ids: 'int8[]' },
  sql: ($) => `
    select from message where account_id = any (${$.accountIds}) and id = any (${$.ids})
    order by account_id, id for update`,
});

// The lock is a statement of its own: of what a cluster's machine has locked in one, it reads nothing in the
// same one elsewhere ("invalid input syntax").
const record = statement({
  name: 'record-receipts',
  values: {
    receipt: {
      accountId: 'int4',
      messageId: 'int8',
      said: 'int4',
      reason: 'text?',
      strength: 'int4',
      carrier: 'text?',
      networkId: 'text?',
      place: 'position',
    },
    accountIds: 'int4[]',
    partReason: 'text',
  },
  columns: {
    changed: 'int4',
    /** Whose messages are another now. */
    changedAccounts: 'int4[]?',
    /** Places, from 1, of the receipts whose message was found; and of those that said something new. */
    found: 'int4[]?',
    recorded: 'int4[]?',
    /** What is to be given back, by account. */
    refusedAccounts: 'int4[]?',
    refusedMessages: 'int8[]?',
  },
  sql: ($) => `
    with input as (
      select * from ${$.receipt}
    ), receipt as (
      select account_id, message_id, bit_or(said) as said, max(strength) as strength,
        (array_agg(reason order by strength desc, place))[1] as reason, array_agg(place::int) as places, carrier,
        (array_agg(network_id order by place) filter (where network_id is not null))[1] as network_id, now() as at
      from input group by account_id, message_id, carrier
    ), held as materialized (
      select message.account_id, message.id, message.status, receipt.carrier as said_by from receipt
      join message on message.account_id = receipt.account_id and message.account_id = any (${$.accountIds})
        and message.id = receipt.message_id
      where (receipt.carrier is null or message.carrier is null or message.carrier = receipt.carrier) and (
        message.status in ('SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'NO_RECEIPT')
        -- the network had it, though we did not hear its answer and were about to send again
        or message.status = 'QUEUED' and message.attempts > 0 and receipt.said & ${bits.delivered | bits.waiting | bits.accepted} <> 0)
    ), recorded as (
      update message set
        receipts = message.receipts | receipt.said,
        carrier_message_id = coalesce(receipt.network_id, message.carrier_message_id),
        status = case
          when ${hasSaid(bits.delivered)} then 'DELIVERED'
          when ${hasSaid(bits.failed | bits.refused)} then 'FAILED'
          when message.status in ('SENDING', 'IN_DOUBT', 'QUEUED') then 'SENT'
          else message.status end::message_status,
        reason = case
          when ${hasSaid(bits.delivered)} then case when message.segments > 1 and ${hasSaid(bits.refused)} then ${$.partReason} end
          when message.status = 'FAILED' and message.receipts & ${bits.failed | bits.refused} = 0 then message.reason
          when receipt.strength > message.receipts & ${bits.failed | bits.refused} then receipt.reason
          when message.status in ('SENDING', 'IN_DOUBT', 'QUEUED') then null
          else message.reason end,
        next_attempt_at = null,
        sent_at = case when ${hasSaid(tookIt)} then coalesce(message.sent_at, receipt.at) else message.sent_at end,
        finished_at = case
          when ${hasSaid(bits.delivered)} and message.status <> 'DELIVERED' then receipt.at
          when ${hasSaid(bits.failed | bits.refused)} and message.status not in ('DELIVERED', 'FAILED') then receipt.at
          else message.finished_at end
      from receipt join held on ${isHeldSql}
      where message.account_id = receipt.account_id and message.account_id = any (${$.accountIds})
        and message.id = receipt.message_id and (receipt.network_id is not null and message.carrier_message_id is distinct from receipt.network_id
          or message.receipts | receipt.said <> message.receipts
            -- that a text of one segment was taken says nothing of one that is known to be sent
            and (receipt.said & ${final} <> 0 or message.segments > 1 or message.status in ('SENDING', 'IN_DOUBT', 'QUEUED')))
      returning message.account_id, message.id, message.msisdn, message.kind, message.purpose, message.batch_id, message.status,
        message.reason, held.status as earlier, receipt.places,
        message.cost > 0 and ${isForNothingSql} as is_for_nothing
    ), changed as (
      select * from recorded where status <> earlier
    ), delivery as (
      ${deliverStatusSql({
        from: 'changed',
        accounts: `any (${$.accountIds})`,
        accountId: 'account_id',
        status: 'status',
        reason: 'reason',
      })}
    )
    select (select count(*)::int from changed) as changed,
      (select array_agg(distinct account_id) from changed) as "changedAccounts",
      (select array_agg(place) from receipt
        join held on ${isHeldSql}, unnest(places) as place) as found,
      (select array_agg(place) from recorded, unnest(places) as place) as recorded,
      (select array_agg(account_id order by account_id, id) from recorded where is_for_nothing) as "refusedAccounts",
      (select array_agg(id order by account_id, id) from recorded where is_for_nothing) as "refusedMessages"`,
});

const refund = statement({
  name: 'refund-refused',
  values: { accountId: 'int4', ids: 'int8[]' },
  columns: { credits: 'int8' },
  sql: ($) => `
    with refused as (
      select id, cost from message
      where account_id = ${$.accountId} and id = any (${$.ids}) and cost > 0
      order by id for update
    ), emptied as (
      update message set cost = 0 from refused where message.account_id = ${$.accountId} and message.id = refused.id
    ), refund as (
      select coalesce(sum(cost), 0)::bigint as credits from refused
    ), ${giveCreditsSql({
      accountId: $.accountId,
      from: 'refund',
      kind: 'REFUND',
      entry: { note: `'Not taken by the network'` },
    })}
    select credits from refund`,
});

/**
 * Records delivery receipts, set-based, in any order and as often as they come: the sum of what was said of a
 * message makes it what it is (docs/decisions/0046-what-comes-in-from-kannel.md). What the network never took
 * is given back, once; a message that is not on its way (unknown, blocked, not yet tried) stays as it is.
 *
 * @param connection of a transaction; a pool: one of its own
 * @returns of each what came of it, in their order
 */
export async function settleReceipts(
  connection: Pool | PoolClient,
  receipts: readonly DeliveryReceipt[],
): Promise<{ outcomes: ReceiptOutcome[]; changed: number }> {
  if (receipts.length === 0) return { outcomes: [], changed: 0 };
  return joinTransaction(connection, (client) => settleIn(client, receipts));
}

async function settleIn(
  client: PoolClient,
  receipts: readonly DeliveryReceipt[],
): Promise<{ outcomes: ReceiptOutcome[]; changed: number }> {
  const outcomes: ReceiptOutcome[] = receipts.map(() => 'not-sent');
  let changed = 0;
  for (const part of await partToLock(client, receipts)) {
    const settled = await settlePart(
      client,
      part.map((place) => receipts[place] as DeliveryReceipt),
    );
    changed += settled.changed;
    part.forEach((place, index) => (outcomes[place] = settled.outcomes[index] as ReceiptOutcome));
  }
  return { outcomes, changed };
}

async function settlePart(
  client: Connection,
  receipts: readonly DeliveryReceipt[],
): Promise<{ outcomes: ReceiptOutcome[]; changed: number }> {
  const accountIds = [...new Set(receipts.map(({ accountId }) => accountId))];
  const [accountId, ...others] = accountIds as [number, ...number[]];
  const ids = receipts.map(({ messageId }) => messageId);
  await (others.length === 0
    ? lock.run(client, { accountId, ids })
    : lockOfSeveral.run(client, { accountIds, ids }));
  const { changed, changedAccounts, found, recorded, refusedAccounts, refusedMessages } = await record.only(
    client,
    {
      accountIds,
      partReason: refusedPartReason,
      receipt: receipts.map(
        ({ accountId, messageId, status, reason, isOfFirstPart, carrier, networkId }) => ({
          accountId,
          messageId,
          said: bits[status] | (isOfFirstPart && status === 'delivered' ? firstPartBit : 0),
          reason,
          strength: bits[status] & (bits.failed | bits.refused),
          carrier: carrier ?? null,
          networkId: networkId ?? null,
        }),
      ),
    },
  );
  const refused = new Map<number, string[]>();
  refusedAccounts?.forEach((accountId, index) => {
    refused.set(accountId, [...(refused.get(accountId) ?? []), refusedMessages?.[index] ?? '']);
  });
  await tellAccounts(client, changedAccounts ?? [], ['messages']);
  for (const [accountId, ids] of refused) {
    const { credits } = await refund.only(client, { accountId, ids });
    if (credits !== '0') await tellAccounts(client, [accountId], ['messages', 'credits']);
  }
  const isFound = new Set(found);
  countReceipts(receipts.filter((_, index) => isFound.has(index + 1)));
  countRefusedReceipts('message', receipts.length - isFound.size);
  const isRecorded = new Set(recorded);
  const outcomes = receipts.map((_, index): ReceiptOutcome =>
    isRecorded.has(index + 1) ? 'recorded' : isFound.has(index + 1) ? 'known' : 'not-sent',
  );
  return { outcomes, changed };
}

/** {@link settleReceipts} for whoever wants to know only how many messages are in another state now. */
export async function recordReceipts(
  client: Pool | PoolClient,
  receipts: readonly DeliveryReceipt[],
): Promise<number> {
  return (await settleReceipts(client, receipts)).changed;
}
