import type { Pool, PoolClient } from 'pg';
import { runLast, withTransaction } from '@/lib/db/client';
import { idsAreNew, onCluster } from '@/lib/db/one-server';
import { waitUntilSettled } from '@/lib/db/settled';
import { typed } from '@/lib/db/sql-types';
import { statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { countReplies } from '@/lib/metrics/counters';
import { inSpan, linkOrigins, traceOptOuts } from '@/lib/metrics/tracing';
import { tellAccounts, tellUrgent, tellStaff } from '@/lib/events/account-changes';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { combineKeywords, type StoredKeyword } from '@/lib/opt-outs/combine-keywords';
import { beginSql } from '@/lib/opt-outs/episodes';
import { tellRepliesSql, wantingSql } from '@/lib/webhook-events/deliveries';
import { standardKeywords, type Keyword, type Verdict } from '@/lib/opt-outs/matcher';
import {
  answersRequest,
  gatewaySlackMs,
  recordAnswers,
  type OpenRequest,
  type ReceivedReply,
} from '@/lib/removal-requests/answers';
import { hasLeftSql, lockRequests } from '@/lib/removal-requests/progress';
import { openStates } from '@/lib/removal-requests/schema';
import { log } from '@/lib/log';
import { measureText } from '@/lib/sms/segments';
import { isWritable } from '@/lib/sms/written-number';
import { attributeReply, type ConversationFact } from './attribution';
import { hashContent, unknownContentHash } from './content-hash';
import { findKind, lateRule, readReply, type Reading } from './read-reply';
import { storedVerdicts, timeOf, type IncomingReply, type ReplyOutcome } from './schema';

/** One to this many replies are received in one transaction. */
export const maxRepliesPerBatch = 1000;

interface AccountSettings {
  reviewPolicy: 'ASK' | 'BLOCK';
  keywords: readonly Keyword[];
  confirmation: { text: string; segments: number };
  /** Whether an endpoint of it is told of replies or opt-outs. */
  hasWebhook: boolean;
}

/** One row to write: a reply, as one account receives it. */
interface Delivery {
  accountId: number;
  reply: IncomingReply;
  verdict: Verdict;
  rule: string | null;
  messageId: string | null;
  /** Set when the reply blocks: the confirmation SMS that is then due. */
  confirmation: AccountSettings['confirmation'] | null;
  candidates: number[];
  hasWebhook: boolean;
}

/**
 * The one way in for replies (design: the one transaction). Records the carrier's receipt, finds the
 * accounts, classifies, stores, opts out, confirms, moves removal requests: a fixed number of set-based
 * statements whatever the size of the batch. When it resolves, every opt-out in it is in force.
 *
 * Every set is written in the order of its key, so two batches that meet wait for each other and never
 * deadlock.
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
  const span = { attributes: { 'client_zone.replies': replies.length }, links: linkOrigins(replies) };
  const received = await inSpan('receive replies', span, () => store(pool, replies));
  for (const position of received.reused) {
    const { carrier, carrierMessageId } = replies[position] as IncomingReply;
    log.warn({ carrier, carrierMessageId }, 'A carrier gave an id again, to another reply; both are kept');
  }
  countReplies(replies, received.outcomes);
  traceOptOuts(replies, received.outcomes);
  return received.outcomes;
}

/** The transaction; `reused` are the places of new replies whose id stood for another before. */
function store(
  pool: Pool,
  replies: readonly IncomingReply[],
): Promise<{ outcomes: ReplyOutcome[]; reused: number[] }> {
  return withTransaction(pool, async (client) => {
    const reception = await recordReceipts(client, replies);
    const { fresh, wasThere, settings, platformKeywords, openRequests, reused } = reception;
    const outcomes: ReplyOutcome[] = replies.map(() => ({ status: 'duplicate' }));
    // What is there already is acknowledged, so it has to be in force.
    if (wasThere) await waitUntilSettled(client);
    const deliveries: Delivery[] = [];
    const unowned: Delivery[] = [];
    // In the order in which the gateway got them: of several wishes the first is the cause.
    const inOrder = [...fresh].sort(
      ([a], [b]) =>
        timeOf(replies[a] as IncomingReply).getTime() - timeOf(replies[b] as IncomingReply).getTime(),
    );
    for (const [index, owner] of inOrder) {
      const reply = replies[index] as IncomingReply;
      const owned = reply.kind === 'receipt' ? [] : deliver(reply, owner, settings, openRequests);
      const verdict = owned[0]?.verdict ?? readReply(reply, platformKeywords).verdict;
      outcomes[index] = { status: 'accepted', accountIds: owned.map(({ accountId }) => accountId), verdict };
      if (owned.length > 0) deliveries.push(...owned);
      else unowned.push(classifyUnowned(reply, platformKeywords));
    }
    // Only for replies from recipients whom a removal request concerns: these are held before anything is
    // stored, because whoever holds a block and its request takes the block first.
    await letLateOnesBe(client, deliveries);
    const concerned = findConcerned(deliveries, openRequests);
    const held = concerned.length > 0 ? await lockRequests(client, concerned) : [];
    const isLast = held.length === 0 && unowned.length === 0;
    if (deliveries.length > 0) await storeDeliveries(client, deliveries, { isLast });
    if (held.length > 0) await recordAnswers(client, held, deliveries.map(composeReceived));
    if (unowned.length > 0) await storeUnowned(client, unowned);
    return { outcomes, reused: [...reused].filter((position) => fresh.has(position)) };
  });
}

interface Owner {
  dedicatedTo: number | null;
  conversations: ConversationFact[];
}

interface StoredSettings {
  id: number;
  name: string;
  confirmationText: string | null;
  reviewPolicy: 'ASK' | 'BLOCK';
  keywords: StoredKeyword[] | null;
}

const keywordSql = `json_build_object('word', word, 'match', match)`;

/** SQL of a {@link StoredSettings} of the table account. */
const settingsSql = `json_build_object('id', account.id, 'name', account.name, 'confirmationText', confirmation_text,
  'reviewPolicy', review_policy, 'keywords',
  (select json_agg(${keywordSql} order by account_keyword.id) from account_keyword where account_id = account.id))`;

/** SQL of the accounts with an endpoint that is told of replies or opt-outs, among those given. */
const withWebhookSql = (accounts: string) => wantingSql(accounts, ['reply.received', 'opt_out.created']);

/** SQL of an {@link OpenRequest} of a row `request`, with its consent SMS as `message`. */
const openRequestSql = `json_build_object('accountId', request.account_id, 'requestId', request.id::text,
  'msisdn', request.msisdn, 'consentSender', message.sender_number,
  'hasConsentLeft', ${hasLeftSql('message')}, 'consentWords', account.consent_words)`;

const isOpenSql = `request.state in (${openStates.map((state) => `'${state}'`).join(', ')})`;

/** What is known of a batch once its receipts are recorded. */
interface Reception {
  /** By their place in the batch, in its order. */
  fresh: Map<number, Owner>;
  /** Whether any was recorded before this batch. */
  wasThere: boolean;
  settings: Map<number, AccountSettings>;
  /** The keywords of replies that belong to nobody. */
  platformKeywords: readonly Keyword[];
  /** Open removal requests of these accounts about these recipients, by `nameSubject`; usually none. */
  openRequests: Map<string, OpenRequest>;
  /** Places of replies whose id the carrier has given to another content before. */
  reused: ReadonlySet<number>;
}

/**
 * How many of a batch are looked at for an id that the carrier has given before: all of a small batch, and of
 * a large one enough to notice a carrier that counts anew. It is for the log alone, and a look at each of 500
 * took an eighth of statement 1.
 */
const lookedAtForReuse = 20;

/** What a statement has written, a cluster finds when the same statement reads; one PostgreSQL does not. */
const notOfThisBatch = onCluster(
  `and (earlier.msisdn, earlier.carrier, earlier.carrier_message_id, earlier.content_hash) not in (
     select msisdn, carrier, carrier_message_id, content_hash from fresh)`,
);

const recordFresh = statement({
  name: 'receive-replies-receipts',
  values: {
    input: {
      position: 'int4',
      msisdn: 'text',
      carrier: 'text',
      carrierMessageId: 'text',
      contentHash: 'uuid',
      senderNumber: 'text',
    },
    recipients: 'text[]',
    /** Recipients of the first of them, which are looked at for an id that was given before. */
    lookedAt: 'text[]',
  },
  columns: {
    /** One for each conversation of a reply, new or not. */
    owners:
      typed<
        [
          positions: number[] | null,
          accountIds: number[] | null,
          lastMessageIds: string[] | null,
          lastMessagesAt: string[] | null,
        ]
      >('json'),
    dedicated: typed<Record<string, number> | null>('json'),
    platform: typed<StoredKeyword[] | null>('json'),
    /** Of those given in, which are new; null: all. */
    freshAmong: 'int4[]?',
    /** Of those given in, whose id has stood for another content before. */
    reused: 'int4[]?',
  },
  sql: ($) => `
    with input as (
      select * from ${$.input}
    ), fresh as (
      insert into carrier_receipt (msisdn, carrier, carrier_message_id, content_hash)
      select msisdn, carrier, carrier_message_id, content_hash from input
      order by msisdn, carrier, carrier_message_id, content_hash
      on conflict do nothing
      returning msisdn, carrier, carrier_message_id, content_hash
    ), owner as (
      select input.position, input.msisdn, conversation.account_id, conversation.last_message_id,
        conversation.last_message_at
      from (
        -- one scan over all the numbers, where a join would begin one for each
        select * from conversation where msisdn = any (${$.recipients}) offset 0
      ) as conversation
      join input on conversation.msisdn = input.msisdn and conversation.sender_number = input.sender_number
    ), dedicated as (
      select number, account_id from sender_number
      where account_id is not null and number in (select sender_number from input)
    )
    select
      (select array_agg(distinct position) from carrier_receipt as earlier
        join (select * from input limit ${lookedAtForReuse}) as looked_at on earlier.msisdn = looked_at.msisdn
          and earlier.carrier = looked_at.carrier and earlier.carrier_message_id = looked_at.carrier_message_id
          and earlier.content_hash not in (looked_at.content_hash, '${unknownContentHash}')
        where earlier.msisdn = any (${$.lookedAt})
          ${notOfThisBatch}) as reused,
      (select json_build_array(array_agg(position), array_agg(account_id), array_agg(last_message_id::text),
        array_agg(last_message_at)) from owner) as owners,
      (select json_object_agg(number, account_id) from dedicated) as dedicated,
      (select json_agg(${keywordSql} order by id) from platform_keyword) as platform,
      case when (select count(*) from fresh) < (select count(*) from input) then (
        select coalesce(array_agg(position), '{}') from fresh
        join input using (msisdn, carrier, carrier_message_id, content_hash)
      ) end as "freshAmong"`,
});

const readAccounts = statement({
  name: 'receive-replies-accounts',
  values: { accountIds: 'int4[]', subject: { accountId: 'int4', msisdn: 'text' } },
  columns: {
    settings: typed<StoredSettings[] | null>('json'),
    withWebhook: 'int4[]?',
    requests: typed<OpenRequest[] | null>('json'),
  },
  sql: ($) => `
    select (select json_agg(${settingsSql}) from account where id = any (${$.accountIds})) as settings,
      ${withWebhookSql(`any (${$.accountIds})`)} as "withWebhook",
      (select json_agg(${openRequestSql})
       from ${$.subject}
       join removal_request as request on request.account_id = subject.account_id and request.msisdn = subject.msisdn
         and request.account_id = any (${$.accountIds}) and ${isOpenSql}
       join account on account.id = request.account_id
       left join message on message.account_id = request.account_id and message.account_id = any (${$.accountIds})
         and message.id = request.consent_message_id) as requests`,
});

/**
 * Statement 1: the receipts, and for those that are new, who wrote to whom. Statement 2, of a batch that is
 * anybody's: what those accounts have set, and whether they wait for an answer of these recipients. They are
 * two because the first is about numbers and the second about accounts, which lie apart on a cluster.
 *
 * A reply that stands twice in the batch keeps its first place. The same id with another content is another
 * reply: a carrier's counter may begin again, and what came under a number before must not swallow a "Stop".
 *
 * New is told only where not all are, and conversations are looked up by number in one scan: joining both to
 * the input took 1.3 ms of 9.5 for 500 replies, the look for ids that come again another 1.
 *
 * It answers with one row of JSON: 500 rows with the settings of their account on each took PostgreSQL 15 %,
 * and this process 50 % longer. Settings are read once for each account, sender numbers once each.
 */
async function recordReceipts(client: PoolClient, replies: readonly IncomingReply[]): Promise<Reception> {
  const firsts = new Map<string, { reply: IncomingReply; position: number; hash: string }>();
  replies.forEach((reply, position) => {
    const hash = hashContent(reply);
    const key = JSON.stringify([reply.carrier, reply.carrierMessageId, reply.from, hash]);
    if (!firsts.has(key)) firsts.set(key, { reply, position, hash });
  });
  const first = [...firsts.values()];
  const found = await recordFresh.one(client, {
    input: first.map(({ reply, position, hash }) => ({
      position,
      msisdn: reply.from,
      carrier: reply.carrier,
      carrierMessageId: reply.carrierMessageId,
      contentHash: hash,
      senderNumber: reply.to,
    })),
    recipients: [...new Set(first.map(({ reply }) => reply.from))],
    lookedAt: [...new Set(first.slice(0, lookedAtForReuse).map(({ reply }) => reply.from))],
  });
  const [positions, accountIds, lastMessageIds, lastMessagesAt] = found?.owners ?? [];
  const dedicated = found?.dedicated ?? {};
  const platform = found?.platform ?? [];

  const fresh = new Map<number, Owner>();
  for (const position of found?.freshAmong?.sort((a, b) => a - b) ?? first.map((each) => each.position)) {
    const dedicatedTo = dedicated[replies[position]?.to ?? ''] ?? null;
    fresh.set(position, { dedicatedTo, conversations: [] });
  }
  positions?.forEach((position, index) => {
    const accountId = accountIds?.[index];
    const lastMessageId = lastMessageIds?.[index];
    const lastMessageAt = lastMessagesAt?.[index];
    if (!accountId || !lastMessageId || !lastMessageAt) return;
    fresh
      .get(position)
      ?.conversations.push({ accountId, lastMessageId, lastMessageAt: new Date(lastMessageAt) });
  });
  return {
    fresh,
    wasThere: found?.freshAmong !== null,
    ...(await readOwners(client, replies, fresh, platform)),
    platformKeywords: combineKeywords(platform, []),
    reused: new Set([...(found?.reused ?? []), ...findReusedWithin(first)]),
  };
}

/** Statement 2, when the replies have an owner. */
async function readOwners(
  client: PoolClient,
  replies: readonly IncomingReply[],
  fresh: ReadonlyMap<number, Owner>,
  platform: readonly StoredKeyword[],
): Promise<Pick<Reception, 'settings' | 'openRequests'>> {
  const subjects = new Map<string, { accountId: number; msisdn: string }>();
  for (const [position, { dedicatedTo, conversations }] of fresh) {
    const msisdn = (replies[position] as IncomingReply).from;
    const owners = conversations.map(({ accountId }) => accountId);
    for (const accountId of dedicatedTo === null ? owners : [dedicatedTo, ...owners]) {
      subjects.set(nameSubject(accountId, msisdn), { accountId, msisdn });
    }
  }
  if (subjects.size === 0) return { settings: new Map(), openRequests: new Map() };
  const subject = [...subjects.values()];
  const accountIds = [...new Set(subject.map(({ accountId }) => accountId))];
  const { settings, withWebhook, requests } = await readAccounts.only(client, { accountIds, subject });
  const told = new Set(withWebhook);
  return {
    settings: new Map(
      settings?.map((stored) => [stored.id, readSettings(stored, platform, told.has(stored.id))]),
    ),
    openRequests: new Map(
      requests?.map((request) => [nameSubject(request.accountId, request.msisdn), request]),
    ),
  };
}

/** Places of replies that have their id in common with an earlier one of the batch, with another content. */
function findReusedWithin(first: readonly { reply: IncomingReply; position: number }[]): number[] {
  const ids = new Set<string>();
  return first.flatMap(({ reply, position }) => {
    const id = JSON.stringify([reply.carrier, reply.carrierMessageId, reply.from]);
    if (ids.has(id)) return [position];
    ids.add(id);
    return [];
  });
}

function readSettings(
  { name, confirmationText, reviewPolicy, keywords }: StoredSettings,
  platform: readonly StoredKeyword[],
  hasWebhook: boolean,
): AccountSettings {
  const text = composeConfirmation({ name, confirmationText });
  return {
    reviewPolicy,
    keywords: combineKeywords(platform, keywords ?? []),
    confirmation: { text, segments: measureText(text).segments },
    hasWebhook,
  };
}

function nameSubject(accountId: number, msisdn: string): string {
  return `${accountId} ${msisdn}`;
}

function findConcerned(
  deliveries: readonly Delivery[],
  openRequests: ReadonlyMap<string, OpenRequest>,
): OpenRequest[] {
  if (openRequests.size === 0) return [];
  const concerned = deliveries.flatMap(
    ({ accountId, reply }) => openRequests.get(nameSubject(accountId, reply.from)) ?? [],
  );
  return [...new Set(concerned)];
}

const findLetIn = statement({
  name: 'receive-replies-let-in-since',
  values: {
    accountIds: 'int4[]',
    input: { accountId: 'int4', msisdn: 'text', before: 'timestamptz', place: 'position' },
  },
  columns: { place: 'int4' },
  sql: ($) => `
    select distinct place::int as place from ${$.input}
    join removal_request as request on request.account_id = input.account_id and request.msisdn = input.msisdn
      and request.account_id = any (${$.accountIds}) and request.state = 'REMOVED' and request.created_at > input.before`,
});

/**
 * A wish that the gateway has kept for so long that its recipient has been asked since, and has said YES,
 * does not block them again: a person looks at it. Whether a block was there meanwhile or not, what came last
 * counts.
 */
async function letLateOnesBe(client: PoolClient, deliveries: readonly Delivery[]): Promise<void> {
  const late = deliveries.filter(
    ({ confirmation, reply: { arrivedAt, receivedAt } }) =>
      confirmation !== null && arrivedAt && receivedAt.getTime() - arrivedAt.getTime() > gatewaySlackMs,
  );
  if (late.length === 0) return;
  const rows = await findLetIn.all(client, {
    accountIds: listAccounts(late),
    input: late.map(({ accountId, reply }) => ({
      accountId,
      msisdn: reply.from,
      before: new Date(timeOf(reply).getTime() + gatewaySlackMs),
    })),
  });
  for (const { place } of rows) {
    const delivery = late[place - 1];
    if (delivery) Object.assign(delivery, { verdict: 'review', rule: lateRule, confirmation: null });
  }
}

function composeReceived({ accountId, reply, confirmation }: Delivery): ReceivedReply {
  return {
    accountId,
    msisdn: reply.from,
    senderNumber: reply.to,
    text: reply.text,
    blocks: confirmation !== null,
    receivedAt: reply.receivedAt,
    arrivedAt: reply.arrivedAt ?? null,
    carrier: reply.carrier,
    carrierMessageId: reply.carrierMessageId,
  };
}

/**
 * Which accounts receive the reply. A certain opt-out goes to, and blocks, every candidate it is certain for;
 * anything else goes to the account that wrote last.
 */
function deliver(
  reply: IncomingReply,
  owner: Owner,
  settings: Map<number, AccountSettings>,
  openRequests: ReadonlyMap<string, OpenRequest>,
): Delivery[] {
  const attribution = attributeReply(
    owner.conversations,
    owner.dedicatedTo,
    timeOf(reply),
    env.ATTRIBUTION_WINDOW_DAYS,
  );
  const candidates = putAskedFirst(attribution.candidates, reply, openRequests);
  const deliveries = candidates.map(({ accountId, messageId }) => {
    const account = settings.get(accountId);
    const { verdict, rule } = readReply(reply, account?.keywords ?? standardKeywords);
    const blocks = isBlocking(reply, verdict, account?.reviewPolicy);
    return {
      accountId,
      reply,
      verdict,
      rule,
      messageId,
      confirmation: (blocks && account?.confirmation) || null,
      candidates: candidates.map((candidate) => candidate.accountId),
      hasWebhook: account?.hasWebhook ?? false,
    };
  });
  return deliveries.filter((delivery, index) => index === 0 || delivery.verdict === 'opt-out');
}

function isBlocking(
  reply: IncomingReply,
  verdict: Verdict,
  reviewPolicy: AccountSettings['reviewPolicy'] | undefined,
): boolean {
  return (
    isWritable(reply.from) && (verdict === 'opt-out' || (verdict === 'review' && reviewPolicy === 'BLOCK'))
  );
}

/**
 * A YES or a NO goes to the account that has asked for it from this number, also when another has written
 * since.
 */
function putAskedFirst<Candidate extends { accountId: number }>(
  candidates: readonly Candidate[],
  reply: IncomingReply,
  openRequests: ReadonlyMap<string, OpenRequest>,
): readonly Candidate[] {
  if (openRequests.size === 0) return candidates;
  const asked = candidates.filter(({ accountId }) => {
    const request = openRequests.get(nameSubject(accountId, reply.from));
    return request && answersRequest({ text: reply.text, senderNumber: reply.to }, request);
  });
  return [...new Set([...asked, ...candidates])];
}

function classifyUnowned(reply: IncomingReply, keywords: readonly Keyword[]): Delivery {
  const { verdict, rule } = readReply(reply, keywords);
  return {
    accountId: 0,
    reply,
    verdict,
    rule,
    messageId: null,
    confirmation: null,
    candidates: [],
    hasWebhook: false,
  };
}

/**
 * Statement 3: the replies; the opt-outs that are new; for each of those its event and its confirmation SMS.
 *
 * An entry that somebody else made (by hand, import, API, staff) becomes a reply-made one when the recipient
 * says stop: from then on only the recipient's YES lifts it. It keeps its episode, and this is when its
 * confirmation is due.
 */
async function storeDeliveries(
  client: PoolClient,
  deliveries: readonly Delivery[],
  { assignment, isLast = false }: { assignment?: Assignment; isLast?: boolean } = {},
): Promise<void> {
  const input = deliveries.map(
    ({ accountId, reply, verdict, rule, messageId, candidates, confirmation }) => ({
      accountId,
      msisdn: reply.from,
      senderNumber: reply.to,
      text: reply.text,
      raw: reply.raw?.toString('base64') ?? null,
      verdict: storedVerdicts[verdict],
      rule,
      messageId,
      carrier: reply.carrier,
      carrierMessageId: reply.carrierMessageId,
      receivedAt: reply.receivedAt,
      arrivedAt: reply.arrivedAt ?? null,
      candidates: candidates.length > 1 ? candidates : null,
      confirmation: confirmation?.text ?? null,
      segments: confirmation?.segments ?? null,
    }),
  );
  const accountIds = listAccounts(deliveries);
  // Of somebody who has opted out before there is no confirmation to send; that is told all the same, so that
  // it need not be asked first.
  const blocking = listAccounts(deliveries.filter(({ confirmation }) => confirmation !== null));
  await tellAccounts(client, blocking, ['replies', 'opt-outs', 'messages']);
  await tellUrgent(client, blocking);
  await tellAccounts(
    client,
    accountIds.filter((accountId) => !blocking.includes(accountId)),
    ['replies'],
  );
  // Without an opt-out, as most single replies are, the short form: setting up the long one takes PostgreSQL
  // longer than storing a reply does.
  const blocks = blocking.length > 0;
  const values = { input, accountIds };
  if (assignment) {
    await storeAssigned(client, values, blocks, assignment);
    return;
  }
  const isTold = deliveries.some(({ hasWebhook }) => hasWebhook);
  const statements = isTold ? tellingPrograms : tellingNobody;
  const chosen = blocks ? statements.block : statements.store;
  await (isLast ? runLast(client, chosen, values) : chosen.run(client, values));
}

function listAccounts(deliveries: readonly Delivery[]): number[] {
  return [...new Set(deliveries.map(({ accountId }) => accountId))];
}

async function storeAssigned(
  client: PoolClient,
  values: Parameters<typeof tellingPrograms.block.all>[1],
  blocks: boolean,
  { takenForOptOutBy: takenBy, actor: by, reason, confirmationFrom }: Assignment,
): Promise<void> {
  await (blocks
    ? assignedBlock.run(client, { ...values, takenBy, by, reason, confirmationFrom })
    : assignedStore.run(client, { ...values, takenBy }));
}

/** A reply as an account receives it, and the confirmation SMS that is then due, if it blocks. */
const delivered = {
  input: {
    accountId: 'int4',
    msisdn: 'text',
    senderNumber: 'text',
    text: 'text',
    raw: 'text?',
    verdict: 'Verdict',
    rule: 'text?',
    messageId: 'int8?',
    carrier: 'text',
    carrierMessageId: 'text',
    receivedAt: 'timestamptz',
    arrivedAt: 'timestamptz?',
    candidates: 'jsonb?',
    confirmation: 'text?',
    segments: 'int4?',
    place: 'position',
  },
} as const;

/**
 * The replies. Their ids are drawn first, so that nothing has to be joined to what was inserted.
 *
 * @param options.tells with the webhook deliveries of the replies, for a batch with an account that has any:
 *   SQL of whose they are
 * @param options.takenBy SQL of who of the staff has taken an uncertain one for an opt-out; null of the
 *   value: nobody
 */
const composeStoreSql = (input: string, { takenBy, tells }: { takenBy?: string; tells: string | false }) => `
  with input as (
    select *, nextval('reply_id_seq') as reply_id from ${input}
  )${
    takenBy
      ? `, decision as materialized (
    select case when ${takenBy} is not null then 'OPTED_OUT'::review_decision end as decision, ${takenBy} as taken_by,
      case when ${takenBy} is not null then now() end as taken_at
  )`
      : ''
  }, stored as (
    insert into reply (account_id, id, msisdn, sender_number, text, raw, verdict, rule, message_id,
      carrier, carrier_message_id, received_at, arrived_at${takenBy ? ', review_decision, reviewed_by, reviewed_at' : ''})
    select account_id, reply_id, msisdn, sender_number, text, decode(raw, 'base64'), verdict, rule, message_id,
      carrier, carrier_message_id, received_at, arrived_at${takenBy ? ', decision, taken_by, taken_at' : ''}
    from input${takenBy ? ' cross join decision' : ''}
    ${idsAreNew}
  )${tells ? `, reply_delivery as (${tellRepliesSql('input', tells)})` : ''}`;

/**
 * What a block that staff assigned has besides, as SQL: who did it, why, and where its confirmation is sent
 * from.
 */
interface AssignedSql {
  by: string;
  reason: string;
  confirmationFrom: string;
}

const composeBlockSql = ({
  accounts,
  tells,
  assigned,
}: {
  accounts: string;
  tells: boolean;
  assigned?: AssignedSql;
}) => `
  , cause as (
    -- the first reply of this batch that blocks, for each account and number
    select distinct on (account_id, msisdn) * from input
    where confirmation is not null
    order by account_id, msisdn, place
  ), ${beginSql({
    accounts,
    entries: 'opted_out',
    entry: {
      accountId: 'account_id',
      msisdn: 'msisdn',
      kind: `case when candidates is null then 'REPLY' else 'SHARED_SENDER' end::opt_out_kind`,
      reply: { id: 'reply_id', senderNumber: 'sender_number', text: 'text', rule: 'rule' },
    },
    from: 'cause order by account_id, msisdn',
    meets: 'take-over',
    tellsPrograms: tells,
    // A full join is never a nested loop, which the planner, expecting a few, would choose: of a thousand
    // opt-outs each would look through a thousand. OFFSET keeps it from being made an inner join.
    between: `episode as (
    select * from (
      select cause.*, opted_out.id as episode_id, opted_out.is_new
      from cause full join opted_out using (account_id, msisdn)
      offset 0
    ) as joined
    where episode_id is not null
  )`,
    event: {
      rows: { from: 'episode', accountId: 'account_id', msisdn: 'msisdn', episodeId: 'episode_id' },
      kind: `case when is_new then 'OPTED_OUT' else 'CONFIRMED_BY_REPLY' end::opt_out_event_kind`,
      actor: `'recipient'`,
      reason: assigned?.reason,
      evidence: {
        cause: 'reply',
        text: 'text',
        rule: 'rule',
        verdict: 'verdict',
        replyId: 'reply_id',
        messageId: 'message_id',
        senderNumber: 'sender_number',
        candidates: 'candidates',
        receivedAt: 'received_at',
        assignedBy: assigned?.by,
      },
    },
    confirmation: {
      senderNumber: assigned?.confirmationFrom ?? 'sender_number',
      text: 'confirmation',
      segments: 'segments',
      dueAt: 'now()',
    },
  })}
  select`;

/** Whose replies a statement stores. */
const storing = { ...delivered, accountIds: 'int4[]' } as const;

const tellingNobody = {
  store: statement({
    name: 'receive-replies-store',
    values: delivered,
    sql: ($) => `
      insert into reply (account_id, msisdn, sender_number, text, raw, verdict, rule, message_id, carrier,
        carrier_message_id, received_at, arrived_at)
      select account_id, msisdn, sender_number, text, decode(raw, 'base64'), verdict, rule, message_id, carrier,
        carrier_message_id, received_at, arrived_at
      from ${$.input}
      ${idsAreNew}`,
  }),
  block: statement({
    name: 'receive-replies-block',
    values: storing,
    sql: ($) =>
      `${composeStoreSql($.input, { tells: false })} ${composeBlockSql({ accounts: `any (${$.accountIds})`, tells: false })}`,
  }),
};

const tellingPrograms = {
  store: statement({
    name: 'receive-replies-store-tell',
    values: storing,
    sql: ($) => `${composeStoreSql($.input, { tells: `any (${$.accountIds})` })} select`,
  }),
  block: statement({
    name: 'receive-replies-block-tell',
    values: storing,
    sql: ($) => {
      const accounts = `any (${$.accountIds})`;
      return `${composeStoreSql($.input, { tells: accounts })} ${composeBlockSql({ accounts, tells: true })}`;
    },
  }),
};

const assignedStore = statement({
  name: 'assign-reply-store',
  values: { ...storing, takenBy: 'int4?' },
  sql: ($) =>
    `${composeStoreSql($.input, { takenBy: `${$.takenBy}::int`, tells: `any (${$.accountIds})` })} select`,
});

const assignedBlock = statement({
  name: 'assign-reply-block',
  values: { ...storing, takenBy: 'int4?', by: 'text', reason: 'text', confirmationFrom: 'text' },
  sql: ($) => {
    const accounts = `any (${$.accountIds})`;
    const assigned = {
      by: `${$.by}::text`,
      reason: `${$.reason}::text`,
      confirmationFrom: `${$.confirmationFrom}::text`,
    };
    return `${composeStoreSql($.input, { takenBy: `${$.takenBy}::int`, tells: accounts })} ${composeBlockSql({
      accounts,
      tells: true,
      assigned,
    })}`;
  },
});

/** A reply of nobody's that a member of staff assigns to an account. */
export interface Assignment {
  accountId: number;
  reply: IncomingReply;
  /** As it was read when it came; a wish stays one, whatever keywords the account has. */
  verdict: Verdict;
  rule: string | null;
  /**
   * The id of the member of staff who has taken an uncertain one for an opt-out; null: it is for the account
   * to judge.
   */
  takenForOptOutBy: number | null;
  /** The account's last message to the recipient, from whatever number; null when there was none. */
  messageId: string | null;
  /** False: the recipient has said YES since, so that the reply only stands among the account's. */
  mayBlock: boolean;
  /** Who assigned it, as events have it, and why, for people. */
  actor: string;
  reason: string;
  /**
   * The account's sender number for the confirmation SMS: the one that was replied to may not be one of ours.
   */
  confirmationFrom: string;
}

/** What became of it: how it reads now, and whether it blocks the number. */
export interface GivenReply {
  verdict: Verdict;
  blocks: boolean;
}

/**
 * Gives a reply that came without an owner to an account, as if it had found it by itself: the same
 * classification with the account's own keywords, the same statements for the block, its event and its one
 * confirmation, the same answers to an open removal request. In the transaction of `client`; when that has
 * committed, the block is in force.
 */
export async function storeAssignedReply(client: PoolClient, assignment: Assignment): Promise<GivenReply> {
  const { accountId, reply } = assignment;
  const { settings, openRequests } = await readAccount(client, accountId, reply.from);
  const kind = findKind(assignment.rule);
  const { verdict, rule } = findStronger(assignment, readReply({ ...reply, kind }, settings.keywords));
  // Only an uncertain one of somebody who can be written to is for a person to take for an opt-out.
  const takenForOptOutBy =
    verdict === 'review' && isWritable(reply.from) ? assignment.takenForOptOutBy : null;
  const reviewPolicy = takenForOptOutBy === null ? settings.reviewPolicy : 'BLOCK';
  const blocks = assignment.mayBlock && isBlocking(reply, verdict, reviewPolicy);
  const delivery: Delivery = {
    accountId,
    reply,
    verdict,
    rule,
    messageId: assignment.messageId,
    confirmation: blocks ? settings.confirmation : null,
    candidates: [accountId],
    hasWebhook: settings.hasWebhook,
  };
  const held = openRequests.length > 0 ? await lockRequests(client, openRequests) : [];
  await storeDeliveries(client, [delivery], { assignment: { ...assignment, takenForOptOutBy } });
  if (held.length > 0) await recordAnswers(client, held, [composeReceived(delivery)]);
  return { verdict, blocks };
}

/** From the least to the greatest sign of a wish. */
const strengths: readonly Verdict[] = ['none', 'review', 'opt-out'];

/** The reading that is the greater sign of a wish; of two alike the first. */
function findStronger(atFirst: Reading, own: Reading): Reading {
  return strengths.indexOf(own.verdict) > strengths.indexOf(atFirst.verdict) ? own : atFirst;
}

const readOne = statement({
  name: 'assign-reply-account',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: {
    setting: typed<StoredSettings>('json'),
    withWebhook: 'int4[]?',
    platform: typed<StoredKeyword[] | null>('json'),
    requests: typed<OpenRequest[] | null>('json'),
  },
  sql: ($) => `
    select ${settingsSql} as setting, ${withWebhookSql($.accountId)} as "withWebhook",
      (select json_agg(${keywordSql} order by id) from platform_keyword) as platform,
      (select json_agg(${openRequestSql})
       from removal_request as request
       join account on account.id = request.account_id
       left join message on message.account_id = ${$.accountId} and message.id = request.consent_message_id
       where request.account_id = ${$.accountId} and request.msisdn = ${$.msisdn} and ${isOpenSql}) as requests
    from account where account.id = ${$.accountId}`,
});

/** What statement 2 learns for many at once: of one account, and of one recipient. */
async function readAccount(
  client: PoolClient,
  accountId: number,
  msisdn: string,
): Promise<{ settings: AccountSettings; openRequests: OpenRequest[] }> {
  const row = await readOne.one(client, { accountId, msisdn });
  if (!row) throw new Error(`There is no account ${accountId}.`);
  const settings = readSettings(row.setting, row.platform ?? [], (row.withWebhook ?? []).length > 0);
  return { settings, openRequests: row.requests ?? [] };
}

const keepUnowned = statement({
  name: 'receive-replies-unowned',
  values: {
    input: {
      msisdn: 'text',
      senderNumber: 'text',
      text: 'text',
      raw: 'text?',
      verdict: 'Verdict',
      rule: 'text?',
      carrier: 'text',
      carrierMessageId: 'text',
      receivedAt: 'timestamptz',
      arrivedAt: 'timestamptz?',
      state: 'UnownedReplyState',
      place: 'position',
    },
  },
  sql: ($) => `
    insert into unowned_reply (msisdn, sender_number, text, raw, verdict, rule, carrier, carrier_message_id, received_at,
      arrived_at, state)
    select msisdn, sender_number, text, decode(raw, 'base64'), verdict, rule, carrier, carrier_message_id, received_at,
      arrived_at, state
    from ${$.input}
    order by place
    on conflict do nothing`,
});

/**
 * Statement 4, only when there are any: replies that belong to no account, kept for staff. A wish among them,
 * certain or not, waits for one of them to decide, and their pages are told.
 */
async function storeUnowned(client: PoolClient, unowned: readonly Delivery[]): Promise<void> {
  await keepUnowned.run(client, {
    input: unowned.map((delivery) => ({
      msisdn: delivery.reply.from,
      senderNumber: delivery.reply.to,
      text: delivery.reply.text,
      raw: delivery.reply.raw?.toString('base64') ?? null,
      verdict: storedVerdicts[delivery.verdict],
      rule: delivery.rule,
      carrier: delivery.reply.carrier,
      carrierMessageId: delivery.reply.carrierMessageId,
      receivedAt: delivery.reply.receivedAt,
      arrivedAt: delivery.reply.arrivedAt ?? null,
      state: chooseUnownedState(delivery),
    })),
  });
  if (unowned.some((delivery) => chooseUnownedState(delivery) !== 'KEPT')) {
    await tellStaff(client, 'unowned-replies');
  }
}

/**
 * Whether a reply of nobody's is, or may be, somebody's wish to be written to no more: then it waits for the
 * staff.
 */
function chooseUnownedState({ verdict, reply }: Delivery): 'WAITING' | 'UNSURE' | 'KEPT' {
  if (!isWritable(reply.from)) return 'KEPT';
  return ({ 'opt-out': 'WAITING', review: 'UNSURE', none: 'KEPT' } as const)[verdict];
}
