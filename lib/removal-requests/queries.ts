import type { Pool } from 'pg';
import type { AccountReadScope, StaffScope } from '@/lib/auth/scope';
import { cutTextSql, shownTextLength } from '@/lib/db/cut-text';
import { readKeysetPage } from '@/lib/lists/keyset';
import type { ListPage } from '@/lib/lists/schema';
import { readNumberPart } from '@/lib/lists/number-parts';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import type { OptOutKind } from '@/lib/opt-outs/schema';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { describePermission } from './consent';
import {
  allRequestsList,
  queueList,
  requestList,
  type QueueRow,
  type RequestRow,
  type StaffRequestRow,
} from './list';
import { previewConsentOf } from './preview';
import { refuseRequest } from './refusals';
import {
  isRequestId,
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

function toIso(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}

/** Whether a number may be asked about, and what would be sent and when: for the form, before it is sent. Changes nothing. */
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
  const { rows } = await pool.query<{ name: string; consent_text: string | null }>(
    'select name, consent_text from account where id = $1',
    [scope.accountId],
  );
  return previewConsentOf(
    pool,
    { name: rows[0]?.name ?? '', consentText: rows[0]?.consent_text ?? null },
    now,
  );
}

export interface RequestFilter {
  /** Part of a number, however it is typed. Empty: everything. */
  search: string;
  /** Null: all of them. */
  state: RemovalRequestState | null;
}

/** One page of the account's requests, newest first. */
export async function listRequests(
  pool: Pool,
  scope: AccountReadScope,
  filter: RequestFilter,
  cursor: string | null,
): Promise<ListPage<RequestRow>> {
  const values: (string | number)[] = [scope.accountId];
  const where = ['removal_request.account_id = $1'];
  if (filter.state !== null) where.push(`removal_request.state = $${values.push(filter.state)}`);
  const sought = filter.search.replaceAll('\0', '').trim();
  if (sought !== '') {
    // Requests are about numbers: what cannot be part of one finds nothing.
    const part = readNumberPart(sought);
    where.push(part ? `removal_request.msisdn like $${values.push(part.pattern)}` : 'false');
  }
  const page = await readKeysetPage<object>(
    pool,
    {
      select: requestList.select,
      from: 'removal_request',
      where,
      values,
      at: 'removal_request.created_at',
      id: 'removal_request.id',
    },
    cursor,
    pageSize,
  );
  return { ...page, rows: page.rows.map(requestList.toRow) };
}

/** The requests about one number, newest first: few, as each episode is asked about but once. */
export async function listRequestsOfNumber(
  pool: Pool,
  scope: AccountReadScope,
  msisdn: string,
): Promise<RequestRow[]> {
  return readRequestsOfNumber(pool, scope.accountId, msisdn);
}

async function readRequestsOfNumber(pool: Pool, accountId: number, msisdn: string): Promise<RequestRow[]> {
  const { rows } = await pool.query<object>(
    `select ${requestList.select} from removal_request where account_id = $1 and msisdn = $2 order by id desc limit 100`,
    [accountId, msisdn],
  );
  return rows.map(requestList.toRow);
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
  if (!isRequestId(requestId)) return null;
  const { rows } = await pool.query<{
    episode_id: string;
    permission_text: string;
    permission_at: Date;
    permission_address: string | null;
    permission_by: string | null;
    decided_by_name: string | null;
    answer_reply_id: string | null;
    consent_message_id: string | null;
  }>(
    `select ${requestList.select}, episode_id, permission_text, permission_at, permission_address, answer_reply_id,
       consent_message_id,
       (select name from portal_user where id = permission_user_id) as permission_by,
       (select name from portal_user where id = decided_by) as decided_by_name
     from removal_request where account_id = $1 and id = $2`,
    [accountId, requestId],
  );
  const row = rows[0];
  if (!row) return null;
  const request = requestList.toRow(row);
  const [consent, events] = await Promise.all([
    row.consent_message_id === null ? null : readConsent(pool, accountId, row.consent_message_id),
    listEvents(pool, accountId, requestId),
  ]);
  const answers = await listAnswers(pool, {
    accountId,
    msisdn: request.msisdn,
    requestId,
    consent,
    permissionAt: row.permission_at,
    finishedAt: request.finishedAt,
    decisiveId: row.answer_reply_id,
  });
  return {
    ...request,
    episodeId: row.episode_id,
    permission: {
      text: row.permission_text,
      by: row.permission_by,
      at: row.permission_at.toISOString(),
      address: row.permission_address,
    },
    consent: consent && { ...consent, dueAt: request.consentDueAt },
    answers,
    events,
    decidedByName: row.decided_by_name,
    canCancel: statesOf('CANCELLED').includes(request.state),
  };
}

async function readConsent(pool: Pool, accountId: number, messageId: string): Promise<ConsentSms | null> {
  const { rows } = await pool.query<{
    id: string;
    text: string;
    segments: number;
    sender_number: string;
    status: ConsentSms['status'];
    reason: string | null;
    sent_at: Date | null;
    finished_at: Date | null;
  }>(
    `select id, text, segments, sender_number, status, reason, sent_at, finished_at
     from message where account_id = $1 and id = $2`,
    [accountId, messageId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    messageId: row.id,
    text: row.text,
    segments: row.segments,
    senderNumber: row.sender_number,
    status: row.status,
    reason: row.reason,
    dueAt: null,
    sentAt: toIso(row.sent_at),
    finishedAt: toIso(row.finished_at),
  };
}

async function listEvents(
  pool: Pool,
  accountId: number,
  requestId: string,
): Promise<RemovalRequestEventRow[]> {
  const { rows } = await pool.query<{
    id: string;
    kind: RemovalRequestEventRow['kind'];
    from_state: RemovalRequestState | null;
    to_state: RemovalRequestState;
    actor: string;
    actor_name: string | null;
    reason: string | null;
    evidence: Record<string, unknown>;
    created_at: Date;
  }>(
    `select event.id, event.kind, from_state, to_state, actor, portal_user.name as actor_name, reason, evidence,
       event.created_at
     from removal_request_event as event
     left join portal_user on portal_user.id = substring(actor from '^(?:user|staff):(\\d+)$')::int
     where event.account_id = $1 and request_id = $2 order by event.id`,
    [accountId, requestId],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    fromState: row.from_state,
    toState: row.to_state,
    actor: row.actor,
    actorName: row.actor_name,
    reason: row.reason,
    evidence: row.evidence,
    createdAt: row.created_at.toISOString(),
  }));
}

/** The most replies that stand beside a request. */
const shownAnswers = 50;

/**
 * What the recipient wrote to the number that asked, since the permission to ask was given: also what came too late and changed nothing. And the reply that
 * decided, wherever it went: a new "Stop" counts on every number.
 */
async function listAnswers(
  pool: Pool,
  request: {
    accountId: number;
    msisdn: string;
    requestId: string;
    consent: ConsentSms | null;
    permissionAt: Date;
    finishedAt: string | null;
    decisiveId: string | null;
  },
): Promise<AnswerRow[]> {
  const { rows } = await pool.query<{
    id: string;
    text: string;
    text_whole: number | null;
    sender_number: string;
    received_at: Date;
  }>(
    `select id, ${cutTextSql('text', 'text')}, sender_number, received_at from reply
     where account_id = $1 and msisdn = $2 and (id = $3 or sender_number = $4 and received_at >= $5
       and received_at < coalesce((
         select permission_at from removal_request
         where account_id = $1 and msisdn = $2 and id > $6 order by id limit 1), 'infinity'))
     order by id limit ${shownAnswers}`,
    [
      request.accountId,
      request.msisdn,
      request.decisiveId,
      request.consent?.senderNumber ?? null,
      request.permissionAt,
      request.requestId,
    ],
  );
  return rows.map((row) => ({
    replyId: row.id,
    text: row.text,
    wholeLength: row.text_whole,
    senderNumber: row.sender_number,
    receivedAt: row.received_at.toISOString(),
    decided: row.id === request.decisiveId,
    late:
      row.id !== request.decisiveId &&
      request.finishedAt !== null &&
      row.received_at.toISOString() > request.finishedAt,
  }));
}

export interface Queue {
  rows: QueueRow[];
  counts: Record<(typeof openStates)[number], number>;
  /** There are more than `rows` holds. */
  more: boolean;
}

/** What is open, for staff: what awaits their approval first, the oldest first. */
export async function listQueue(pool: Pool, _scope: StaffScope): Promise<Queue> {
  const [queue, counted] = await Promise.all([
    pool.query<object>(
      `select ${queueList.select}
       from removal_request join account on account.id = removal_request.account_id
       where state in (${openStatesSql})
       order by array_position(array['AWAITING_APPROVAL', 'AWAITING_REPLY', 'AWAITING_CONFIRMATION'], state::text),
         coalesce(answered_at, removal_request.created_at), removal_request.id
       limit ${queueSize + 1}`,
    ),
    pool.query<{ state: (typeof openStates)[number]; count: string }>(
      `select state, count(*) from removal_request where state in (${openStatesSql}) group by state`,
    ),
  ]);
  const counts = { AWAITING_CONFIRMATION: 0, AWAITING_REPLY: 0, AWAITING_APPROVAL: 0 };
  for (const { state, count } of counted.rows) counts[state] = Number(count);
  return {
    rows: queue.rows.slice(0, queueSize).map(queueList.toRow),
    counts,
    more: queue.rows.length > queueSize,
  };
}

/** How many requests await the staff's approval. */
export async function countAwaitingApproval(pool: Pool, _scope: StaffScope): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*) from removal_request where state = 'AWAITING_APPROVAL'`,
  );
  return Number(rows[0]?.count ?? 0);
}

export interface StaffRequestFilter extends RequestFilter {
  accountId: number | null;
}

/** One page of all requests, newest first. */
export async function listAllRequests(
  pool: Pool,
  _scope: StaffScope,
  filter: StaffRequestFilter,
  cursor: string | null,
): Promise<ListPage<StaffRequestRow>> {
  const where: string[] = [];
  const values: (string | number)[] = [];
  const add = (value: string | number, compose: (parameter: string) => string) => {
    values.push(value);
    where.push(compose(`$${values.length}`));
  };
  const digits = filter.search.replace(/\D/g, '').replace(/^0(?=\d)/, '');
  if (digits !== '') add(`%${digits}%`, (parameter) => `removal_request.msisdn like ${parameter}`);
  if (filter.state !== null) add(filter.state, (parameter) => `removal_request.state = ${parameter}`);
  if (filter.accountId !== null)
    add(filter.accountId, (parameter) => `removal_request.account_id = ${parameter}`);
  const page = await readKeysetPage<object>(
    pool,
    {
      select: allRequestsList.select,
      from: 'removal_request join account on account.id = removal_request.account_id',
      where: where.length > 0 ? where : ['true'],
      values,
      at: 'removal_request.created_at',
      id: 'removal_request.id',
    },
    cursor,
    pageSize,
  );
  return { ...page, rows: page.rows.map(allRequestsList.toRow) };
}

/** One request with everything that is needed to decide on it; null when there is none such. */
export async function readStaffRequest(
  pool: Pool,
  _scope: StaffScope,
  key: RequestKey,
): Promise<StaffRequest | null> {
  const detail = await readDetail(pool, key);
  if (!detail) return null;
  const { accountId, msisdn, episodeId } = detail;
  const [account, optOut, episodes, requests, history] = await Promise.all([
    pool.query<StaffRequest['account']>('select id, name, status from account where id = $1', [accountId]),
    pool.query<{
      kind: OptOutKind;
      reply_text: string | null;
      rule: string | null;
      sender_number: string | null;
      created_at: Date;
    }>(
      `select kind, reply_text, rule, sender_number, created_at from opt_out
       where account_id = $1 and msisdn = $2 and id = $3`,
      [accountId, msisdn, episodeId],
    ),
    listEpisodes(pool, accountId, msisdn),
    readRequestsOfNumber(pool, accountId, msisdn),
    readAccountHistory(pool, accountId),
  ]);
  const block = optOut.rows[0];
  return {
    ...detail,
    account: account.rows[0] as StaffRequest['account'],
    optOut: block
      ? {
          kind: block.kind,
          replyText: block.reply_text,
          rule: block.rule,
          senderNumber: block.sender_number,
          createdAt: block.created_at.toISOString(),
        }
      : null,
    blockedBy: await readBeginning(pool, accountId, msisdn, episodeId),
    earlierEpisodes: episodes.filter((episode) => episode.episodeId !== episodeId),
    earlierRequests: requests.filter(({ id }) => id !== detail.id),
    history,
  };
}

/** How an episode became the recipient's wish: its beginning, or the reply that confirmed what somebody else had entered. */
async function readBeginning(
  pool: Pool,
  accountId: number,
  msisdn: string,
  episodeId: string,
): Promise<StaffRequest['blockedBy']> {
  const { rows } = await pool.query<{
    actor: string;
    reason: string | null;
    id: string;
    text: string | null;
    text_whole: number | null;
    rule: string | null;
    sender_number: string | null;
    answered_text: string | null;
    created_at: Date;
  }>(
    `select event.id, event.actor, event.reason, ${cutTextSql(evidenceFieldSql('event.evidence', 'text'), 'text')},
       ${evidenceFieldSql('event.evidence', 'rule')} as rule,
       ${evidenceFieldSql('event.evidence', 'senderNumber')} as sender_number, left(message.text, ${shownTextLength}) as answered_text, event.created_at
     from opt_out_event as event
     left join message on message.account_id = event.account_id and message.id = ${evidenceFieldSql('event.evidence', 'messageId')}::bigint
     where event.account_id = $1 and event.msisdn = $2 and event.episode_id = $3
       and event.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY')
     order by event.id desc limit 1`,
    [accountId, msisdn, episodeId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    actor: row.actor,
    reason: row.reason,
    eventId: row.id,
    text: row.text,
    wholeLength: row.text_whole,
    rule: row.rule,
    senderNumber: row.sender_number,
    answeredText: row.answered_text,
    at: row.created_at.toISOString(),
  };
}

async function listEpisodes(
  pool: Pool,
  accountId: number,
  msisdn: string,
): Promise<StaffRequest['earlierEpisodes']> {
  const { rows } = await pool.query<{
    episode_id: string;
    began_at: Date;
    ended_at: Date | null;
    ended_by: string | null;
  }>(
    `select episode_id, min(created_at) as began_at,
       max(created_at) filter (where kind in ('REMOVED', 'CORRECTED')) as ended_at,
       max(actor) filter (where kind in ('REMOVED', 'CORRECTED')) as ended_by
     from opt_out_event where account_id = $1 and msisdn = $2
     group by episode_id order by episode_id desc limit 50`,
    [accountId, msisdn],
  );
  return rows.map((row) => ({
    episodeId: row.episode_id,
    beganAt: row.began_at.toISOString(),
    endedAt: toIso(row.ended_at),
    endedBy: row.ended_by,
  }));
}

async function readAccountHistory(pool: Pool, accountId: number): Promise<AccountHistory> {
  const [account, requests] = await Promise.all([
    pool.query<{ created_at: Date; messages: string; opt_outs: string }>(
      `select created_at,
         (select count(*) from message where account_id = $1 and kind = 'NORMAL'
            and message.created_at >= now() - interval '30 days') as messages,
         (select coalesce(sum(change), 0) from opt_out_tally where account_id = $1) as opt_outs
       from account where id = $1`,
      [accountId],
    ),
    pool.query<{ state: RemovalRequestState; count: string }>(
      'select state, count(*) from removal_request where account_id = $1 group by state',
      [accountId],
    ),
  ]);
  const counts = Object.fromEntries(removalRequestStates.map((state) => [state, 0])) as Record<
    RemovalRequestState,
    number
  >;
  for (const { state, count } of requests.rows) counts[state] = Number(count);
  return {
    since: account.rows[0]?.created_at.toISOString() ?? '',
    messages30Days: Number(account.rows[0]?.messages ?? 0),
    optOuts: Number(account.rows[0]?.opt_outs ?? 0),
    requests: counts,
  };
}
