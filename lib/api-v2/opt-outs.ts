import 'server-only';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import { env } from '@/lib/env';
import * as feed from '@/lib/opt-outs/changes';
import { addOptOutsByProgram, removeOptOuts } from '@/lib/opt-outs/commands';
import { evidenceSchema } from '@/lib/opt-outs/evidence';
import { findBlockedElsewhere } from '@/lib/opt-outs/family-queries';
import * as queries from '@/lib/opt-outs/queries';
import type { OptOutEntry, OptOutEventRow } from '@/lib/opt-outs/queries';
import { removableKinds, type OptOutKind } from '@/lib/opt-outs/schema';
import { findOnRegistry } from '@/lib/registry/queries';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { decodePlace, encodePlace } from './cursors';
import { reply, serve } from './make-api-route';
import * as operations from './opt-out-operations';

type ShownKind = (typeof operations.kinds)[number];

const shownKinds: Record<OptOutKind, ShownKind> = {
  REPLY: 'reply',
  SHARED_SENDER: 'shared-sender',
  MANUAL: 'manual',
  IMPORT: 'import',
  API: 'api',
  STAFF: 'staff',
};
const storedKinds = Object.fromEntries(
  Object.entries(shownKinds).map(([stored, shown]) => [shown, stored]),
) as Record<ShownKind, OptOutKind>;

/** What the history says of an entry whose program did not say where the wish was given. */
const noSource = 'API';

export const list = serve(operations.listOptOuts, async ({ scope, query }) => {
  const { kind, from, to, senderNumber, order, limit, cursor } = query;
  const place = decodePlace(scope.accountId, `opt-outs-${order}`, cursor);
  if (place instanceof ApiRefusal) return place;
  const filter = {
    kinds: kind?.map((one) => storedKinds[one]) ?? null,
    from: from ?? null,
    to: to ?? null,
    senderNumber: senderNumber ?? null,
  };
  const page = { order, after: place && { at: place[0], id: place[1] }, limit };
  const { entries, next } = await askReplica((pool) => queries.readOptOutPage(pool, scope, filter, page));
  const cursorOfNext = next && encodePlace(scope.accountId, `opt-outs-${order}`, [next.at, next.id]);
  return reply(200, { data: entries.map(composeOptOut), next: cursorOfNext });
});

export const get = serve(operations.getOptOut, async ({ scope, params: { number } }) => {
  const entry = await queries.findOptOut(getPool(), scope, number);
  return entry ? reply(200, composeOptOut(entry)) : refuseMissing(number);
});

export const add = serve(operations.addOptOut, async ({ scope, params: { number }, query: { source } }) => {
  const [result] = await addOptOutsByProgram(getPool(), scope, [`+${number}`], source ?? noSource);
  const entry = await queries.findOptOut(getPool(), scope, number);
  // Removed again by somebody else at this very moment.
  if (!entry) return refuseMissing(number);
  return reply(result?.outcome === 'added' ? 201 : 200, composeOptOut(entry));
});

export const remove = serve(operations.removeOptOut, async ({ scope, params: { number } }) => {
  const [result] = await removeOptOuts(getPool(), scope, [number]);
  if (!result || result.ok) return reply(204, null);
  if (result.reason === 'not-there') return refuseMissing(number);
  const removalRequestUrl = `${env.APP_URL}/messages/opt-outs/${number}`;
  return new ApiRefusal({
    code: 'refused',
    reason: 'removal-request-needed',
    message: result.message,
    more: { removalRequestUrl },
  });
});

export const addMany = serve(operations.addOptOuts, async ({ scope, body: { numbers, source } }) => {
  const results = await addOptOutsByProgram(getPool(), scope, numbers, source ?? noSource);
  const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length;
  return reply(200, {
    added: count('added'),
    alreadyThere: count('already-there'),
    invalid: count('invalid'),
    duplicates: count('duplicate'),
    results: results.map((one) => ({
      input: one.input,
      outcome: one.outcome,
      number: 'msisdn' in one ? `+${one.msisdn}` : null,
      since: one.outcome === 'already-there' ? one.since : null,
      reason: one.outcome === 'invalid' ? one.reason : null,
    })),
  });
});

export const check = serve(operations.checkOptOuts, async ({ scope, body: { numbers } }) => {
  const read = numbers.map((input) => ({ input, number: parseMsisdn(input) }));
  const msisdns = new Set(read.flatMap(({ number }) => (number.ok ? [number.msisdn] : [])));
  const [found, elsewhere, listed] = await Promise.all([
    queries.checkOptOuts(getPool(), scope, [...msisdns]),
    findBlockedElsewhere(getPool(), scope, [...msisdns]),
    findOnRegistry(getPool(), scope, [...msisdns]),
  ]);
  const results = read.map(({ input, number }) => {
    const entry = number.ok ? found.get(number.msisdn) : undefined;
    return {
      input,
      number: number.ok ? `+${number.msisdn}` : null,
      isOptedOut: entry !== undefined,
      isBlocked: entry !== undefined || (number.ok && elsewhere.has(number.msisdn)),
      isOnRegistry: number.ok && listed.has(number.msisdn),
      kind: entry ? shownKinds[entry.kind] : null,
      since: entry?.since ?? null,
      reason: number.ok ? null : number.message,
    };
  });
  return reply(200, { optedOut: found.size, results });
});

export const history = serve(operations.readHistory, async ({ scope, params: { number }, query }) => {
  const place = decodePlace(scope.accountId, 'history', query.cursor);
  if (place instanceof ApiRefusal) return place;
  const { limit } = query;
  const page = { after: place?.[0] ?? '0', limit: limit + 1 };
  const rows = await askReplica((pool) => queries.readNumberEvents(pool, scope, number, page));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? encodePlace(scope.accountId, 'history', [last.id]) : null;
  return reply(200, { data: shown.map(composeEvent), next });
});

export const changes = serve(operations.readChanges, async ({ scope, query }) => {
  const place = decodePlace(scope.accountId, 'changes', query.after);
  if (place instanceof ApiRefusal) return place;
  const [after, eventId, transaction] = place ?? ['0', '0', '0'];
  const from = { after, horizon: eventId === '0' ? null : { eventId, transaction } };
  const { events, next, hasMore } = await feed.readChanges(getPool(), scope, from, query.limit);
  const { eventId: id, transaction: horizon } = next.horizon ?? { eventId: '0', transaction: '0' };
  return reply(200, {
    data: events.map(composeEvent),
    next: encodePlace(scope.accountId, 'changes', [next.after, id, horizon]),
    hasMore,
  });
});

function composeOptOut({ msisdn, kind, createdAt, senderNumber, replyText, rule }: OptOutEntry) {
  return {
    number: `+${msisdn}`,
    kind: shownKinds[kind],
    since: createdAt.toISOString(),
    senderNumber,
    replyText,
    rule,
    isRemovable: (removableKinds as readonly OptOutKind[]).includes(kind),
  };
}

const eventTypes = {
  OPTED_OUT: 'opted-out',
  CONFIRMED_BY_REPLY: 'confirmed-by-reply',
  REMOVED: 'removed',
  CORRECTED: 'corrected',
} as const;

function composeEvent({ id, msisdn, episodeId, kind, actor, reason, evidence, createdAt }: OptOutEventRow) {
  return {
    id,
    // Emptied when the data of the person was erased.
    number: msisdn === '' ? null : `+${msisdn}`,
    type: eventTypes[kind],
    isOptedOut: kind === 'OPTED_OUT' || kind === 'CONFIRMED_BY_REPLY',
    at: createdAt.toISOString(),
    episodeId,
    actor: nameActor(actor),
    reason,
    evidence: composeEvidence(evidence),
  };
}

/** Who acted. Of the provider's staff the house is named, not the person. */
function nameActor(actor: string): (typeof operations.actors)[number] {
  if (actor === 'recipient') return 'recipient';
  if (actor.startsWith('user:')) return 'user';
  if (actor.startsWith('staff:')) return 'provider';
  return actor.startsWith('key:') ? 'program' : 'system';
}

/** Without what is of others: which accounts share the sender number, who of the staff it was. */
function composeEvidence(stored: unknown) {
  const evidence = evidenceSchema.parse(stored);
  const receivedAt = 'receivedAt' in evidence ? evidence.receivedAt : undefined;
  const candidates = evidence.cause === 'reply' ? evidence.candidates : null;
  return {
    cause: evidence.cause,
    text: ('text' in evidence ? evidence.text : null) ?? null,
    rule: ('rule' in evidence ? evidence.rule : null) ?? null,
    senderNumber: ('senderNumber' in evidence ? evidence.senderNumber : null) ?? null,
    receivedAt: receivedAt === undefined ? null : new Date(receivedAt).toISOString(),
    sharedWith: Math.max(0, (candidates?.length ?? 1) - 1),
    source: (evidence.cause === 'api' ? evidence.source : null) ?? null,
    list:
      evidence.cause === 'import'
        ? {
            id: evidence.list === undefined ? null : String(evidence.list),
            line: evidence.line ?? null,
            input: evidence.input ?? null,
          }
        : null,
    removalRequestId:
      evidence.cause === 'request' && evidence.requestId !== undefined ? String(evidence.requestId) : null,
  };
}

function refuseMissing(number: string): ApiRefusal {
  const message = `+${number} is not on the opt-out list.`;
  return new ApiRefusal({ code: 'refused', reason: 'not-opted-out', message });
}
