import 'server-only';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import { recordConsents, withdrawConsent } from '@/lib/consents/commands';
import { outcomeLabels, withdrawLabels } from '@/lib/consents/labels';
import * as queries from '@/lib/consents/queries';
import type { ConsentEntry } from '@/lib/consents/queries';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import { parseMsisdn } from '@/lib/sms/msisdn';
import * as operations from './consent-operations';
import { decodePlace, encodePlace } from './cursors';
import { reply, serve } from './make-api-route';
import { lower, upper } from './names';

export const record = serve(operations.recordConsents, async ({ scope, body }) => {
  const { numbers, givenAt, source, wording, url, file } = body;
  const read = numbers.map((input) => ({ input, number: parseMsisdn(input) }));
  const msisdns = new Set(read.flatMap(({ number }) => (number.ok ? [number.msisdn as string] : [])));
  const outcomes =
    msisdns.size === 0
      ? new Map<string, never>()
      : await recordConsents(getPool(), scope, [...msisdns], {
          givenAt,
          source: upper(source),
          wording,
          url: url ?? null,
          file: file ? { name: file.name, hash: file.sha256 } : null,
        });
  const seen = new Set<string>();
  const results = read.map(({ input, number }) => {
    if (!number.ok) return { input, outcome: 'invalid' as const, number: null, reason: number.message };
    const { msisdn } = number;
    const isAgain = seen.has(msisdn);
    seen.add(msisdn);
    const outcome = isAgain ? ('duplicate' as const) : (outcomes.get(msisdn) ?? 'already-there');
    const reason = outcome === 'recorded' || outcome === 'duplicate' ? null : outcomeLabels[outcome];
    return { input, outcome, number: `+${msisdn}`, reason };
  });
  const count = (outcome: (typeof results)[number]['outcome']) =>
    results.filter((one) => one.outcome === outcome).length;
  return reply(200, {
    recorded: count('recorded'),
    alreadyThere: count('already-there'),
    optedOutSince: count('opted-out-since'),
    withdrawnSince: count('withdrawn-since'),
    invalid: count('invalid'),
    duplicates: count('duplicate'),
    results,
  });
});

export const list = serve(operations.listConsents, async ({ scope, query: { cursor, limit } }) => {
  const place = decodePlace(scope.accountId, 'consents', cursor);
  if (place instanceof ApiRefusal) return place;
  const after = place && { at: place[0], id: place[1] };
  const { entries, next } = await askReplica((pool) => queries.listConsents(pool, scope, { after, limit }));
  return reply(200, {
    data: entries.map(composeConsent),
    next: next && encodePlace(scope.accountId, 'consents', [next.at, next.id]),
  });
});

export const get = serve(operations.getConsent, async ({ scope, params: { number } }) => {
  const entry = await queries.findConsent(getPool(), scope, number);
  if (entry) return reply(200, composeConsent(entry));
  const message = `No consent of +${number} is in force.`;
  return new ApiRefusal({ code: 'refused', reason: 'no-consent', message });
});

export const withdraw = serve(
  operations.withdrawConsent,
  async ({ scope, params: { number }, body: { reason, withdrawnAt = new Date() } }) => {
    const outcome = await withdrawConsent(getPool(), scope, number, { withdrawnAt, reason });
    if (outcome.ok) {
      const givenAt = outcome.givenAt.toISOString();
      return reply(200, { number: `+${number}`, givenAt, withdrawnAt: withdrawnAt.toISOString(), reason });
    }
    return new ApiRefusal({
      code: 'refused',
      reason: outcome.reason === 'no-consent' ? 'no-consent' : 'consent-given-later',
      message: withdrawLabels[outcome.reason],
    });
  },
);

function composeConsent({ msisdn, givenAt, source, wording, url, file, createdAt }: ConsentEntry) {
  return {
    number: `+${msisdn}`,
    givenAt: givenAt.toISOString(),
    source: lower(source),
    wording,
    url,
    file: file && { name: file.name, sha256: file.hash },
    recordedAt: createdAt.toISOString(),
  };
}
