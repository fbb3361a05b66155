import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { AppError } from '@/lib/http/app-error';
import { chooseSenders } from '@/lib/messages/commands';
import type { OptOutKind } from '@/lib/opt-outs/schema';
import { readPlatformSettings } from '@/lib/platform/settings';
import { parseMsisdn, type Msisdn } from '@/lib/sms/msisdn';
import { composeConsent, describePermission } from './consent';
import { nextLawfulMinute } from '@/lib/messages/lawful-hours';
import {
  enqueueExpiries,
  insertEvents,
  lockRequests,
  queueConsent,
  recordProgress,
  takeStep,
  type LockedRequest,
  type QueuedConsent,
} from './progress';
import { refuseRequest } from './refusals';
import {
  isOpen,
  openStates,
  requestableKinds,
  type CancelResult,
  type Refused,
  type RemovalRequestState,
  type RequestResult,
} from './schema';
import { decide, statesOf } from './state';

const dayMs = 86_400_000;

export interface Visit {
  /** Where the person is; null when that is not known. */
  address: string | null;
}

/**
 * Asks for the removal of a number, as a signed-in user with the permission to send the one consent SMS, which is queued in the
 * same transaction. Ten at the same moment make one request: the block is locked first, and nine find it asked for.
 *
 * A request that somebody made on the public form, and the owner has not confirmed, is confirmed by this one.
 */
export async function requestRemoval(
  pool: Pool,
  scope: AccountScope,
  input: { number: string; permission: boolean },
  visit: Visit,
  now = new Date(),
): Promise<RequestResult> {
  const parsed = parseMsisdn(input.number);
  if (!parsed.ok) return { ...refuseRequest('invalid-number', ''), message: parsed.message };
  const { msisdn } = parsed;
  if (!input.permission) return refuseRequest('no-permission', msisdn);
  // Before the transaction: a client is never held while another is waited for.
  const senderNumber = await findSender(pool, scope, msisdn);

  return withTransaction(pool, async (client) => {
    const subject = await lockSubject(client, scope.accountId, msisdn);
    const refusal = refuseSubject(subject, msisdn);
    if (refusal && !(refusal.reason === 'already-open' && subject.open?.state === 'AWAITING_CONFIRMATION')) {
      return refusal;
    }
    if (senderNumber === null) return refuseRequest('no-sender-number', msisdn);
    const { optOut } = subject;
    if (!optOut) return refuseRequest('not-opted-out', msisdn);

    const permission = {
      permissionText: describePermission(subject.account.name, msisdn),
      permissionUserId: scope.userId,
      permissionAt: now.toISOString(),
      permissionAddress: visit.address,
    };
    if (subject.open) {
      await client.query(
        `update removal_request set permission_text = $3, permission_user_id = $4, permission_at = $5,
           permission_address = $6
         where account_id = $1 and id = $2 and state = 'AWAITING_CONFIRMATION'`,
        [scope.accountId, subject.open.id, permission.permissionText, scope.userId, now, visit.address],
      );
      return confirm(
        client,
        { accountId: scope.accountId, requestId: subject.open.id, senderNumber },
        { actor: scope.actor, evidence: permission },
        now,
      );
    }

    const transition = decide('NEW', 'REQUESTED', { isSignedIn: true });
    if (!transition) throw new Error('The machine lets nobody ask.');
    const consent = await ask(
      client,
      { accountId: scope.accountId, msisdn, senderNumber, episodeId: optOut.id, account: subject.account },
      now,
    );
    if (!consent) return refuseRequest('already-asked', msisdn, subject.asked);
    const { rows } = await client.query<{ id: string }>({
      name: 'insert-request',
      text: `
        insert into removal_request (account_id, msisdn, episode_id, state, permission_text, permission_user_id,
          permission_at, permission_address, consent_message_id, consent_due_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        returning id, ${notifyAccountSql('account_id', ['removal-requests'])}`,
      values: [
        scope.accountId,
        msisdn,
        optOut.id,
        transition.to,
        permission.permissionText,
        scope.userId,
        now,
        visit.address,
        consent.messageId,
        consent.dueAt,
        consent.expiresAt,
      ],
    });
    const requestId = rows[0]?.id as string;
    await insertEvents(client, [
      {
        request: { accountId: scope.accountId, id: requestId },
        step: {
          event: 'REQUESTED',
          from: null,
          to: transition.to,
          actor: scope.actor,
          reason: null,
          evidence: { ...permission, ...describeConsent(consent) },
        },
      },
    ]);
    await enqueueExpiries(client, [
      { accountId: scope.accountId, id: requestId, expiresAt: consent.expiresAt },
    ]);
    return {
      ok: true,
      requestId,
      consentDueAt: consent.dueAt.toISOString(),
      expiresAt: consent.expiresAt.toISOString(),
    };
  });
}

/** Takes a request back. Its consent SMS stays where it is, unless it has left. */
export async function cancelRequest(
  pool: Pool,
  scope: AccountScope,
  requestId: string,
): Promise<CancelResult> {
  if (!isId(requestId)) return notFound;
  return withTransaction(pool, async (client) => {
    const [request] = await lockRequests(client, {
      accountIds: [scope.accountId],
      requestIds: [requestId],
    });
    if (!request) return notFound;
    const step = takeStep(request, 'CANCELLED', {}, { actor: scope.actor });
    if (!step) {
      return {
        ok: false,
        reason: 'too-late',
        message: 'This request is over; there is nothing left to cancel.',
      };
    }
    await recordProgress(client, [{ request, steps: [step] }]);
    return { ok: true };
  });
}

const notFound = {
  ok: false,
  reason: 'not-found',
  message: 'There is no such request.',
} as const satisfies CancelResult;

/**
 * The job of one request: ends it if its time is over, because nobody followed the link, or no YES came. It was enqueued for
 * that moment in the transaction that set it, so it may find the request gone on, which it leaves alone, or its moment put
 * off, for which it is enqueued again.
 */
export async function expireRequest(
  pool: Pool,
  scope: AccountScope,
  requestId: string,
  now: Date,
): Promise<void> {
  await withTransaction(pool, async (client) => {
    const [request] = await lockRequests(client, {
      accountIds: [scope.accountId],
      requestIds: [requestId],
    });
    if (!request?.expiresAt || (await expire(client, [request], now)) > 0) return;
    if (statesOf('EXPIRED').includes(request.state)) {
      await enqueueExpiries(client, [{ ...request, expiresAt: request.expiresAt }]);
    }
  });
}

/**
 * Ends all requests whose time is over: the safety net under {@link expireRequest}, for a job that failed for hours, and for
 * requests from before there were jobs. Two at once wait for each other, and the second finds nothing left to end.
 *
 * @returns how many ended
 */
export async function expireRequests(pool: Pool, now: Date, limit = 100): Promise<number> {
  const due = await pool.query<{ account_id: number; id: string }>({
    name: 'find-expired-requests',
    text: `
      select account_id, id from removal_request
      where expires_at <= $1 and state in ('AWAITING_CONFIRMATION', 'AWAITING_REPLY')
      order by expires_at limit $2`,
    values: [now, limit],
  });
  if (due.rows.length === 0) return 0;
  return withTransaction(pool, async (client) => {
    const requests = await lockRequests(client, {
      accountIds: due.rows.map((row) => row.account_id),
      requestIds: due.rows.map((row) => row.id),
    });
    return expire(client, requests, now);
  });
}

async function expire(client: PoolClient, requests: readonly LockedRequest[], now: Date): Promise<number> {
  const progress = requests.flatMap((request) => {
    const isExpired = request.expiresAt !== null && request.expiresAt <= now;
    const step = takeStep(request, 'EXPIRED', { isExpired }, { actor: 'system' });
    return step ? [{ request, steps: [step] }] : [];
  });
  if (progress.length > 0) await recordProgress(client, progress);
  return progress.length;
}

/** What stands in the way of a request, or speaks for it. */
export interface Subject {
  account: { name: string; consentText: string | null };
  optOut: { id: string; kind: OptOutKind } | null;
  open: { id: string; state: RemovalRequestState; at: Date } | null;
  /** The request of this episode whose consent SMS was handed over, or is queued. */
  asked: { id: string; state: RemovalRequestState; at: Date } | null;
}

/** Reads it, and holds the block, so that nothing of it changes before the transaction ends. */
export async function lockSubject(client: PoolClient, accountId: number, msisdn: string): Promise<Subject> {
  for (;;) {
    const { rows } = await client.query<{ id: string }>(
      'select id from opt_out where account_id = $1 and msisdn = $2 for update',
      [accountId, msisdn],
    );
    const subject = await readSubject(client, accountId, msisdn);
    // A block that began between the two is not held yet: a correction could take it from under the request.
    if (subject.optOut === null || subject.optOut.id === rows[0]?.id) return subject;
  }
}

export async function readSubject(
  db: Pool | PoolClient,
  accountId: number,
  msisdn: string,
): Promise<Subject> {
  const { rows } = await db.query<{
    name: string;
    consent_text: string | null;
    opt_out_id: string | null;
    kind: OptOutKind | null;
    requests: { id: string; state: RemovalRequestState; asked: boolean; at: string }[] | null;
  }>({
    name: 'read-request-subject',
    text: `
      select account.name, account.consent_text, opt_out.id as opt_out_id, opt_out.kind,
        (select json_agg(json_build_object('id', id::text, 'state', state, 'at', created_at,
            'asked', episode_id = opt_out.id and consent_message_id is not null) order by id desc)
         from removal_request
         where account_id = $1 and msisdn = $2
           and (state in (${openStates.map((state) => `'${state}'`).join(', ')}) or episode_id = opt_out.id)) as requests
      from account left join opt_out on opt_out.account_id = account.id and opt_out.msisdn = $2
      where account.id = $1`,
    values: [accountId, msisdn],
  });
  const row = rows[0];
  if (!row) throw new AppError('no-account', `There is no account ${accountId}.`);
  const requests = (row.requests ?? []).map((request) => ({ ...request, at: new Date(request.at) }));
  return {
    account: { name: row.name, consentText: row.consent_text },
    optOut: row.opt_out_id !== null && row.kind !== null ? { id: row.opt_out_id, kind: row.kind } : null,
    open: requests.find(({ state }) => isOpen(state)) ?? null,
    asked: requests.find(({ asked }) => asked) ?? null,
  };
}

/** Why no request can be made now; null when one can. */
export function refuseSubject({ optOut, open, asked }: Subject, msisdn: string): Refused | null {
  if (!optOut) return refuseRequest('not-opted-out', msisdn);
  if (!(requestableKinds as readonly OptOutKind[]).includes(optOut.kind)) {
    return refuseRequest('own-entry', msisdn);
  }
  if (open) return refuseRequest('already-open', msisdn, open);
  return asked ? refuseRequest('already-asked', msisdn, asked) : null;
}

/** The number to ask from; null when the account has none. */
export async function findSender(
  pool: Pool,
  account: { accountId: number },
  msisdn: Msisdn,
): Promise<string | null> {
  try {
    const [addressee] = await chooseSenders(pool, account, [msisdn]);
    return addressee?.senderNumber ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'no-sender-number') return null;
    throw error;
  }
}

/** Queues the consent SMS for its minute; null when the episode has had one. */
async function ask(
  client: PoolClient,
  whom: {
    accountId: number;
    msisdn: string;
    senderNumber: string;
    episodeId: string;
    account: { name: string; consentText: string | null };
  },
  now: Date,
): Promise<QueuedConsent | null> {
  const settings = await readPlatformSettings(client);
  const dueAt = nextLawfulMinute(now, settings);
  const messageId = await queueConsent(client, { ...whom, text: composeConsent(whom.account), dueAt });
  if (messageId === null) return null;
  return { messageId, dueAt, expiresAt: new Date(dueAt.getTime() + settings.removalExpiryDays * dayMs) };
}

function describeConsent({ messageId, dueAt, expiresAt }: QueuedConsent): Record<string, unknown> {
  return { messageId, dueAt: dueAt.toISOString(), expiresAt: expiresAt.toISOString() };
}

/** Confirms a request that this transaction has locked by its subject, and asks the recipient. */
export async function confirm(
  client: PoolClient,
  key: { accountId: number; requestId: string; senderNumber: string },
  by: { actor: string; evidence: Record<string, unknown> },
  now: Date,
): Promise<RequestResult> {
  const [request] = await lockRequests(client, { accountIds: [key.accountId], requestIds: [key.requestId] });
  const step = request && takeStep(request, 'CONFIRMED', {}, by);
  if (!request || !step) throw new Error('A request was confirmed that does not wait for it.');
  const consent = await ask(
    client,
    {
      accountId: request.accountId,
      msisdn: request.msisdn,
      senderNumber: key.senderNumber,
      episodeId: request.episodeId,
      account: { name: request.accountName, consentText: request.consentText },
    },
    now,
  );
  if (!consent) return refuseRequest('already-asked', request.msisdn);
  await recordProgress(client, [
    { request, steps: [{ ...step, evidence: { ...step.evidence, ...describeConsent(consent) } }], consent },
  ]);
  return {
    ok: true,
    requestId: request.id,
    consentDueAt: consent.dueAt.toISOString(),
    expiresAt: consent.expiresAt.toISOString(),
  };
}

/** Whether a text from outside can be an id of the database. */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text);
}
