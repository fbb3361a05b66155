import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { readConsentRecords } from '@/lib/consents/queries';
import { withTransaction } from '@/lib/db/client';
import { cutTextColumns, cutTextSql, shownTextLength } from '@/lib/db/cut-text';
import { toPlain } from '@/lib/db/plain';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { isFirstPartSql } from '@/lib/messages/receipts';
import type { MessageStatus } from '@/lib/messages/schema';
import { evidenceFieldSql, evidenceSchema, type Evidence } from '@/lib/opt-outs/evidence';
import type { OptOutKind } from '@/lib/opt-outs/schema';
import { readRegistryRecords } from '@/lib/registry/queries';
import type { Episode, NumberStory, ReplyEvidence, StoryItem } from './schema';
import { decodeStoryCursor, encodeStoryCursor, type StoryCursor } from './story-cursor';

const shownItems = 100;

/** After the largest id there can be: a story read from its latest. */
const latest: StoryCursor = { messageId: '9'.repeat(18), replyId: '9'.repeat(18), eventId: '9'.repeat(18) };

/**
 * Everything the account knows of a number: its state now, and one page of its story. Each read is one range
 * of an index that begins with (account_id, msisdn), so it costs the same however much the account has sent
 * to others. All of it is as of one moment.
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
  const read = async (client: PoolClient): Promise<NumberStory | null> => {
    const entry = await readEntry(client, scope, msisdn, textLength);
    const events = await readEvents(client, scope, msisdn, textLength);
    const messages = await readMessages(client, scope, msisdn, cursor.messageId, limit + 1);
    const replies = await readReplies(client, scope, msisdn, cursor.replyId, limit + 1, textLength);
    const consents = await readConsentRecords(client, scope, msisdn);
    if (!entry && events.length + messages.length + replies.length + consents.length === 0) return null;
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
      registry: await readRegistryRecords(client, scope, msisdn),
      consents,
      items: page.items,
      earlier: page.hasMore ? encodeStoryCursor(moveCursor(cursor, page.items)) : null,
    };
  };
  return withTransaction(pool, read, 'snapshot');
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

/**
 * Who acted, in words. Names are of this account's users; of the provider's staff the house is named, not the
 * person.
 */
const whoSql = (accountId: string, actor: string) => `case
    when ${actor} = 'recipient' then 'the recipient'
    when ${actor} like 'staff:%' then 'The provider’s staff'
    when ${actor} like 'user:%' then coalesce(
      (select name from portal_user join membership on membership.account_id = ${accountId} and membership.user_id = portal_user.id
       where portal_user.id::text = substr(${actor}, 6)),
      'a former user')
    else 'one of your systems' end`;

/** Who decided about a reply: a user of the account, or of the staff, who assigned it. */
const reviewerSql = `(select case when role = 'STAFF' then 'staff:' else 'user:' end || id
  from portal_user where portal_user.id = reply.reviewed_by)`;

const answeredSql = `case when answered.id is not null then json_build_object('text', left(answered.text, ${shownTextLength}),
    'sentAt', coalesce(answered.sent_at, answered.created_at)) end as answered`;

type StoredAnswered = { text: string; sentAt: string } | null;
const answeredColumn = { answered: typed<StoredAnswered>('json') };

const ofNumber = { accountId: 'int4', msisdn: 'text' } as const;

function readAnswered(answered: StoredAnswered): ReplyEvidence['answered'] {
  return answered && { text: answered.text, sentAt: new Date(answered.sentAt).toISOString() };
}

const findEntry = statement({
  name: 'story-entry',
  values: { ...ofNumber, textLength: 'int4' },
  columns: {
    ...columnsOf('OptOut', 'id', 'kind', 'createdAt', 'rule', 'senderNumber'),
    ...cutTextColumns,
    text: 'text?',
    receivedAt: 'Reply.receivedAt?',
    who: 'text',
    ...answeredColumn,
  },
  sql: ($) => `
    select opt_out.id, opt_out.kind, opt_out.created_at as "createdAt",
      ${cutTextSql('coalesce(reply.text, opt_out.reply_text)', `${$.textLength}::int`)}, opt_out.rule,
      opt_out.sender_number as "senderNumber", reply.received_at as "receivedAt",
      case
        when opt_out.created_by is not null then ${whoSql($.accountId, `'user:' || opt_out.created_by`)}
        when opt_out.kind in ('REPLY', 'SHARED_SENDER') then 'the recipient'
        when opt_out.kind = 'STAFF' then 'The provider’s staff'
        else 'one of your systems' end as who,
      ${answeredSql}
    from opt_out
    left join reply on reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
    left join message as answered on answered.account_id = reply.account_id and answered.id = reply.message_id
    where opt_out.account_id = ${$.accountId} and opt_out.msisdn = ${$.msisdn}`,
});

async function readEntry(
  client: PoolClient,
  scope: AccountReadScope,
  msisdn: string,
  textLength: number,
): Promise<Entry | null> {
  const stored = await findEntry.one(client, { accountId: scope.accountId, msisdn, textLength });
  if (!stored) return null;
  const { text, wholeLength, rule, senderNumber, receivedAt, answered, ...entry } = toPlain(stored);
  return {
    ...entry,
    evidence:
      text === null
        ? null
        : {
            text,
            wholeLength,
            rule,
            senderNumber,
            receivedAt,
            answered: readAnswered(answered),
            sharedWith: 0,
          },
  };
}

const findEvents = statement({
  name: 'story-events',
  values: { ...ofNumber, textLength: 'int4' },
  columns: {
    ...columnsOf('OptOutEvent', 'id', 'episodeId', 'kind', 'actor', 'reason', 'createdAt'),
    who: 'text',
    evidence: 'jsonb',
    ...cutTextColumns,
    text: 'text?',
    listName: 'NumberList.name?',
    ...answeredColumn,
  },
  sql: ($) => `
    select event.id, event.episode_id as "episodeId", event.kind, event.actor, ${whoSql($.accountId, 'event.actor')} as who,
      event.reason, event.evidence - 'text' as evidence,
      ${cutTextSql(evidenceFieldSql('event.evidence', 'text'), `${$.textLength}::int`)},
      event.created_at as "createdAt", number_list.name as "listName", ${answeredSql}
    from opt_out_event as event
    left join message as answered
      on answered.account_id = event.account_id and answered.id = ${evidenceFieldSql('event.evidence', 'messageId')}::bigint
    left join number_list
      on number_list.account_id = event.account_id and number_list.id = ${evidenceFieldSql('event.evidence', 'list')}::bigint
    where event.account_id = ${$.accountId} and event.msisdn = ${$.msisdn}
    order by event.id desc`,
});

/** All of them, the latest first: a number has a handful. */
async function readEvents(
  client: PoolClient,
  scope: AccountReadScope,
  msisdn: string,
  textLength: number,
): Promise<StoredEvent[]> {
  const rows = toPlain(await findEvents.all(client, { accountId: scope.accountId, msisdn, textLength }));
  return rows.map((row) => {
    const evidence = evidenceSchema.parse(row.evidence);
    return {
      episodeId: row.episodeId,
      actor: row.actor,
      wasUndone: evidence.cause === 'undo' && evidence.undone === true,
      item: {
        type: 'event',
        id: row.id,
        at: row.createdAt,
        kind: row.kind,
        who: row.who,
        reason: row.reason,
        reply: row.text === null ? null : composeReplyEvidence(evidence, { ...row, text: row.text }),
        list: readListOf(evidence, row.listName),
        source: evidence.cause === 'api' ? (evidence.source ?? null) : null,
      },
    };
  });
}

function composeReplyEvidence(
  evidence: Evidence,
  row: { text: string; wholeLength: number | null; answered: StoredAnswered },
): ReplyEvidence {
  const candidates = evidence.cause === 'reply' ? evidence.candidates : null;
  const receivedAt = 'receivedAt' in evidence ? evidence.receivedAt : null;
  return {
    text: row.text,
    wholeLength: row.wholeLength,
    rule: 'rule' in evidence ? (evidence.rule ?? null) : null,
    senderNumber: 'senderNumber' in evidence ? (evidence.senderNumber ?? null) : null,
    receivedAt: receivedAt ? new Date(receivedAt).toISOString() : null,
    answered: readAnswered(row.answered),
    sharedWith: Math.max(0, (candidates?.length ?? 1) - 1),
  };
}

function readListOf(evidence: Evidence, name: string | null): Extract<StoryItem, { type: 'event' }>['list'] {
  if (evidence.cause !== 'import') return null;
  const { list, file, line } = evidence;
  return {
    id: list === undefined ? null : String(list),
    name: name ?? file ?? 'a list that is no longer kept',
    line: line ?? null,
  };
}

const messageColumns = {
  ...columnsOf(
    'Message',
    'id',
    'kind',
    'purpose',
    'text',
    'senderNumber',
    'status',
    'reason',
    'cost',
    'sentAt',
    'finishedAt',
  ),
  at: 'Message.createdAt',
} as const;

const findMessages = statement({
  name: 'story-messages',
  values: { ...ofNumber, before: 'int8', limit: 'int8' },
  columns: { ...messageColumns, isFirstPart: 'bool' },
  sql: ($) => `
    select ${selectSql(messageColumns)}, ${isFirstPartSql('message')} as "isFirstPart" from message
    where account_id = ${$.accountId} and msisdn = ${$.msisdn} and id < ${$.before}
    order by id desc
    limit ${$.limit}`,
});

async function readMessages(
  client: PoolClient,
  { accountId }: AccountReadScope,
  msisdn: string,
  before: string,
  limit: number,
): Promise<StoryItem[]> {
  const messages = toPlain(await findMessages.all(client, { accountId, msisdn, before, limit }));
  return messages.map((message) => ({ type: 'message', ...message }));
}

const findReplies = statement({
  name: 'story-replies',
  values: { ...ofNumber, before: 'int8', limit: 'int8', textLength: 'int4' },
  columns: {
    ...columnsOf('Reply', 'id', 'senderNumber', 'verdict', 'rule', 'reviewDecision', 'reviewedAt'),
    arrivedAt: 'Reply.arrivedAt',
    at: 'Reply.receivedAt',
    ...cutTextColumns,
    reviewer: 'text',
    ...answeredColumn,
  },
  sql: ($) => `
    select reply.id, ${cutTextSql('reply.text', `${$.textLength}::int`)}, reply.sender_number as "senderNumber",
      reply.verdict, reply.rule, reply.received_at as at,
      reply.arrived_at as "arrivedAt", reply.review_decision as "reviewDecision",
      reply.reviewed_at as "reviewedAt", ${whoSql($.accountId, reviewerSql)} as reviewer, ${answeredSql}
    from reply
    left join message as answered on answered.account_id = reply.account_id and answered.id = reply.message_id
    where reply.account_id = ${$.accountId} and reply.msisdn = ${$.msisdn} and reply.id < ${$.before}
    order by reply.id desc
    limit ${$.limit}`,
});

async function readReplies(
  client: PoolClient,
  { accountId }: AccountReadScope,
  msisdn: string,
  before: string,
  limit: number,
  textLength: number,
): Promise<StoryItem[]> {
  const replies = toPlain(await findReplies.all(client, { accountId, msisdn, before, limit, textLength }));
  return replies.map(({ answered, reviewDecision, reviewer, reviewedAt, ...reply }) => ({
    type: 'reply',
    ...reply,
    answered: readAnswered(answered),
    review: reviewDecision && reviewedAt ? { decision: reviewDecision, by: reviewer, at: reviewedAt } : null,
  }));
}

const findConfirmations = statement({
  name: 'story-confirmations',
  values: { accountId: 'int4', episodeIds: 'int8[]' },
  columns: columnsOf('Message', 'episodeId', 'status', 'sentAt', 'finishedAt'),
  sql: ($) => `
    select episode_id as "episodeId", status, sent_at as "sentAt", finished_at as "finishedAt" from message
    where account_id = ${$.accountId} and episode_id = any (${$.episodeIds}) and kind = 'CONFIRMATION'`,
});

/** The confirmation SMS of each episode, by the unique key that lets there be only one. */
async function readConfirmations(
  client: PoolClient,
  scope: AccountReadScope,
  episodeIds: readonly string[],
): Promise<Map<string, Confirmation>> {
  if (episodeIds.length === 0) return new Map();
  const messages = toPlain(await findConfirmations.all(client, { accountId: scope.accountId, episodeIds }));
  return new Map(
    messages.map(({ episodeId, status, sentAt, finishedAt }) => [
      episodeId ?? '',
      { status, sentAt, deliveredAt: status === 'DELIVERED' ? finishedAt : null },
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
  // The reply's time is the door's clock, the block's the database's: a few milliseconds may separate the
  // two.
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
