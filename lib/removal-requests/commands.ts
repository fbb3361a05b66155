import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import type { AccountScope } from '@/lib/auth/scope';
import { isId } from '@/lib/db/ids';
import { withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';
import { findSender } from '@/lib/messages/commands';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { describePermission } from './consent';
import {
  confirmRequest,
  createRequest,
  composeAskedResult,
  composePermissionEvidence,
  replacePermission,
} from './creation';
import { enqueueExpiries, lockRequests, recordProgress, takeStep, type LockedRequest } from './progress';
import { refuseRequest } from './refusals';
import { type CancelResult, type RequestResult, type Visit } from './schema';
import { statesOf } from './state';
import { judgeSubject, lockSubject } from './subject';

/**
 * Asks for the removal of a number, as a signed-in user with the permission to send the one consent SMS,
 * which is queued in the same transaction. Ten at the same moment make one request: the block is locked
 * first, and nine find it asked for.
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
    const judged = judgeSubject(subject, msisdn);
    if (!judged.ok) return judged;
    if (senderNumber === null) return refuseRequest('no-sender-number', msisdn);
    const { account, optOut, unconfirmed } = judged;
    const { accountId } = scope;
    const permission = {
      text: describePermission(account.name, msisdn),
      userId: scope.userId,
      at: now,
      address: visit.address,
    };
    if (unconfirmed) {
      const requestId = unconfirmed.id;
      await replacePermission(client, { accountId, requestId }, permission);
      const by = { actor: scope.actor, evidence: composePermissionEvidence(permission) };
      const confirmed = await confirmRequest(client, { accountId, requestId, senderNumber }, by, now);
      if (confirmed.ok) await recordActOf(client, scope, 'removal-request.make', { numbers: 1 }, now);
      return confirmed;
    }
    const created = await createRequest(
      client,
      { accountId, msisdn, episodeId: optOut.id, account },
      { isSignedIn: true, actor: scope.actor, permission, senderNumber },
      now,
    );
    if (!created?.consent) return refuseRequest('already-asked', msisdn, subject.asked);
    await recordActOf(client, scope, 'removal-request.make', { numbers: 1 }, now);
    return composeAskedResult(created.requestId, created.consent);
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
    const [request] = await lockRequests(client, [{ accountId: scope.accountId, requestId }]);
    if (!request) return notFound;
    const step = takeStep(request, 'CANCELLED', {}, { actor: scope.actor, evidence: {} });
    if (!step) {
      return {
        ok: false,
        reason: 'too-late',
        message: 'This request is over; there is nothing left to cancel.',
      };
    }
    await recordProgress(client, [{ request, steps: [step] }]);
    await recordActOf(client, scope, 'removal-request.cancel', { numbers: 1 }, new Date());
    return { ok: true };
  });
}

const notFound = {
  ok: false,
  reason: 'not-found',
  message: 'There is no such request.',
} as const satisfies CancelResult;

/**
 * The job of one request: ends it if its time is over, because nobody followed the link, or no YES came. It
 * was enqueued for that moment in the transaction that set it, so it may find the request gone on, which it
 * leaves alone, or its moment put off, for which it is enqueued again.
 */
export async function expireRequest(
  pool: Pool,
  scope: AccountScope,
  requestId: string,
  now: Date,
): Promise<void> {
  await withTransaction(pool, async (client) => {
    const [request] = await lockRequests(client, [{ accountId: scope.accountId, requestId }]);
    if (!request?.expiresAt || (await expire(client, [request], now)) > 0) return;
    if (statesOf('EXPIRED').includes(request.state)) {
      await enqueueExpiries(client, [{ ...request, expiresAt: request.expiresAt }]);
    }
  });
}

const findExpired = statement({
  name: 'find-expired-requests',
  values: { now: 'timestamptz', limit: 'int8' },
  columns: { accountId: 'RemovalRequest.accountId', requestId: 'RemovalRequest.id' },
  sql: ($) => `
    select account_id as "accountId", id as "requestId" from removal_request
    where expires_at <= ${$.now} and state in ('AWAITING_CONFIRMATION', 'AWAITING_REPLY')
    order by expires_at limit ${$.limit}`,
});

/**
 * Ends all requests whose time is over: the safety net under {@link expireRequest}, for a job that failed for
 * hours, and for requests from before there were jobs. Two at once wait for each other, and the second finds
 * nothing left to end.
 *
 * @returns how many ended
 */
export async function expireRequests(pool: Pool, now: Date, limit = 100): Promise<number> {
  const due = await findExpired.all(pool, { now, limit });
  if (due.length === 0) return 0;
  return withTransaction(pool, async (client) => expire(client, await lockRequests(client, due), now));
}

async function expire(client: PoolClient, requests: readonly LockedRequest[], now: Date): Promise<number> {
  const progress = requests.flatMap((request) => {
    const isExpired = request.expiresAt !== null && request.expiresAt <= now;
    const step = takeStep(request, 'EXPIRED', { isExpired }, { actor: 'system', evidence: {} });
    return step ? [{ request, steps: [step] }] : [];
  });
  if (progress.length > 0) await recordProgress(client, progress);
  return progress.length;
}
