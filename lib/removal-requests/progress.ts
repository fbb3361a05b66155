import type { PoolClient } from 'pg';
import { groupByAccount } from '@/lib/db/apart';
import { idsAreNew } from '@/lib/db/one-server';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { tellAccounts, tellUrgent } from '@/lib/events/account-changes';
import { enqueueJobs } from '@/lib/jobs/enqueue';
import { giveNotices } from '@/lib/notices/give-notices';
import { endSql } from '@/lib/opt-outs/episodes';
import { deliverRequestsSql, deliverStatusSql } from '@/lib/webhook-events/deliveries';
import { measureText } from '@/lib/sms/segments';
import type { EvidenceOf } from './evidence';
import { composeRequestNotice } from './request-notice';
import {
  isOpen,
  requestableKinds,
  type RemovalRequestEvent,
  type RemovalRequestState,
  type RequestKey,
} from './schema';
import { decide, type Effect, type Facts, type State } from './state';

const requestKeys = { accountId: 'int4', requestId: 'int8' } as const;

const lockOptOuts = statement({
  name: 'lock-requested-opt-outs',
  values: { accountId: 'int4', ids: 'int8[]' },
  sql: ($) => `
    select from opt_out
    where account_id = ${$.accountId} and msisdn in (
      select msisdn from removal_request where account_id = ${$.accountId} and id = any (${$.ids})
    )
    order by msisdn for update`,
});

const lock = statement({
  name: 'lock-requests',
  values: { accountId: 'int4', ids: 'int8[]' },
  columns: {
    ...columnsOf('RemovalRequest', 'accountId', 'id', 'msisdn', 'episodeId', 'state'),
    ...columnsOf('RemovalRequest', 'createdAt', 'expiresAt', 'linkHash', 'linkExpiresAt'),
    consentSender: 'Message.senderNumber?',
    hasConsentLeft: 'bool',
    accountName: 'Account.name',
    ...columnsOf('Account', 'consentText', 'consentWords'),
  },
  sql: ($) => `
    select request.account_id as "accountId", request.id, request.msisdn, request.episode_id as "episodeId", request.state,
      request.created_at as "createdAt", request.expires_at as "expiresAt", request.link_hash as "linkHash", request.link_expires_at as "linkExpiresAt",
      message.sender_number as "consentSender",
      -- whether the network may have had the consent SMS
      ${hasLeftSql('message')} as "hasConsentLeft",
      account.name as "accountName", account.consent_text as "consentText", account.consent_words as "consentWords"
    from removal_request as request
    join account on account.id = request.account_id
    left join message on message.account_id = request.account_id and message.id = request.consent_message_id
    where request.account_id = ${$.accountId} and request.id = any (${$.ids})
    order by request.msisdn, request.id
    for update of request`,
});

/** A request as it is while this transaction holds it. */
export type LockedRequest = RowOf<typeof lock>;

/**
 * One thing that happened to a request. `to` is the state it was in already when it changed nothing and is
 * only kept.
 */
export interface Step<Event extends RemovalRequestEvent = RemovalRequestEvent> {
  event: Event;
  /** Null: there was no request before it. */
  from: RemovalRequestState | null;
  to: RemovalRequestState;
  effects: readonly Effect[];
  /** "recipient", "user:7", "staff:3", "owner", "system". */
  actor: string;
  reason: string | null;
  evidence: EvidenceOf<Event>;
}

/** What becomes of one request in this transaction. */
export interface Progress {
  request: LockedRequest;
  steps: readonly Step[];
  answer?: { replyId: string; receivedAt: Date };
  decision?: { userId: number; reason: string | null };
  consent?: QueuedConsent;
}

export interface QueuedConsent {
  messageId: string;
  dueAt: Date;
  expiresAt: Date;
}

/**
 * Takes requests for this transaction: first the blocks they ask about, then the requests, each in the order
 * of its key. All that changes a block or a request locks in this order, replies included, so that they wait
 * for each other and never deadlock.
 */
export async function lockRequests(
  client: PoolClient,
  keys: readonly RequestKey[],
): Promise<LockedRequest[]> {
  // An account after the other, since a cluster locks rows of one at a time: all blocks, then all requests.
  const accounts = groupByAccount(keys).map(({ accountId, of }) => ({
    accountId,
    ids: of.map(({ requestId }) => requestId),
  }));
  for (const own of accounts) await lockOptOuts.run(client, own);
  const locked: LockedRequest[] = [];
  for (const own of accounts) locked.push(...(await lock.all(client, own)));
  return locked;
}

/**
 * Whether the network may have had a consent SMS, as SQL; false without one. One that is being handed over
 * counts: the recipient may be faster than the record of it. One that the network put off does not. Times are
 * not compared: clocks differ.
 */
export function hasLeftSql(message: string): string {
  return `(coalesce(${message}.status in ('SENDING', 'IN_DOUBT', 'SENT', 'DELIVERED'), false) or ${message}.sent_at is not null)`;
}

/** The step an event makes of a request, by the machine; null when it changes nothing. */
export function takeStep<Event extends RemovalRequestEvent>(
  request: { state: State },
  event: Event,
  facts: Facts,
  by: { actor: string; reason?: string | null; evidence: EvidenceOf<Event> },
): Step<Event> | null {
  const transition = decide(request.state, event, facts);
  if (!transition) return null;
  return {
    event,
    from: request.state === 'NEW' ? null : request.state,
    to: transition.to,
    effects: transition.effects,
    actor: by.actor,
    reason: by.reason ?? null,
    evidence: by.evidence,
  };
}

/**
 * Writes what became of locked requests, with every effect, in their transaction: states (one guarded
 * statement), events, consent SMSs taken back, blocks lifted, customers told. A fixed number of statements
 * for each account, however many requests.
 */
export async function recordProgress(client: PoolClient, progress: readonly Progress[]): Promise<void> {
  const changed = progress.filter(({ request, steps }) => findEnd(request, steps) !== request.state);
  await updateStates(client, changed);
  await insertEvents(
    client,
    progress.flatMap(({ request, steps }) => steps.map((step) => ({ request, step }))),
  );
  const having = (effect: Effect) =>
    progress.filter(({ steps }) => steps.some(({ effects }) => effects.includes(effect)));
  await enqueueExpiries(
    client,
    progress.flatMap(({ request: { accountId, id }, consent }) =>
      consent ? [{ accountId, id, expiresAt: consent.expiresAt }] : [],
    ),
  );
  await takeConsentsBack(client, having('take-back'));
  await liftBlocks(client, having('lift'));
  const listed = await findListed(client, having('lift'));
  await giveNotices(
    client,
    having('give-notice').map(({ request, steps, decision }) =>
      composeRequestNotice({
        accountId: request.accountId,
        requestId: request.id,
        msisdn: request.msisdn,
        state: findEnd(request, steps),
        wasAsked: request.hasConsentLeft,
        isOnRegistry: listed.has(`${request.accountId} ${request.id}`),
        reason: decision?.reason ?? null,
      }),
    ),
  );
  await tellAccounts(client, listAccounts(progress), ['removal-requests']);
}

const findOnRegistry = statement({
  name: 'find-lifted-on-registry',
  values: { lifted: { accountId: 'int4', requestId: 'int8', msisdn: 'text' } },
  columns: { accountId: 'int4', requestId: 'int8' },
  sql: ($) => `
    select lifted.account_id as "accountId", lifted.request_id as "requestId" from ${$.lifted}
    where exists (
      select from registry_entry
      where registry_entry.msisdn = lifted.msisdn and registry_entry.marketer_id in (0, lifted.account_id))`,
});

/** Of which lifted blocks the number is on the national registry, so that marketing to it stays blocked. */
async function findListed(client: PoolClient, lifted: readonly Progress[]): Promise<Set<string>> {
  if (lifted.length === 0) return new Set();
  const rows = await findOnRegistry.all(client, {
    lifted: lifted.map(({ request: { accountId, id, msisdn } }) => ({ accountId, requestId: id, msisdn })),
  });
  return new Set(rows.map(({ accountId, requestId }) => `${accountId} ${requestId}`));
}

function listAccounts(progress: readonly Progress[]): number[] {
  return [...new Set(progress.map(({ request }) => request.accountId))];
}

function findEnd(request: LockedRequest, steps: readonly Step[]): RemovalRequestState {
  return steps.at(-1)?.to ?? request.state;
}

const moveRequests = statement({
  name: 'move-requests',
  values: {
    accountIds: 'int4[]',
    input: {
      ...requestKeys,
      fromState: 'RemovalRequestState',
      toState: 'RemovalRequestState',
      isOver: 'bool',
      answerReplyId: 'int8?',
      answeredAt: 'timestamptz?',
      decidedBy: 'int4?',
      reason: 'text?',
      consentMessageId: 'int8?',
      consentDueAt: 'timestamptz?',
      expiresAt: 'timestamptz?',
    },
  },
  sql: ($) => `
    with input as materialized (
      select *, case when decided_by is not null then now() end as decided_at, case when is_over then now() end as finished_at
      from ${$.input}
    )
    update removal_request as request set
      state = input.to_state,
      answer_reply_id = coalesce(input.answer_reply_id, request.answer_reply_id),
      answered_at = coalesce(input.answered_at, request.answered_at),
      decided_by = input.decided_by,
      decided_at = input.decided_at,
      decision_reason = input.reason,
      consent_message_id = coalesce(input.consent_message_id, request.consent_message_id),
      consent_due_at = coalesce(input.consent_due_at, request.consent_due_at),
      expires_at = case when input.to_state = 'AWAITING_APPROVAL' then null
        else coalesce(input.expires_at, request.expires_at) end,
      finished_at = input.finished_at
    from input
    where request.account_id = input.account_id and request.account_id = any (${$.accountIds})
      and request.id = input.request_id and request.state = input.from_state`,
});

/**
 * @throws when a request is no longer in the state it was locked in, which cannot be: nothing is done then
 */
async function updateStates(client: PoolClient, changed: readonly Progress[]): Promise<void> {
  if (changed.length === 0) return;
  const moved = await moveRequests.run(client, {
    accountIds: listAccounts(changed),
    input: changed.map(({ request, steps, answer, decision, consent }) => ({
      accountId: request.accountId,
      requestId: request.id,
      fromState: request.state,
      toState: findEnd(request, steps),
      isOver: !isOpen(findEnd(request, steps)),
      answerReplyId: answer?.replyId ?? null,
      answeredAt: answer?.receivedAt ?? null,
      decidedBy: decision?.userId ?? null,
      reason: decision?.reason ?? null,
      consentMessageId: consent?.messageId ?? null,
      consentDueAt: consent?.dueAt ?? null,
      expiresAt: consent?.expiresAt ?? null,
    })),
  });
  if (moved !== changed.length) throw new Error('A removal request changed under its lock.');
}

const insertStory = statement({
  name: 'insert-request-events',
  values: {
    accountIds: 'int4[]',
    event: {
      ...requestKeys,
      msisdn: 'text',
      kind: 'RemovalRequestEventKind',
      fromState: 'RemovalRequestState?',
      toState: 'RemovalRequestState',
      actor: 'text',
      reason: 'text?',
      evidence: 'jsonb',
      place: 'position',
    },
  },
  sql: ($) => `
    with event as materialized (
      select * from ${$.event}
    ), delivery as (
      ${deliverRequestsSql('event as story', `any (${$.accountIds})`)}
    )
    insert into removal_request_event (account_id, request_id, kind, from_state, to_state, actor, reason, evidence)
    select account_id, request_id, kind, from_state, to_state, actor, reason, evidence
    from event
    order by place
    ${idsAreNew}`,
});

/** Events of requests: history, in the order in which they happened, and their webhook deliveries. */
export async function insertEvents(
  client: PoolClient,
  events: readonly {
    request: { accountId: number; id: string; msisdn: string };
    step: Step;
  }[],
): Promise<void> {
  if (events.length === 0) return;
  await insertStory.run(client, {
    accountIds: [...new Set(events.map(({ request }) => request.accountId))],
    event: events.map(({ request, step: { event, from, to, actor, reason, evidence } }) => ({
      accountId: request.accountId,
      requestId: request.id,
      msisdn: request.msisdn,
      kind: event,
      fromState: from,
      toState: to,
      actor,
      reason,
      evidence,
    })),
  });
}

/**
 * Enqueues the jobs that end requests at their moment, in the transaction that sets it; each request has one,
 * which a new moment moves. A request that goes on before then leaves its job behind, which finds nothing to
 * do.
 */
export async function enqueueExpiries(
  client: PoolClient,
  requests: readonly { accountId: number; id: string; expiresAt: Date }[],
): Promise<void> {
  await enqueueJobs(
    client,
    'expire-removal-request',
    requests.map(({ accountId, id, expiresAt }) => ({
      payload: { accountId, userId: null, requestId: id },
      runAt: expiresAt,
    })),
  );
}

/** Why a consent SMS did not go out, as the customer reads it in Message Logs. */
export const takenBackReason = 'Taken back: its removal request ended before it left.';

const takeBack = statement({
  name: 'take-consents-back',
  values: { accountId: 'int4', ids: 'int8[]', reason: 'text' },
  columns: { taken: 'int4' },
  sql: ($) => `
    with ended as (
      select consent_message_id from removal_request
      where account_id = ${$.accountId} and id = any (${$.ids})
    ), taken_back as (
      update message set status = 'BLOCKED', reason = ${$.reason}, next_attempt_at = null, finished_at = now(),
        episode_id = case when attempts > 0 then episode_id end
      from ended
      where message.account_id = ${$.accountId} and message.id = ended.consent_message_id and message.status = 'QUEUED'
      returning message.id, message.attempts, message.msisdn, message.kind, message.purpose, message.batch_id
    ), delivery as (
      ${deliverStatusSql({
        from: 'taken_back',
        accounts: $.accountId,
        status: `'BLOCKED'`,
        reason: $.reason,
      })}
    ), given_back as (
      update removal_request as request set consent_message_id = null
      from taken_back
      where request.account_id = ${$.accountId} and request.consent_message_id = taken_back.id
        and taken_back.attempts = 0
    )
    select count(*)::int as taken from taken_back`,
});

/**
 * Keeps consent SMSs that wait from leaving. One that was never handed to the network has not asked: it gives
 * its episode back, so that the customer may ask later. One that is on its way stays.
 */
async function takeConsentsBack(client: PoolClient, ended: readonly Progress[]): Promise<void> {
  if (ended.length === 0) return;
  for (const { accountId, of } of groupByAccount(ended.map(({ request }) => request))) {
    const ids = of.map(({ id }) => id);
    const { taken } = await takeBack.only(client, { accountId, ids, reason: takenBackReason });
    if (taken > 0) await tellAccounts(client, [accountId], ['messages']);
  }
}

const lift = statement({
  name: 'lift-blocks',
  values: { accountId: 'int4', input: { requestId: 'int8', actor: 'text' } },
  columns: { lifted: 'int4' },
  sql: ($) => `
    with target as (
      select request.account_id, request.msisdn, request.episode_id, request.id, input.actor, request.decided_by,
        reply.id as reply_id, reply.text, reply.sender_number, reply.received_at, request.consent_message_id
      from ${$.input}
      join removal_request as request on request.account_id = ${$.accountId} and request.id = input.request_id
      join reply on reply.account_id = ${$.accountId} and reply.id = request.answer_reply_id
    ), ${endSql({
      accounts: $.accountId,
      entries: 'lifted',
      using: 'target',
      where: `opt_out.msisdn = target.msisdn
        and opt_out.id = target.episode_id`,
      kinds: requestableKinds,
      event: {
        rows: {
          from: 'lifted join target on target.account_id = lifted.account_id and target.episode_id = lifted.id',
          accountId: 'lifted.account_id',
          msisdn: 'lifted.msisdn',
          episodeId: 'lifted.id',
        },
        kind: 'REMOVED',
        actor: 'target.actor',
        evidence: {
          cause: 'request',
          requestId: 'target.id',
          staffId: 'target.decided_by',
          kind: 'lifted.kind',
          text: 'target.text',
          replyId: 'target.reply_id',
          messageId: 'target.consent_message_id',
          senderNumber: 'target.sender_number',
          receivedAt: 'target.received_at',
        },
      },
    })}
    select count(*)::int as lifted from lifted`,
});

/**
 * Ends episodes: the entries go, their events say on whose YES and by whom, the tally follows. The entries
 * were locked with their requests; only the episode that was asked about can be meant.
 */
async function liftBlocks(client: PoolClient, approved: readonly Progress[]): Promise<void> {
  if (approved.length === 0) return;
  const inputs = approved.map(({ request, steps }) => ({
    accountId: request.accountId,
    requestId: request.id,
    actor: steps.find(({ effects }) => effects.includes('lift'))?.actor ?? 'system',
  }));
  for (const { accountId, of } of groupByAccount(inputs)) {
    const done = await lift.only(client, { accountId, input: of });
    if (done.lifted !== of.length) {
      throw new Error('A removal request was approved, and its block is not there.');
    }
    await tellAccounts(client, [accountId], ['opt-outs']);
  }
}

const insertConsent = statement({
  name: 'queue-consent',
  values: {
    accountId: 'int4',
    msisdn: 'text',
    senderNumber: 'text',
    text: 'text',
    segments: 'int2',
    dueAt: 'timestamptz',
    episodeId: 'int8',
  },
  columns: columnsOf('Message', 'id'),
  sql: ($) => `
    with consent as (
      insert into message (account_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
        next_attempt_at, episode_id)
      values (${$.accountId}, 'CONSENT', ${$.msisdn}, ${$.senderNumber}, ${$.text}, ${$.segments}, 0, 'QUEUED', 0, ${$.dueAt},
        ${$.episodeId})
      on conflict (account_id, episode_id, kind) where episode_id is not null do nothing
      returning account_id, id
    ), conversation_kept as (
      insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
      select ${$.msisdn}, ${$.senderNumber}, account_id, now(), id from consent
      on conflict (msisdn, sender_number, account_id) do update
        set last_message_at = excluded.last_message_at, last_message_id = excluded.last_message_id
        where conversation.last_message_at <= excluded.last_message_at
    )
    select id from consent`,
});

/**
 * Queues the one consent SMS of an episode: free, ahead of others, due at the next lawful minute. The
 * conversation says whose the answer is.
 *
 * @returns null when the episode has had one
 */
export async function queueConsent(
  client: PoolClient,
  consent: {
    accountId: number;
    msisdn: string;
    senderNumber: string;
    episodeId: string;
    text: string;
    dueAt: Date;
  },
): Promise<string | null> {
  const segments = measureText(consent.text).segments;
  const queued = await insertConsent.one(client, { ...consent, segments });
  if (!queued) return null;
  await tellAccounts(client, [consent.accountId], ['messages']);
  await tellUrgent(client, [consent.accountId]);
  return queued.id;
}
