import type { Pool } from 'pg';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { isId } from '@/lib/db/ids';
import { cutTextColumns, cutTextSql, shownTextLength } from '@/lib/db/cut-text';
import { toPlain } from '@/lib/db/plain';
import { prismaOn } from '@/lib/db/prisma';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement, type Places, type Values } from '@/lib/db/statement';
import { readByKeyset } from '@/lib/lists/keyset';
import type { ListPage } from '@/lib/lists/schema';
import { readNumberPart } from '@/lib/lists/number-parts';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { describePermission } from './consent';
import { readEvidence } from './evidence';
import {
  allRequestsList,
  queueList,
  requestList,
  selectRequests,
  type QueueRow,
  type RequestRow,
  type StaffRequestRow,
} from './list';
import { previewConsentOf } from './preview';
import { refuseRequest } from './refusals';
import {
  openStates,
  removalRequestStates,
  type AccountHistory,
  type AnswerRow,
  type ConsentPreview,
  type ConsentSms,
  type RemovalRequestDetail,
  type RemovalRequestEventRow,
  type RemovalRequestState,
  type RequestKey,
  type RequestPreview,
  type StaffRequest,
} from './schema';
import { statesOf } from './state';
import { judgeSubject, readSubject } from './subject';

const pageSize = 50;
const queueSize = 200;
const openStatesSql = openStates.map((state) => `'${state}'`).join(', ');

/**
 * Whether a number may be asked about, and what would be sent and when: for the form, before it is sent.
 * Changes nothing.
 */
export async function previewRequest(
  pool: Pool,
  scope: AccountReadScope,
  number: string,
  now = new Date(),
): Promise<RequestPreview> {
  const parsed = parseMsisdn(number);
  if (!parsed.ok) return { ...refuseRequest('invalid-number', ''), message: parsed.message };
  const { msisdn } = parsed;
  const subject = await readSubject(pool, scope.accountId, msisdn);
  const judged = judgeSubject(subject, msisdn);
  if (!judged.ok) return judged;
  return {
    ok: true,
    msisdn,
    consent: await previewConsentOf(pool, subject.account, now),
    permissionText: describePermission(subject.account.name, msisdn),
  };
}

/** The account's consent SMS as it would be sent if it were asked for now. */
export async function previewConsent(
  pool: Pool,
  scope: AccountReadScope,
  now = new Date(),
): Promise<ConsentPreview> {
  const account = await prismaOn(pool).account.findUniqueOrThrow({
    where: { id: scope.accountId },
    select: { name: true, consentText: true },
  });
  return previewConsentOf(pool, account, now);
}

export interface RequestFilter {
  /** Part of a number, however it is typed. Empty: everything. */
  search: string;
  /** Null: all of them. */
  state: RemovalRequestState | null;
}

const filterValues = { state: 'RemovalRequestState?', pattern: 'text?' } as const;

/** What lists of requests have alike, as they are read. */
const requestPage = {
  values: filterValues,
  at: 'removal_request.created_at',
  id: 'removal_request.id',
  where: ($: Places<typeof filterValues>, asked: Values<typeof filterValues>) => [
    asked.state !== null && `removal_request.state = ${$.state}`,
    asked.pattern !== null && `removal_request.msisdn like ${$.pattern}`,
  ],
};

const readOwnPage = readByKeyset({
  ...requestPage,
  name: 'list-requests',
  values: { ...requestPage.values, accountId: 'int4' },
  columns: requestList.columns,
  select: ($) => selectRequests($.accountId),
  from: 'removal_request',
  where: ($, asked) => [`removal_request.account_id = ${$.accountId}`, ...requestPage.where($, asked)],
  variants: [
    { accountId: 1, state: null, pattern: null },
    { accountId: 1, state: 'REMOVED', pattern: '%27%' },
  ],
});

/** One page of the account's requests, newest first. */
export async function listRequests(
  pool: Pool,
  scope: AccountReadScope,
  filter: RequestFilter,
  cursor: string | null,
): Promise<ListPage<RequestRow>> {
  const { accountId } = scope;
  const sought = filter.search.replaceAll('\0', '').trim();
  // Requests are about numbers: what cannot be part of one finds nothing.
  const pattern = sought === '' ? null : (readNumberPart(sought)?.pattern ?? '');
  const page = await readOwnPage(pool, { accountId, state: filter.state, pattern }, cursor, pageSize);
  return { ...page, rows: page.rows.map(requestList.toRow) };
}

/** What a program asks of the list of requests; null: all. */
export interface RequestSearch {
  msisdn: string | null;
  states: readonly RemovalRequestState[] | null;
}

/**
 * Requests of the account from one on (null: the first of the order), in the order in which they were made.
 *
 * @returns `next`: the id of the last of them when there are more; else null
 */
export async function readRequestRows(
  pool: Pool,
  { accountId }: AccountReadScope,
  { msisdn, states }: RequestSearch,
  { order, after, limit }: { order: 'newest' | 'oldest'; after: string | null; limit: number },
): Promise<{ rows: RequestRow[]; next: string | null }> {
  const isNewest = order === 'newest';
  const found = await prismaOn(pool).removalRequest.findMany({
    where: {
      accountId,
      ...(msisdn !== null && { msisdn }),
      ...(states && { state: { in: [...states] } }),
      ...(after !== null && { id: isNewest ? { lt: BigInt(after) } : { gt: BigInt(after) } }),
    },
    select: { ...rowFields, consentMessage: { select: { sentAt: true } } },
    orderBy: { id: isNewest ? 'desc' : 'asc' },
    take: limit + 1,
  });
  const rows = toPlain(found.slice(0, limit)).map(toRow);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

/** The requests about one number, newest first: few, as each episode is asked about but once. */
export async function listRequestsOfNumber(
  pool: Pool,
  scope: AccountReadScope,
  msisdn: string,
): Promise<RequestRow[]> {
  return readRequestsOfNumber(pool, scope.accountId, msisdn);
}

/** What a row of requests holds, and no more: a request has secrets. */
const rowFields = {
  id: true,
  accountId: true,
  msisdn: true,
  state: true,
  isPublic: true,
  consentDueAt: true,
  answeredAt: true,
  expiresAt: true,
  finishedAt: true,
  decisionReason: true,
  createdAt: true,
} as const;

async function readRequestsOfNumber(pool: Pool, accountId: number, msisdn: string): Promise<RequestRow[]> {
  const requests = await prismaOn(pool).removalRequest.findMany({
    where: { accountId, msisdn },
    select: { ...rowFields, consentMessage: { select: { sentAt: true } } },
    orderBy: { id: 'desc' },
    take: 100,
  });
  return toPlain(requests).map(toRow);
}

function toRow<Stored extends { consentMessage: { sentAt: string | null } | null }>({
  consentMessage,
  ...request
}: Stored) {
  return { ...request, consentSentAt: consentMessage?.sentAt ?? null };
}

/** One request with its time line; null when the account has none such. */
export async function readRequest(
  pool: Pool,
  scope: AccountReadScope,
  requestId: string,
): Promise<RemovalRequestDetail | null> {
  return readDetail(pool, { accountId: scope.accountId, requestId });
}

async function readDetail(
  pool: Pool,
  { accountId, requestId }: RequestKey,
): Promise<RemovalRequestDetail | null> {
  if (!isId(requestId)) return null;
  const prisma = prismaOn(pool);
  const stored = await prisma.removalRequest.findUnique({
    where: { accountId_id: { accountId, id: BigInt(requestId) } },
    select: {
      ...rowFields,
      episodeId: true,
      permissionText: true,
      permissionAt: true,
      permissionAddress: true,
      permissionUserId: true,
      decidedBy: true,
      answerReplyId: true,
      consentMessage: {
        select: {
          id: true,
          text: true,
          segments: true,
          senderNumber: true,
          status: true,
          reason: true,
          sentAt: true,
          finishedAt: true,
        },
      },
    },
  });
  if (!stored) return null;
  const {
    permissionText,
    permissionAt,
    permissionAddress,
    permissionUserId,
    decidedBy,
    answerReplyId,
    consentMessage,
    ...request
  } = toPlain(stored);
  const [events, answers, users] = await Promise.all([
    listEvents(pool, accountId, requestId),
    listAnswers(pool, {
      accountId,
      msisdn: request.msisdn,
      requestId,
      senderNumber: consentMessage?.senderNumber ?? null,
      permissionAt: stored.permissionAt,
      finishedAt: request.finishedAt,
      decisiveId: answerReplyId,
    }),
    prisma.user.findMany({
      where: { id: { in: [permissionUserId, decidedBy].filter((id) => id !== null) } },
      select: { id: true, name: true },
    }),
  ]);
  const nameOf = (userId: number | null) => users.find(({ id }) => id === userId)?.name ?? null;
  return {
    ...request,
    consentSentAt: consentMessage?.sentAt ?? null,
    permission: {
      text: permissionText,
      by: nameOf(permissionUserId) ?? (events.some(isOfProgram) ? program : null),
      at: permissionAt,
      address: permissionAddress,
    },
    consent: consentMessage && composeConsentSms(consentMessage, request.consentDueAt),
    answers,
    events,
    decidedByName: nameOf(decidedBy),
    canCancel: statesOf('CANCELLED').includes(request.state),
  };
}

/** In the place of a name. */
const program = 'A program of the account';

/** A program asked, or confirmed what somebody had asked on the public form. */
function isOfProgram({ kind, actor }: RemovalRequestEventRow): boolean {
  return (kind === 'REQUESTED' || kind === 'CONFIRMED') && actor.startsWith('key:');
}

function composeConsentSms(
  { id, ...message }: Omit<ConsentSms, 'messageId' | 'dueAt'> & { id: string },
  dueAt: string | null,
): ConsentSms {
  return { messageId: id, ...message, dueAt };
}

const eventColumns = columnsOf(
  'RemovalRequestEvent',
  'id',
  'kind',
  'fromState',
  'toState',
  'actor',
  'reason',
  'createdAt',
);

const findEvents = statement({
  name: 'list-request-events',
  values: { accountId: 'int4', requestId: 'int8' },
  columns: { ...eventColumns, evidence: 'jsonb', actorName: 'User.name?' },
  sql: ($) => `
    select ${selectSql(eventColumns, 'event')}, event.evidence, portal_user.name as "actorName"
    from removal_request_event as event
    left join portal_user on portal_user.id = substring(actor from '^(?:user|staff):(\\d+)$')::int
    where event.account_id = ${$.accountId} and request_id = ${$.requestId} order by event.id`,
});

async function listEvents(
  pool: Pool,
  accountId: number,
  requestId: string,
): Promise<RemovalRequestEventRow[]> {
  const events = toPlain(await findEvents.all(pool, { accountId, requestId }));
  return events.map((event) => ({ ...event, evidence: readEvidence(event.kind, event.evidence) }));
}

/** The most replies that stand beside a request. */
const shownAnswers = 50;

const findAnswers = statement({
  name: 'list-request-answers',
  values: {
    accountId: 'int4',
    msisdn: 'text',
    requestId: 'int8',
    senderNumber: 'text?',
    permissionAt: 'timestamptz',
    decisiveId: 'int8?',
  },
  columns: { replyId: 'Reply.id', ...columnsOf('Reply', 'senderNumber', 'receivedAt'), ...cutTextColumns },
  sql: ($) => `
    select id as "replyId", ${cutTextSql('text')}, sender_number as "senderNumber", received_at as "receivedAt" from reply
    where account_id = ${$.accountId} and msisdn = ${$.msisdn}
      and (id = ${$.decisiveId} or sender_number = ${$.senderNumber} and received_at >= ${$.permissionAt}
        and received_at < coalesce((
          select permission_at from removal_request
          where account_id = ${$.accountId} and msisdn = ${$.msisdn} and id > ${$.requestId} order by id limit 1
        ), 'infinity'))
    order by id limit ${shownAnswers}`,
});

/**
 * What the recipient wrote to the number that asked, since the permission to ask was given: also what came
 * too late and changed nothing. And the reply that decided, wherever it went: a new "Stop" counts on every
 * number.
 */
async function listAnswers(
  pool: Pool,
  {
    finishedAt,
    ...of
  }: {
    accountId: number;
    msisdn: string;
    requestId: string;
    /** That the recipient was asked from; null when nobody has asked yet. */
    senderNumber: string | null;
    permissionAt: Date;
    finishedAt: string | null;
    decisiveId: string | null;
  },
): Promise<AnswerRow[]> {
  const replies = toPlain(await findAnswers.all(pool, of));
  return replies.map((reply) => {
    const decided = reply.replyId === of.decisiveId;
    return { ...reply, decided, late: !decided && finishedAt !== null && reply.receivedAt > finishedAt };
  });
}

export interface Queue {
  rows: QueueRow[];
  counts: Record<(typeof openStates)[number], number>;
  /** There are more than `rows` holds. */
  more: boolean;
}

const findQueue = statement({
  name: 'list-approval-queue',
  columns: queueList.columns,
  planEachTime: true,
  sql: () => `
    select ${queueList.select}
    from removal_request join account on account.id = removal_request.account_id
    where state in (${openStatesSql})
    order by array_position(array['AWAITING_APPROVAL', 'AWAITING_REPLY', 'AWAITING_CONFIRMATION'], state::text),
      coalesce(answered_at, removal_request.created_at), removal_request.id
    limit ${queueSize + 1}`,
});

const countOpen = statement({
  name: 'count-open-requests-by-state',
  columns: { state: typed<(typeof openStates)[number]>('RemovalRequestState'), count: 'int4' },
  sql: () => `
    select state, count(*)::int as count from removal_request where state in (${openStatesSql}) group by state`,
});

/** What is open, for staff: what awaits their approval first, the oldest first. */
export async function listQueue(pool: Pool, _scope: StaffReadScope): Promise<Queue> {
  const [queue, counted] = await Promise.all([findQueue.all(pool, {}), countOpen.all(pool, {})]);
  const counts = { AWAITING_CONFIRMATION: 0, AWAITING_REPLY: 0, AWAITING_APPROVAL: 0 };
  for (const { state, count } of counted) counts[state] = count;
  return {
    rows: queue.slice(0, queueSize).map(queueList.toRow),
    counts,
    more: queue.length > queueSize,
  };
}

const countWaiting = statement({
  name: 'count-awaiting-approval',
  columns: { count: 'int4' },
  sql: () => `select count(*)::int as count from removal_request where state = 'AWAITING_APPROVAL'`,
});

/** How many requests await the staff's approval. */
export async function countAwaitingApproval(pool: Pool, _scope: StaffReadScope): Promise<number> {
  return (await countWaiting.only(pool, {})).count;
}

export interface StaffRequestFilter extends RequestFilter {
  accountId: number | null;
}

const readStaffPage = readByKeyset({
  ...requestPage,
  name: 'list-all-requests',
  values: { ...requestPage.values, accountId: 'int4?' },
  columns: allRequestsList.columns,
  select: allRequestsList.select,
  from: 'removal_request join account on account.id = removal_request.account_id',
  where: ($, asked) => [
    asked.accountId !== null && `removal_request.account_id = ${$.accountId}`,
    ...requestPage.where($, asked),
  ],
  variants: [
    { accountId: null, state: null, pattern: null },
    { accountId: 1, state: 'REMOVED', pattern: '%27%' },
  ],
});

/** One page of all requests, newest first. */
export async function listAllRequests(
  pool: Pool,
  _scope: StaffReadScope,
  filter: StaffRequestFilter,
  cursor: string | null,
): Promise<ListPage<StaffRequestRow>> {
  const { accountId, state, search } = filter;
  const digits = search.replace(/\D/g, '').replace(/^0(?=\d)/, '');
  const pattern = digits === '' ? null : `%${digits}%`;
  const page = await readStaffPage(pool, { accountId, state, pattern }, cursor, pageSize);
  return { ...page, rows: page.rows.map(allRequestsList.toRow) };
}

/** One request with everything that is needed to decide on it; null when there is none such. */
export async function readStaffRequest(
  pool: Pool,
  _scope: StaffReadScope,
  key: RequestKey,
): Promise<StaffRequest | null> {
  const detail = await readDetail(pool, key);
  if (!detail) return null;
  const { accountId, msisdn, episodeId } = detail;
  const prisma = prismaOn(pool);
  const [account, optOut, episodes, requests, history] = await Promise.all([
    prisma.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { id: true, name: true, status: true },
    }),
    prisma.optOut.findFirst({
      where: { accountId, msisdn, id: BigInt(episodeId) },
      select: { kind: true, replyText: true, rule: true, senderNumber: true, createdAt: true },
    }),
    listEpisodes(pool, accountId, msisdn),
    readRequestsOfNumber(pool, accountId, msisdn),
    readAccountHistory(pool, accountId),
  ]);
  return {
    ...detail,
    account,
    optOut: toPlain(optOut),
    blockedBy: await readBeginning(pool, accountId, msisdn, episodeId),
    earlierEpisodes: episodes.filter((episode) => episode.episodeId !== episodeId),
    earlierRequests: requests.filter(({ id }) => id !== detail.id),
    history,
  };
}

const findBeginning = statement({
  name: 'find-beginning-of-episode',
  values: { accountId: 'int4', msisdn: 'text', episodeId: 'int8' },
  columns: {
    eventId: 'OptOutEvent.id',
    ...columnsOf('OptOutEvent', 'actor', 'reason'),
    ...cutTextColumns,
    text: 'text?',
    rule: 'text?',
    senderNumber: 'text?',
    answeredText: 'text?',
    at: 'OptOutEvent.createdAt',
  },
  sql: ($) => `
    select event.id as "eventId", event.actor, event.reason, ${cutTextSql(evidenceFieldSql('event.evidence', 'text'))},
      ${evidenceFieldSql('event.evidence', 'rule')} as rule,
      ${evidenceFieldSql('event.evidence', 'senderNumber')} as "senderNumber",
      left(message.text, ${shownTextLength}) as "answeredText", event.created_at as at
    from opt_out_event as event
    left join message on message.account_id = event.account_id
      and message.id = ${evidenceFieldSql('event.evidence', 'messageId')}::bigint
    where event.account_id = ${$.accountId} and event.msisdn = ${$.msisdn} and event.episode_id = ${$.episodeId}
      and event.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY')
    order by event.id desc limit 1`,
});

/**
 * How an episode became the recipient's wish: its beginning, or the reply that confirmed what somebody else
 * had entered.
 */
async function readBeginning(
  pool: Pool,
  accountId: number,
  msisdn: string,
  episodeId: string,
): Promise<StaffRequest['blockedBy']> {
  const beginning = await findBeginning.one(pool, { accountId, msisdn, episodeId });
  return beginning ? toPlain(beginning) : null;
}

const findEpisodes = statement({
  name: 'list-episodes-of-number',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: {
    episodeId: 'OptOutEvent.episodeId',
    beganAt: 'timestamptz',
    endedAt: 'timestamptz?',
    endedBy: 'text?',
  },
  sql: ($) => `
    select episode_id as "episodeId", min(created_at) as "beganAt",
      max(created_at) filter (where kind in ('REMOVED', 'CORRECTED')) as "endedAt",
      max(actor) filter (where kind in ('REMOVED', 'CORRECTED')) as "endedBy"
    from opt_out_event where account_id = ${$.accountId} and msisdn = ${$.msisdn}
    group by episode_id order by episode_id desc limit 50`,
});

async function listEpisodes(
  pool: Pool,
  accountId: number,
  msisdn: string,
): Promise<StaffRequest['earlierEpisodes']> {
  return toPlain(await findEpisodes.all(pool, { accountId, msisdn }));
}

const findHistory = statement({
  name: 'read-account-history',
  values: { accountId: 'int4' },
  columns: { since: 'Account.createdAt', messages30Days: 'int4', optOuts: 'int4' },
  planEachTime: true,
  sql: ($) => `
    select created_at as since,
      (select count(*)::int from message where account_id = ${$.accountId} and kind = 'NORMAL'
         and message.created_at >= now() - interval '30 days') as "messages30Days",
      (select coalesce(sum(change), 0)::int from opt_out_tally where account_id = ${$.accountId}) as "optOuts"
    from account where id = ${$.accountId}`,
});

async function readAccountHistory(pool: Pool, accountId: number): Promise<AccountHistory> {
  const [history, requests] = await Promise.all([
    findHistory.only(pool, { accountId }),
    prismaOn(pool).removalRequest.groupBy({ by: 'state', where: { accountId }, _count: true }),
  ]);
  const counts = Object.fromEntries(removalRequestStates.map((state) => [state, 0])) as Record<
    RemovalRequestState,
    number
  >;
  for (const { state, _count } of requests) counts[state] = _count;
  return { ...toPlain(history), requests: counts };
}
