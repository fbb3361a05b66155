import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { nameRequestTarget } from '@/lib/audit/targets';
import type { StaffScope } from '@/lib/auth/scope';
import { isId } from '@/lib/db/ids';
import { withTransaction } from '@/lib/db/client';
import { staffTimeZone } from '@/lib/lists/schema';
import { lockRequests, recordProgress, takeStep, type LockedRequest, type Progress } from './progress';
import { stateLabels } from './labels';
import { readStaffRequest } from './queries';
import { maxDecisionsAtATime, type Decision, type DecisionResult, type RequestKey } from './schema';

/** The longest reason that is kept. */
const maxReasonLength = 1000;

/**
 * Approves or rejects requests, one or many, in one transaction: their states, events and blocks, what the
 * customers are told, and the audit. Of two members of staff at once the second finds it decided, and is told
 * so.
 *
 * @param keys at most `maxDecisionsAtATime`
 * @returns one result for each key, in their order
 */
export async function decideRequests(
  pool: Pool,
  scope: StaffScope,
  keys: readonly RequestKey[],
  decision: Decision,
): Promise<DecisionResult[]> {
  if (keys.length > maxDecisionsAtATime) {
    throw new RangeError(`At most ${maxDecisionsAtATime} requests at a time, not ${keys.length}.`);
  }
  const reason = decision.decision === 'reject' ? decision.reason.trim().slice(0, maxReasonLength) : null;
  if (reason === '') {
    const message = 'Write a reason: the customer reads it.';
    return keys.map((key) => ({ ...key, ok: false, reason: 'no-reason', state: null, message }));
  }
  const event = decision.decision === 'approve' ? 'APPROVED' : 'REJECTED';

  return withTransaction(pool, async (client) => {
    const requests = await lockRequests(
      client,
      keys.filter(({ requestId }) => isId(requestId)),
    );
    const decided = new Map<string, Progress>();
    for (const request of requests) {
      const step = takeStep(
        request,
        event,
        {},
        { actor: scope.actor, reason, evidence: { staffId: scope.userId } },
      );
      if (!step) continue;
      decided.set(nameRequest(request.accountId, request.id), {
        request,
        steps: [step],
        decision: { userId: scope.userId, reason },
      });
    }
    if (decided.size > 0) {
      await recordProgress(client, [...decided.values()]);
      await recordAudit(
        client,
        scope,
        ...[...decided.values()].map(({ request }) => ({
          action:
            event === 'APPROVED' ? ('removal-request.approve' as const) : ('removal-request.reject' as const),
          target: nameRequestTarget(request.id, request.accountId),
          accountId: request.accountId,
          details: { requestId: request.id, msisdn: request.msisdn, reason },
        })),
      );
    }
    const held = new Map(requests.map((request) => [nameRequest(request.accountId, request.id), request]));
    return keys.map((key): DecisionResult => {
      const name = nameRequest(key.accountId, key.requestId);
      const progress = decided.get(name);
      const state = progress?.steps[0]?.to;
      return state ? { ...key, ok: true, state } : { ...key, ...refuse(held.get(name)) };
    });
  });
}

/** The same; of a request that someone else had decided, who decided what, and when. */
export async function decideAndExplain(
  pool: Pool,
  scope: StaffScope,
  keys: readonly RequestKey[],
  decision: Decision,
): Promise<DecisionResult[]> {
  const results = await decideRequests(pool, scope, keys, decision);
  return Promise.all(results.map((result) => explain(pool, scope, result)));
}

async function explain(pool: Pool, scope: StaffScope, result: DecisionResult): Promise<DecisionResult> {
  if (result.ok || (result.state !== 'REMOVED' && result.state !== 'REJECTED')) return result;
  const request = await readStaffRequest(pool, scope, result);
  if (!request?.finishedAt) return result;
  const at = new Intl.DateTimeFormat('en-ZA', {
    timeZone: staffTimeZone,
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(new Date(request.finishedAt));
  const verb = result.state === 'REMOVED' ? 'approved' : 'rejected';
  return { ...result, message: `${request.decidedByName ?? 'The platform'} ${verb} it, ${at}.` };
}

function refuse(request: LockedRequest | undefined) {
  if (!request) {
    return { ok: false, reason: 'not-found', state: null, message: 'There is no such request.' } as const;
  }
  return {
    ok: false,
    reason: 'not-awaiting-approval',
    state: request.state,
    message: `It cannot be decided now: ${stateLabels[request.state].toLowerCase()}.`,
  } as const;
}

function nameRequest(accountId: number, requestId: string): string {
  return `${accountId}-${requestId}`;
}
