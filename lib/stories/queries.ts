import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { cutTextSql, shownTextLength } from '@/lib/db/cut-text';
import type { MessageStatus } from '@/lib/messages/schema';
import { evidenceFieldSql, evidenceSchema, type Evidence } from '@/lib/opt-outs/evidence';
import type { OptOutKind } from '@/lib/opt-outs/schema';
import type { Episode, NumberStory, ReplyEvidence, StoryEventKind, StoryItem } from './schema';
import { decodeStoryCursor, encodeStoryCursor, type StoryCursor } from './story-cursor';

const shownItems = 100;

/** After the largest id there can be: a story read from its latest. */
const latest: StoryCursor = { messageId: '9'.repeat(18), replyId: '9'.repeat(18), eventId: '9'.repeat(18) };

/**
 * Everything the account knows of a number: its state now, and one page of its story. Each read is one range of an index that
 * begins with (account_id, msisdn), so it costs the same however much the account has sent to others. All of it is as of
 * one moment.
 *
 * @param page `before`: a cursor as given out with a later page; anything else starts at the latest
 * @param page `textLength`: how many characters of each reply; the whole of one: lib/stories/whole-text.ts
 * @returns null when there is no trace of the number with this account, whoever else may know it
 */
export async function readStory(
  pool: Pool,
  scope: AccountReadScope,
  msisdn: string,
  { before, limit = shownItems, textLength = shownTextLength }: StoryOptions = {},
): Promise<NumberStory | null> {
  const cursor = decodeStoryCursor(before) ?? latest;
  const story = await readStoryFrom(pool, scope, msisdn, cursor, { limit, textLength });
  // A cursor beyond the end is no sign that nothing is known.
  return (
    story ?? (cursor === latest ? null : readStoryFrom(pool, scope, msisdn, latest, { limit, textLength }))
  );
}

interface StoryOptions {
  before?: string | undefined;
  limit?: number;
  /** How many characters of each reply. */
  textLength?: number;
}

async function readStoryFrom(
  pool: Pool,
  scope: AccountReadScope,
  msisdn: string,
  cursor: StoryCursor,
  { limit, textLength }: { limit: number; textLength: number },
): Promise<NumberStory | null> {
  return withTransaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    const entry = await readEntry(client, scope, msisdn, textLength);
    const events = await readEvents(client, scope, msisdn, textLength);
    const messages = await readMessages(client, scope, msisdn, cursor.messageId, limit + 1);
    const replies = await readReplies(client, scope, msisdn, cursor.replyId, limit + 1, textLength);
    if (!entry && events.length + messages.length + replies.length === 0) return null;
    const confirmations = await readConfirmations(client, scope, [
      ...new Set([...events.map(({ episodeId }) => episodeId), ...(entry ? [entry.id] : [])]),
    ]);
    const { block, ended } = composeEpisodes(entry, events, confirmations);
    const page = mergeByTime(
      [
        messages,
        replies,
        events.map(({ item }) => item).filter(({ id }) => BigInt(id) < BigInt(cursor.eventId)),
      ],
      limit,
    );
    return {
      msisdn,
      block,
      earlierEpisodes: ended,
      items: page.items,
      earlier: page.hasMore ? encodeStoryCursor(moveCursor(cursor, page.items)) : null,
    };
  });
}

interface Entry {
  id: string;
  kind: OptOutKind;
  createdAt: string;
  evidence: ReplyEvidence | null;
  who: string;
}

interface StoredEvent {
  episodeId: string;
  actor: string;
  item: Extract<StoryItem, { type: 'event' }>;
  wasUndone: boolean;
}

interface Confirmation {
  status: MessageStatus;
  sentAt: string | null;
  deliveredAt: string | null;
}

/** Who acted, in words. Names are of this account's users; of the provider's staff the house is named, not the person. */
const whoSql = (actor: string) => `case
    when ${actor} = 'recipient' then 'the recipient'
    when ${actor} like 'staff:%' then 'The provider’s staff'
    when ${actor} like 'user:%' then coalesce(
      (select name from portal_user
       where portal_user.account_id = $1 and portal_user.id::text = substr(${actor}, 6)),
      'a former user')
    else 'one of your systems' end`;

/** Who decided about a reply: a user of the account, or of the staff, who assigned it. */
const reviewerSql = `(select case when account_id is null then 'staff:' else 'user:' end || id
  from portal_user where portal_user.id = reply.reviewed_by)`;

const answeredSql = `case when answered.id is not null then json_build_object('text', left(answered.text, ${shownTextLength}),
    'sentAt', coalesce(answered.sent_at, answered.created_at)) end as answered`;

type StoredAnswered = { text: string; sentAt: string } | null;

function readAnswered(answered: StoredAnswered): ReplyEvidence['answered'] {
  return answered && { text: answered.text, sentAt: new Date(answered.sentAt).toISOString() };
}

async function readEntry(
  client: PoolClient,
  scope: AccountReadScope,
  msisdn: string,
  textLength: number,
): Promise<Entry | null> {
  const { rows } = await client.query<{
    id: string;
    kind: OptOutKind;
    created_at: Date;
    who: string;
    text: string | null;
    text_whole: number | null;
    rule: string | null;
    sender_number: string | null;
    received_at: Date | null;
    answered: StoredAnswered;
  }>({
    name: 'story-entry',
    text: `
      select opt_out.id, opt_out.kind, opt_out.created_at,
        ${cutTextSql('coalesce(reply.text, opt_out.reply_text)', 'text', '$3::int')}, opt_out.rule, opt_out.sender_number, reply.received_at,
        case
          when opt_out.created_by is not null then ${whoSql(`'user:' || opt_out.created_by`)}
          when opt_out.kind in ('REPLY', 'SHARED_SENDER') then 'the recipient'
          when opt_out.kind = 'STAFF' then 'The provider’s staff'
          else 'one of your systems' end as who,
        ${answeredSql}
      from opt_out
      left join reply on reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
      left join message as answered on answered.account_id = reply.account_id and answered.id = reply.message_id
      where opt_out.account_id = $1 and opt_out.msisdn = $2`,
    values: [scope.accountId, msisdn, textLength],
  });
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind,
    createdAt: row.created_at.toISOString(),
    who: row.who,
    evidence:
      row.text === null
        ? null
        : {
            text: row.text,
            wholeLength: row.text_whole,
            rule: row.rule,
            senderNumber: row.sender_number,
            receivedAt: row.received_at?.toISOString() ?? null,
            answered: readAnswered(row.answered),
            sharedWith: 0,
          },
  };
}

/** All of them, the latest first: a number has a handful. */
async function readEvents(
  client: PoolClient,
  scope: AccountReadScope,
  msisdn: string,
  textLength: number,
): Promise<StoredEvent[]> {
  const { rows } = await client.query<{
    id: string;
    episode_id: string;
    kind: StoryEventKind;
    actor: string;
    who: string;
    reason: string | null;
    evidence: unknown;
    text: string | null;
    text_whole: number | null;
    created_at: Date;
    answered: StoredAnswered;
    list_name: string | null;
  }>({
    name: 'story-events',
    text: `
      select event.id, event.episode_id, event.kind, event.actor, ${whoSql('event.actor')} as who, event.reason,
        event.evidence - 'text' as evidence, ${cutTextSql(evidenceFieldSql('event.evidence', 'text'), 'text', '$3::int')},
        event.created_at, number_list.name as list_name, ${answeredSql}
      from opt_out_event as event
      left join message as answered
        on answered.account_id = event.account_id and answered.id = ${evidenceFieldSql('event.evidence', 'messageId')}::bigint
      left join number_list
        on number_list.account_id = event.account_id and number_list.id = ${evidenceFieldSql('event.evidence', 'list')}::bigint
      where event.account_id = $1 and event.msisdn = $2
      order by event.id desc`,
    values: [scope.accountId, msisdn, textLength],
  });
  return rows.map((row) => {
    const evidence = evidenceSchema.parse(row.evidence);
    return {
      episodeId: row.episode_id,
      actor: row.actor,
      wasUndone: evidence.cause === 'undo' && evidence.undone === true,
      item: {
        type: 'event',
        id: row.id,
        at: row.created_at.toISOString(),
        kind: row.kind,
        who: row.who,
        reason: row.reason,
        reply: row.text === null ? null : describeReply(evidence, { ...row, text: row.text }),
        list: describeList(evidence, row.list_name),
        source: evidence.cause === 'api' ? (evidence.source ?? null) : null,
      },
    };
  });
}

function describeReply(
  evidence: Evidence,
  row: { text: string; text_whole: number | null; answered: StoredAnswered },
): ReplyEvidence {
  const candidates = evidence.cause === 'reply' ? evidence.candidates : null;
  const receivedAt = 'receivedAt' in evidence ? evidence.receivedAt : null;
  return {
    text: row.text,
    wholeLength: row.text_whole,
    rule: 'rule' in evidence ? (evidence.rule ?? null) : null,
    senderNumber: 'senderNumber' in evidence ? (evidence.senderNumber ?? null) : null,
    receivedAt: receivedAt ? new Date(receivedAt).toISOString() : null,
    answered: readAnswered(row.answered),
    sharedWith: Math.max(0, (candidates?.length ?? 1) - 1),
  };
}

function describeList(
  evidence: Evidence,
  name: string | null,
): Extract<StoryItem, { type: 'event' }>['list'] {
  if (evidence.cause !== 'import') return null;
  const { list, file, line } = evidence;
  return {
    id: list === undefined ? null : String(list),
    name: name ?? file ?? 'a list that is no longer kept',
    line: line ?? null,
  };
}

async function readMessages(
  client: PoolClient,
  scope: AccountReadScope,
  msisdn: string,
  before: string,
  limit: number,
): Promise<StoryItem[]> {
  const { rows } = await client.query<{
    id: string;
    kind: Extract<StoryItem, { type: 'message' }>['kind'];
    text: string;
    sender_number: string;
    status: MessageStatus;
    reason: string | null;
    cost: number;
    created_at: Date;
    sent_at: Date | null;
    finished_at: Date | null;
  }>({
    name: 'story-messages',
    text: `
      select id, kind, text, sender_number, status, reason, cost, created_at, sent_at, finished_at
      from message
      where account_id = $1 and msisdn = $2 and id < $3
      order by id desc
      limit $4`,
    values: [scope.accountId, msisdn, before, limit],
  });
  return rows.map((row) => ({
    type: 'message',
    id: row.id,
    at: row.created_at.toISOString(),
    kind: row.kind,
    text: row.text,
    senderNumber: row.sender_number,
    status: row.status,
    reason: row.reason,
    cost: row.cost,
    sentAt: row.sent_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }));
}

async function readReplies(
  client: PoolClient,
  scope: AccountReadScope,
  msisdn: string,
  before: string,
  limit: number,
  textLength: number,
): Promise<StoryItem[]> {
  type Reply = Extract<StoryItem, { type: 'reply' }>;
  const { rows } = await client.query<{
    id: string;
    text: string;
    text_whole: number | null;
    sender_number: string;
    verdict: Reply['verdict'];
    rule: string | null;
    received_at: Date;
    review_decision: 'OPTED_OUT' | 'DISMISSED' | null;
    reviewed_at: Date | null;
    reviewer: string;
    answered: StoredAnswered;
  }>({
    name: 'story-replies',
    text: `
      select reply.id, ${cutTextSql('reply.text', 'text', '$5::int')}, reply.sender_number, reply.verdict, reply.rule, reply.received_at,
        reply.review_decision, reply.reviewed_at, ${whoSql(reviewerSql)} as reviewer, ${answeredSql}
      from reply
      left join message as answered on answered.account_id = reply.account_id and answered.id = reply.message_id
      where reply.account_id = $1 and reply.msisdn = $2 and reply.id < $3
      order by reply.id desc
      limit $4`,
    values: [scope.accountId, msisdn, before, limit, textLength],
  });
  return rows.map((row) => ({
    type: 'reply',
    id: row.id,
    at: row.received_at.toISOString(),
    text: row.text,
    wholeLength: row.text_whole,
    senderNumber: row.sender_number,
    verdict: row.verdict,
    rule: row.rule,
    answered: readAnswered(row.answered),
    review:
      row.review_decision && row.reviewed_at
        ? { decision: row.review_decision, by: row.reviewer, at: row.reviewed_at.toISOString() }
        : null,
  }));
}

/** The confirmation SMS of each episode, by the unique key that lets there be only one. */
async function readConfirmations(
  client: PoolClient,
  scope: AccountReadScope,
  episodeIds: readonly string[],
): Promise<Map<string, Confirmation>> {
  if (episodeIds.length === 0) return new Map();
  const { rows } = await client.query<{
    episode_id: string;
    status: MessageStatus;
    sent_at: Date | null;
    finished_at: Date | null;
  }>({
    name: 'story-confirmations',
    text: `
      select episode_id, status, sent_at, finished_at from message
      where account_id = $1 and episode_id = any ($2::bigint[]) and kind = 'CONFIRMATION'`,
    values: [scope.accountId, episodeIds],
  });
  return new Map(
    rows.map((row) => [
      row.episode_id,
      {
        status: row.status,
        sentAt: row.sent_at?.toISOString() ?? null,
        deliveredAt: row.status === 'DELIVERED' ? (row.finished_at?.toISOString() ?? null) : null,
      },
    ]),
  );
}

/** The block in force and those that have ended, out of their events. */
function composeEpisodes(
  entry: Entry | null,
  events: readonly StoredEvent[],
  confirmations: ReadonlyMap<string, Confirmation>,
): { block: Episode | null; ended: Episode[] } {
  const ids = [...new Set([...(entry ? [entry.id] : []), ...events.map(({ episodeId }) => episodeId)])];
  const episodes = ids.map((id): Episode => {
    const oldestFirst = events.filter(({ episodeId }) => episodeId === id).reverse();
    const began = oldestFirst.find(({ item }) => item.kind === 'OPTED_OUT');
    // What the recipient said counts for more than an entry that somebody made before.
    const wish = oldestFirst.find(
      ({ item }) => item.reply && item.kind !== 'REMOVED' && item.kind !== 'CORRECTED',
    );
    const end = oldestFirst.findLast(({ item }) => item.kind === 'REMOVED' || item.kind === 'CORRECTED');
    const isInForce = entry?.id === id;
    const evidence = wish?.item.reply ?? (isInForce ? entry.evidence : null);
    const confirmation = confirmations.get(id) ?? null;
    const startedAt = began?.item.at ?? (isInForce ? entry.createdAt : (oldestFirst[0]?.item.at ?? ''));
    return {
      id,
      kind: isInForce ? entry.kind : findKind(wish ?? began),
      startedAt,
      startedBy: began?.item.who ?? (isInForce ? entry.who : 'unknown'),
      evidence,
      end:
        isInForce || !end
          ? null
          : { at: end.item.at, by: end.item.who, reason: end.item.reason, wasUndone: end.wasUndone },
      confirmation,
      honoured: evidence && measureHonour(evidence, startedAt, confirmation),
    };
  });
  return {
    block: episodes.find(({ id }) => id === entry?.id) ?? null,
    ended: episodes.filter(({ id }) => id !== entry?.id),
  };
}

/** How an episode came to be, as its event tells; the entry itself is gone. */
function findKind(event: StoredEvent | undefined): OptOutKind {
  if (event?.item.reply) return event.item.reply.sharedWith > 0 ? 'SHARED_SENDER' : 'REPLY';
  if (event?.item.list) return 'IMPORT';
  if (event?.actor.startsWith('staff:')) return 'STAFF';
  return event?.actor.startsWith('user:') ? 'MANUAL' : 'API';
}

function measureHonour(
  { receivedAt }: ReplyEvidence,
  blockedAt: string,
  confirmation: Confirmation | null,
): Episode['honoured'] {
  if (receivedAt === null) return null;
  // The reply's time is the door's clock, the block's the database's: a few milliseconds may separate the two.
  const since = (at: string | null) =>
    at === null ? null : Math.max(0, Date.parse(at) - Date.parse(receivedAt));
  return {
    receivedAt,
    blockedMs: since(blockedAt) ?? 0,
    confirmationSentMs: since(confirmation?.sentAt ?? null),
    confirmationDeliveredMs: since(confirmation?.deliveredAt ?? null),
  };
}

/** What comes first where several things happened in the same moment: a reply, then what it caused. */
const orderAtOnce = { message: 2, event: 1, reply: 0 };

/** Merges lists that are each newest first. */
function mergeByTime(
  lists: readonly (readonly StoryItem[])[],
  limit: number,
): { items: StoryItem[]; hasMore: boolean } {
  const places = lists.map(() => 0);
  const items: StoryItem[] = [];
  for (;;) {
    let best = -1;
    let bestItem: StoryItem | undefined;
    lists.forEach((list, index) => {
      const item = list[places[index] ?? 0];
      if (item && (!bestItem || isLater(item, bestItem))) [best, bestItem] = [index, item];
    });
    if (!bestItem) return { items, hasMore: false };
    if (items.length === limit) return { items, hasMore: true };
    items.push(bestItem);
    places[best] = (places[best] ?? 0) + 1;
  }
}

function isLater(a: StoryItem, b: StoryItem): boolean {
  return a.at === b.at ? orderAtOnce[a.type] > orderAtOnce[b.type] : a.at > b.at;
}

function moveCursor(cursor: StoryCursor, items: readonly StoryItem[]): StoryCursor {
  const last = (type: StoryItem['type']) => items.findLast((item) => item.type === type)?.id;
  return {
    messageId: last('message') ?? cursor.messageId,
    replyId: last('reply') ?? cursor.replyId,
    eventId: last('event') ?? cursor.eventId,
  };
}
