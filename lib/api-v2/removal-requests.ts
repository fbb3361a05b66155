import 'server-only';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { cancelRequest, requestRemoval } from '@/lib/removal-requests/commands';
import type { RequestRow } from '@/lib/removal-requests/list';
import { readRequest, readRequestRows } from '@/lib/removal-requests/queries';
import type { Refused, RemovalRequestDetail, RequestRefusal } from '@/lib/removal-requests/schema';
import { decodePlace, encodePlace } from './cursors';
import { reply, serve } from './make-api-route';
import { lower, upper } from './names';
import type { ProblemCode } from './problems';
import * as operations from './removal-request-operations';

export const list = serve(operations.listRemovalRequests, async ({ scope, query }) => {
  const { number, state, order, limit, cursor } = query;
  const name = `removal-requests-${order}` as const;
  const place = decodePlace(scope.accountId, name, cursor);
  if (place instanceof ApiRefusal) return place;
  const search = { msisdn: number ?? null, states: state?.map((one) => upper(one)) ?? null };
  const page = { order, after: place?.[0] ?? null, limit };
  const { rows, next } = await askReplica((pool) => readRequestRows(pool, scope, search, page));
  return reply(200, {
    data: rows.map(composeRequest),
    next: next && encodePlace(scope.accountId, name, [next]),
  });
});

const problemsOfAsking: Record<RequestRefusal, ProblemCode> = {
  'no-permission': 'refused',
  'invalid-number': 'refused',
  'not-opted-out': 'not-opted-out',
  'own-entry': 'own-entry',
  'already-asked': 'recipient-already-asked',
  'already-open': 'removal-already-requested',
  trial: 'trial-account',
  'no-sender-number': 'refused',
};

export const create = serve(operations.createRemovalRequest, async ({ request, scope, body }) => {
  const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
  const result = await requestRemoval(getPool(), scope, { ...body, number: `+${body.number}` }, { address });
  if (!result.ok) return refuse(result);
  const made = await readRequest(getPool(), scope, result.requestId);
  return made ? reply(201, composeDetail(made)) : refuseMissing();
});

export const get = serve(operations.getRemovalRequest, async ({ scope, params: { id } }) => {
  const found = await readRequest(getPool(), scope, id);
  return found ? reply(200, composeDetail(found)) : refuseMissing();
});

export const cancel = serve(operations.cancelRemovalRequest, async ({ scope, params: { id } }) => {
  const result = await cancelRequest(getPool(), scope, id);
  if (!result.ok && result.reason === 'too-late') {
    return new ApiRefusal({ code: 'refused', reason: 'removal-request-over', message: result.message });
  }
  const found = await readRequest(getPool(), scope, id);
  return found ? reply(200, composeDetail(found)) : refuseMissing();
});

function composeRequest(request: RequestRow) {
  const { id, msisdn, state, createdAt, consentDueAt, consentSentAt, answeredAt } = request;
  return {
    id,
    number: msisdn === '' ? null : `+${msisdn}`,
    state: lower(state),
    requestedAt: createdAt,
    consentDueAt,
    consentSentAt,
    answeredAt,
    expiresAt: request.expiresAt,
    finishedAt: request.finishedAt,
    reason: request.decisionReason,
  };
}

function composeDetail(request: RemovalRequestDetail) {
  const { permission, consent, answers, events, canCancel } = request;
  return {
    ...composeRequest(request),
    isCancellable: canCancel,
    permission: { text: permission.text, at: permission.at },
    consent: consent && {
      messageId: consent.messageId,
      text: consent.text,
      senderNumber: consent.senderNumber,
    },
    answers: answers.map(({ replyId, text, senderNumber, receivedAt, decided }) => ({
      replyId,
      text,
      senderNumber,
      receivedAt,
      isDecisive: decided,
    })),
    events: events.map(({ id, kind, toState, actor, reason, createdAt }) => ({
      id,
      type: lower(kind),
      state: lower(toState),
      actor: nameActor(actor),
      reason,
      at: createdAt,
    })),
  };
}

/** Who acted. Of the provider's staff the house is named, not the person. */
function nameActor(actor: string): (typeof operations.requestActors)[number] {
  const [kind] = actor.split(':');
  switch (kind) {
    case 'recipient':
    case 'owner':
    case 'visitor':
    case 'user':
      return kind;
    case 'staff':
      return 'provider';
    case 'key':
      return 'program';
    default:
      return 'system';
  }
}

function refuse({ reason, message, request }: Refused): ApiRefusal {
  return new ApiRefusal({
    code: 'refused',
    reason: problemsOfAsking[reason],
    message,
    ...(request && { more: { removalRequestId: request.id } }),
  });
}

function refuseMissing(): ApiRefusal {
  const message = 'The account has no removal request with this id.';
  return new ApiRefusal({ code: 'refused', reason: 'no-such-removal-request', message });
}
