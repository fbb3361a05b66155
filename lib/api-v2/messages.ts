import 'server-only';
import { createHash, randomUUID } from 'node:crypto';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import { acceptBatch } from '@/lib/messages/commands';
import { firstPartNote } from '@/lib/messages/labels';
import { findMessage, listMessages, type MessageNow } from '@/lib/messages/program-queries';
import { cancelScheduled, maxDaysAhead } from '@/lib/messages/scheduled';
import type { MessageStatus, SendRefusal } from '@/lib/messages/schema';
import { decodePlace, encodePlace } from './cursors';
import { reply, serve } from './make-api-route';
import { lower, upper } from './names';
import * as operations from './message-operations';
import type { messageStatuses } from './message-operations';
import type { ProblemCode } from './problems';

/** What refuses a batch, as a problem of its own. */
const problemsOfSending: Partial<Record<SendRefusal, ProblemCode>> = {
  'insufficient-credits': 'not-enough-credits',
  'key-used': 'idempotency-key-reused',
  'marketing-text': 'marketing-text-incomplete',
};

export const send = serve(operations.sendMessages, async ({ request, scope, body, senderNumber, now }) => {
  const { to, text, sendAt, purpose } = body;
  if (sendAt && sendAt <= now) return refuseTime('This time has passed. Leave it out to send at once.');
  if (sendAt && sendAt.getTime() > now.getTime() + maxDaysAhead * 86_400_000) {
    return refuseTime(`Choose a time within ${maxDaysAhead} days.`);
  }
  const idempotencyKey = readBatchKey(scope.actor, request.headers.get('idempotency-key'));
  const batch = {
    recipients: to,
    text,
    idempotencyKey,
    sendAt: sendAt ?? null,
    purpose: purpose ? upper(purpose) : null,
  };
  const result = await acceptBatch(getPool(), scope, batch, { senderNumber });
  if (!result.ok) {
    const reason = problemsOfSending[result.reason] ?? 'refused';
    return new ApiRefusal({ code: 'refused', reason, message: result.message });
  }
  return reply(201, {
    batchId: result.batchId,
    creditsCharged: result.creditsCharged,
    creditsLeft: result.creditsLeft,
    recipients: result.recipients.map(({ input, msisdn, outcome, messageId, reason }) => ({
      input,
      number: msisdn === null ? null : `+${msisdn}`,
      // The whole batch is refused when the credits are too few.
      outcome: outcome === 'unaffordable' ? ('invalid' as const) : outcome,
      messageId,
      reason,
    })),
  });
});

export const list = serve(operations.listMessages, async ({ scope, query }) => {
  const { number, status, kind, purpose, batchId, senderNumber, from, to, order, limit, cursor } = query;
  const name = `messages-${order}` as const;
  const place = decodePlace(scope.accountId, name, cursor);
  if (place instanceof ApiRefusal) return place;
  const search = {
    msisdn: number ?? null,
    statuses: status?.flatMap(readStatus) ?? null,
    kinds: kind?.map((one) => upper(one)) ?? null,
    purpose: purpose ? upper(purpose) : null,
    batchId: batchId ?? null,
    senderNumber: senderNumber ?? null,
    from: from ?? null,
    to: to ?? null,
  };
  const page = { order, after: place && { at: place[0], id: place[1] }, limit };
  const { rows, next } = await askReplica((pool) => listMessages(pool, scope, search, page));
  return reply(200, {
    data: rows.map(composeMessage),
    next: next && encodePlace(scope.accountId, name, [next.at, next.id]),
  });
});

export const get = serve(operations.getMessage, async ({ scope, params: { id } }) => {
  const message = await findMessage(getPool(), scope, id);
  return message ? reply(200, composeMessage(message)) : refuseMissing();
});

export const cancel = serve(operations.cancelMessage, async ({ scope, params: { id } }) => {
  const [cancelled] = await cancelScheduled(getPool(), scope, { ids: [Number(id)] });
  if (cancelled) return reply(200, { creditsReturned: cancelled.cost });
  const message = await findMessage(getPool(), scope, id);
  if (!message) return refuseMissing();
  return new ApiRefusal({
    code: 'refused',
    reason: 'message-not-waiting',
    message: 'This message does not wait for its time: it was sent, is being sent, or was cancelled.',
  });
});

/**
 * What keeps a batch from being sent twice, for good: should the program die between sending it and keeping
 * the answer, the same request gets the first result.
 */
function readBatchKey(actor: string, idempotencyKey: string | null): string {
  if (idempotencyKey === null) return randomUUID();
  const hash = createHash('sha256').update(`${actor}\n${idempotencyKey}`).digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The statuses of ours that are one of a program's. */
function readStatus(status: (typeof messageStatuses)[number]): MessageStatus[] {
  return status === 'sending' ? ['SENDING', 'IN_DOUBT'] : [upper(status)];
}

function composeMessage(message: MessageNow) {
  const { id, batchId, msisdn, senderNumber, text, segments, cost, status, reason } = message;
  return {
    id,
    batchId,
    kind: lower(message.kind),
    purpose: message.purpose && lower(message.purpose),
    number: msisdn === '' ? null : `+${msisdn}`,
    senderNumber,
    text,
    segments,
    credits: cost,
    // a program waits for what comes of it, as of one that is being sent
    status: lower(status === 'IN_DOUBT' ? 'SENDING' : status),
    reason: reason ?? (message.isFirstPart ? firstPartNote : null),
    acceptedAt: message.createdAt.toISOString(),
    sendAt: message.scheduledAt?.toISOString() ?? null,
    sentAt: message.sentAt?.toISOString() ?? null,
    finishedAt: message.finishedAt?.toISOString() ?? null,
  };
}

function refuseTime(message: string): ApiRefusal {
  return new ApiRefusal({ code: 'invalid', issues: [{ path: ['sendAt'], message }] });
}

function refuseMissing(): ApiRefusal {
  const message = 'The account has no message with this id.';
  return new ApiRefusal({ code: 'refused', reason: 'no-such-message', message });
}
