import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { env } from '@/lib/env';
import { messageQueuedChannel, notifyAccountSql } from '@/lib/events/account-changes';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { classifyReply, standardKeywords, type Keyword, type Verdict } from '@/lib/opt-outs/matcher';
import { measureText } from '@/lib/sms/segments';
import { attributeReply, type ConversationFact } from './attribution';
import { storedVerdicts, type IncomingReply, type ReplyOutcome } from './schema';

/** One to this many replies are received in one transaction. */
export const maxRepliesPerBatch = 1000;

interface AccountSettings {
  name: string;
  confirmationText: string | null;
  reviewPolicy: 'ASK' | 'BLOCK';
  keywords: readonly Keyword[];
}

/** One row to write: a reply, as one account receives it. */
interface Delivery {
  accountId: number;
  reply: IncomingReply;
  verdict: Verdict;
  rule: string | null;
  messageId: string | null;
  blocks: boolean;
  candidates: number[];
}

/**
 * The one way in for replies (design: the one transaction). Records the carrier's receipt, finds the accounts,
 * classifies, stores, opts out, confirms: a fixed number of set-based statements whatever the size of the batch. When
 * it resolves, every opt-out in it is in force.
 *
 * Every set is written in the order of its key, so two batches that meet wait for each other and never deadlock.
 *
 * @param replies one to `maxRepliesPerBatch`
 * @returns one outcome for each reply, in their order
 * @throws the database's error; then nothing of the batch has been recorded
 */
export async function receiveReplies(pool: Pool, replies: readonly IncomingReply[]): Promise<ReplyOutcome[]> {
  if (replies.length === 0) return [];
  if (replies.length > maxRepliesPerBatch) {
    throw new RangeError(`At most ${maxRepliesPerBatch} replies in one batch, not ${replies.length}.`);
  }
  return withTransaction(pool, async (client) => {
    const { fresh, settings } = await recordReceipts(client, replies);
    const outcomes: ReplyOutcome[] = replies.map(() => ({ status: 'duplicate' }));
    const deliveries: Delivery[] = [];
    const unowned: Delivery[] = [];
    for (const [index, owner] of fresh) {
      const reply = replies[index] as IncomingReply;
      const owned = deliver(reply, owner, settings);
      const verdict = owned[0]?.verdict ?? classifyReply(reply.text).verdict;
      outcomes[index] = { status: 'accepted', accountIds: owned.map(({ accountId }) => accountId), verdict };
      if (owned.length > 0) deliveries.push(...owned);
      else unowned.push(describeUnowned(reply));
    }
    if (deliveries.length > 0) await storeDeliveries(client, deliveries, settings);
    if (unowned.length > 0) await storeUnowned(client, unowned);
    return outcomes;
  });
}

interface Owner {
  dedicatedTo: number | null;
  conversations: ConversationFact[];
}

/**
 * Statement 1: the receipts, and for those that are new, who wrote to whom and what those accounts have set.
 * A reply that stands twice in the batch keeps its first place.
 */
async function recordReceipts(
  client: PoolClient,
  replies: readonly IncomingReply[],
): Promise<{ fresh: Map<number, Owner>; settings: Map<number, AccountSettings> }> {
  const positions = new Map<string, number>();
  replies.forEach((reply, index) => {
    const key = JSON.stringify([reply.carrier, reply.carrierMessageId, reply.from]);
    if (!positions.has(key)) positions.set(key, index);
  });
  const first = [...positions.values()];
  const { rows } = await client.query<{
    position: number;
    dedicated_to: number | null;
    account_id: number | null;
    last_message_id: string | null;
    last_message_at: Date | null;
    name: string;
    confirmation_text: string | null;
    review_policy: 'ASK' | 'BLOCK';
    keywords: { word: string; match: 'EXACT' | 'PREFIX' }[] | null;
  }>({
    name: 'receive-replies-receipts',
    text: `
      with input as (
        select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
          as input (position, msisdn, carrier, carrier_message_id, sender_number)
      ), fresh as (
        insert into carrier_receipt (msisdn, carrier, carrier_message_id)
        select msisdn, carrier, carrier_message_id from input
        order by msisdn, carrier, carrier_message_id
        on conflict do nothing
        returning msisdn, carrier, carrier_message_id
      ), owner as (
        select input.position, sender_number.account_id as dedicated_to,
          coalesce(conversation.account_id, sender_number.account_id) as account_id,
          conversation.last_message_id, conversation.last_message_at
        from fresh
        join input using (msisdn, carrier, carrier_message_id)
        left join sender_number on sender_number.number = input.sender_number
        left join conversation
          on conversation.msisdn = input.msisdn and conversation.sender_number = input.sender_number
          and (sender_number.account_id is null or conversation.account_id = sender_number.account_id)
      )
      select owner.*, account.name, account.confirmation_text, account.review_policy,
        (select json_agg(account_keyword.* order by account_keyword.id) from account_keyword
         where account_keyword.account_id = owner.account_id) as keywords
      from owner
      left join account on account.id = owner.account_id`,
    values: [
      first,
      first.map((index) => replies[index]?.from),
      first.map((index) => replies[index]?.carrier),
      first.map((index) => replies[index]?.carrierMessageId),
      first.map((index) => replies[index]?.to),
    ],
  });

  const fresh = new Map<number, Owner>();
  const settings = new Map<number, AccountSettings>();
  for (const row of rows) {
    const owner = fresh.get(row.position) ?? { dedicatedTo: row.dedicated_to, conversations: [] };
    fresh.set(row.position, owner);
    if (row.account_id === null) continue;
    if (row.last_message_id !== null && row.last_message_at !== null) {
      owner.conversations.push({
        accountId: row.account_id,
        lastMessageId: row.last_message_id,
        lastMessageAt: row.last_message_at,
      });
    }
    if (!settings.has(row.account_id)) {
      settings.set(row.account_id, {
        name: row.name,
        confirmationText: row.confirmation_text,
        reviewPolicy: row.review_policy,
        keywords: addOwnKeywords(row.keywords ?? []),
      });
    }
  }
  return { fresh: new Map([...fresh].sort(([a], [b]) => a - b)), settings };
}

/** The account's own keywords on top of the standard ones; the same array when it has none, so the matcher's cache holds. */
function addOwnKeywords(own: { word: string; match: 'EXACT' | 'PREFIX' }[]): readonly Keyword[] {
  if (own.length === 0) return standardKeywords;
  return [
    ...standardKeywords,
    ...own.map(({ word, match }) => ({
      word,
      match: match === 'EXACT' ? ('exact' as const) : ('prefix' as const),
      source: 'own' as const,
    })),
  ];
}

/** What an SMS can be sent to: a network's own name ("MTN") or short code neither needs a block nor gets a confirmation. */
const mobileNumber = /^\d{8,15}$/;

/**
 * Which accounts receive the reply. A certain opt-out goes to, and blocks, every candidate it is certain for;
 * anything else goes to the account that wrote last.
 */
function deliver(reply: IncomingReply, owner: Owner, settings: Map<number, AccountSettings>): Delivery[] {
  const { candidates } = attributeReply(
    owner.conversations,
    owner.dedicatedTo,
    reply.receivedAt,
    env.ATTRIBUTION_WINDOW_DAYS,
  );
  const deliveries = candidates.map(({ accountId, messageId }) => {
    const account = settings.get(accountId);
    const { verdict, rule } = classifyReply(reply.text, account?.keywords);
    return {
      accountId,
      reply,
      verdict,
      rule,
      messageId,
      blocks:
        mobileNumber.test(reply.from) &&
        (verdict === 'opt-out' || (verdict === 'review' && account?.reviewPolicy === 'BLOCK')),
      candidates: candidates.map((candidate) => candidate.accountId),
    };
  });
  return deliveries.filter((delivery, index) => index === 0 || delivery.verdict === 'opt-out');
}

function describeUnowned(reply: IncomingReply): Delivery {
  const { verdict, rule } = classifyReply(reply.text);
  return { accountId: 0, reply, verdict, rule, messageId: null, blocks: false, candidates: [] };
}

/**
 * Statement 2: the replies; the opt-outs that are new; for each of those its event and its confirmation SMS.
 *
 * An entry that somebody else made (by hand, import, API, staff) becomes a reply-made one when the recipient says stop:
 * from then on only the recipient's YES lifts it. It keeps its episode, and this is when its confirmation is due.
 */
async function storeDeliveries(
  client: PoolClient,
  deliveries: readonly Delivery[],
  settings: Map<number, AccountSettings>,
): Promise<void> {
  const confirmations = new Map<number, { text: string; segments: number }>();
  for (const { accountId, blocks } of deliveries) {
    const account = settings.get(accountId);
    if (!blocks || !account || confirmations.has(accountId)) continue;
    const text = composeConfirmation(account);
    confirmations.set(accountId, { text, segments: measureText(text).segments });
  }
  const column = <T>(read: (delivery: Delivery) => T): T[] => deliveries.map(read);
  await client.query({
    name: 'receive-replies-store',
    text: `
      with input as (
        select * from unnest(
          $1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::verdict[], $7::text[], $8::bigint[],
          $9::text[], $10::text[], $11::timestamptz[], $12::boolean[], $13::text[]
        ) with ordinality as input (
          account_id, msisdn, sender_number, text, raw, verdict, rule, message_id,
          carrier, carrier_message_id, received_at, blocks, candidates, position
        )
      ), stored as (
        insert into reply (account_id, msisdn, sender_number, text, raw, verdict, rule, message_id,
          carrier, carrier_message_id, received_at)
        select account_id, msisdn, sender_number, text, decode(raw, 'base64'), verdict, rule, message_id,
          carrier, carrier_message_id, received_at
        from input order by position
        returning account_id, id, msisdn, carrier, carrier_message_id
      ), cause as (
        -- the first reply of this batch that blocks, for each account and number
        select distinct on (input.account_id, input.msisdn) input.*, stored.id as reply_id
        from input join stored using (account_id, msisdn, carrier, carrier_message_id)
        where input.blocks
        order by input.account_id, input.msisdn, input.position
      ), opted_out as (
        insert into opt_out (account_id, msisdn, kind, sender_number, reply_id, reply_text, rule)
        select account_id, msisdn,
          case when candidates is null then 'REPLY' else 'SHARED_SENDER' end::opt_out_kind,
          sender_number, reply_id, left(text, 1000), rule
        from cause order by account_id, msisdn
        on conflict (account_id, msisdn) do update
          set kind = excluded.kind, sender_number = excluded.sender_number, reply_id = excluded.reply_id,
            reply_text = excluded.reply_text, rule = excluded.rule
          where opt_out.kind not in ('REPLY', 'SHARED_SENDER')
        returning account_id, msisdn, id, (xmax = 0) as is_new
      ), event as (
        insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
        select cause.account_id, cause.msisdn, opted_out.id,
          case when opted_out.is_new then 'OPTED_OUT' else 'CONFIRMED_BY_REPLY' end::opt_out_event_kind, 'recipient',
          jsonb_build_object('text', cause.text, 'rule', cause.rule, 'verdict', cause.verdict,
            'replyId', cause.reply_id, 'messageId', cause.message_id, 'senderNumber', cause.sender_number,
            'candidates', cause.candidates::jsonb, 'receivedAt', cause.received_at)
        from opted_out join cause using (account_id, msisdn)
      ), confirmation as (
        insert into message (account_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
          next_attempt_at, episode_id)
        select cause.account_id, 'CONFIRMATION', cause.msisdn, cause.sender_number, composed.text, composed.segments,
          0, 'QUEUED', 0, now(), opted_out.id
        from opted_out
        join cause using (account_id, msisdn)
        join unnest($14::int[], $15::text[], $16::int[]) as composed (account_id, text, segments) using (account_id)
        on conflict (account_id, episode_id, kind) where episode_id is not null do nothing
        returning account_id
      )
      select ${notifyAccountSql('account_id', ['replies', 'opt-outs', 'messages'])},
        pg_notify('${messageQueuedChannel}', account_id::text)
      from (select distinct account_id from confirmation) as confirmed
      union all
      select ${notifyAccountSql('account_id', ['replies'])}, null
      from (select distinct account_id from stored except select account_id from confirmation) as other`,
    values: [
      column(({ accountId }) => accountId),
      column(({ reply }) => reply.from),
      column(({ reply }) => reply.to),
      column(({ reply }) => reply.text),
      column(({ reply }) => reply.raw?.toString('base64') ?? null),
      column(({ verdict }) => storedVerdicts[verdict]),
      column(({ rule }) => rule),
      column(({ messageId }) => messageId),
      column(({ reply }) => reply.carrier),
      column(({ reply }) => reply.carrierMessageId),
      column(({ reply }) => reply.receivedAt),
      column(({ blocks }) => blocks),
      column(({ candidates }) => (candidates.length > 1 ? JSON.stringify(candidates) : null)),
      [...confirmations.keys()],
      [...confirmations.values()].map(({ text }) => text),
      [...confirmations.values()].map(({ segments }) => segments),
    ],
  });
}

/** Statement 3, only when there are any: replies that belong to no account, kept for staff. */
async function storeUnowned(client: PoolClient, unowned: readonly Delivery[]): Promise<void> {
  const column = <T>(read: (delivery: Delivery) => T): T[] => unowned.map(read);
  await client.query({
    name: 'receive-replies-unowned',
    text: `
      insert into unowned_reply (msisdn, sender_number, text, raw, verdict, rule, carrier, carrier_message_id, received_at)
      select msisdn, sender_number, text, decode(raw, 'base64'), verdict, rule, carrier, carrier_message_id, received_at
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::verdict[], $6::text[], $7::text[], $8::text[],
        $9::timestamptz[]) with ordinality as input (
          msisdn, sender_number, text, raw, verdict, rule, carrier, carrier_message_id, received_at, position)
      order by position`,
    values: [
      column(({ reply }) => reply.from),
      column(({ reply }) => reply.to),
      column(({ reply }) => reply.text),
      column(({ reply }) => reply.raw?.toString('base64') ?? null),
      column(({ verdict }) => storedVerdicts[verdict]),
      column(({ rule }) => rule),
      column(({ reply }) => reply.carrier),
      column(({ reply }) => reply.carrierMessageId),
      column(({ reply }) => reply.receivedAt),
    ],
  });
}
