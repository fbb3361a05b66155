import type { Pool } from 'pg';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement } from '@/lib/db/statement';
import { isInNetworks } from './networks';
import type { ApiScope } from './schema';
import { hashSecret, readSecret } from './secret';

/** A key that was shown and is good. */
export interface FoundKey {
  accountId: number;
  keyId: number;
  timeZone: string;
  /** The only number that it may send from; null: whichever suits. */
  senderNumber: string | null;
}

/** Why a key does not let in. */
export type KeyFault =
  | { code: 'bad-key' }
  | { code: 'key-revoked' }
  | { code: 'key-expired' }
  | { code: 'account-suspended' }
  /** `address` is null when nobody can say where the request comes from. */
  | { code: 'wrong-address'; address: string | null }
  | { code: 'no-scope'; needed: ApiScope };

const usedEveryMs = 60_000;

const findKeySql = statement({
  name: 'find-api-key',
  values: { accountId: 'int4', hash: 'text' },
  columns: {
    ...columnsOf('ApiKey', 'id', 'networks', 'expiresAt', 'revokedAt', 'lastUsedAt', 'isProven'),
    ...columnsOf('ApiKey', 'previousUntil', 'senderNumber'),
    ...columnsOf('Account', 'status', 'timeZone'),
    scopes: typed<ApiScope[]>('text[]'),
    isCurrent: 'bool',
  },
  sql: ($) => `
    select api_key.id, scopes::text[] as scopes, networks, expires_at as "expiresAt", revoked_at as "revokedAt",
      last_used_at as "lastUsedAt", is_proven as "isProven", previous_until as "previousUntil",
      sender_number as "senderNumber",
      account.status, account.time_zone as "timeZone", secret_hash = ${$.hash} as "isCurrent"
    from api_key join account on account.id = api_key.account_id
    where api_key.account_id = ${$.accountId} and (secret_hash = ${$.hash} or previous_hash = ${$.hash})`,
});

const keepUsed = statement({
  name: 'keep-api-key-used',
  values: { accountId: 'int4', id: 'int4', isCurrent: 'bool', now: 'timestamptz', before: 'timestamptz' },
  sql: ($) => `
    update api_key set last_used_at = greatest(last_used_at, ${$.now}), is_proven = is_proven or ${$.isCurrent}
    where account_id = ${$.accountId} and id = ${$.id}
      and (last_used_at is null or last_used_at < ${$.before} or ${$.isCurrent} and not is_proven)`,
});

/**
 * Looks up what a program shows, in one statement: a revoked key, a suspended account or another list of
 * addresses counts at once. That a key was used is written once a minute at most.
 *
 * @param address where the request comes from; null when no trusted proxy says so
 */
export async function findApiKey(
  pool: Pool,
  secret: string,
  needed: ApiScope,
  address: string | null,
  now: Date,
): Promise<{ ok: true; key: FoundKey } | { ok: false; fault: KeyFault }> {
  const named = readSecret(secret);
  if (!named) return { ok: false, fault: { code: 'bad-key' } };
  const { accountId } = named;
  const found = await findKeySql.one(pool, { accountId, hash: hashSecret(secret) });
  if (!found || (!found.isCurrent && (found.previousUntil === null || found.previousUntil <= now))) {
    return { ok: false, fault: { code: 'bad-key' } };
  }
  const { id, scopes, networks, timeZone, senderNumber, lastUsedAt, isProven, isCurrent } = found;
  if (found.revokedAt !== null) return { ok: false, fault: { code: 'key-revoked' } };
  if (found.expiresAt !== null && found.expiresAt <= now)
    return { ok: false, fault: { code: 'key-expired' } };
  if (found.status !== 'ACTIVE') return { ok: false, fault: { code: 'account-suspended' } };
  if (networks.length > 0 && (address === null || !isInNetworks(address, networks))) {
    return { ok: false, fault: { code: 'wrong-address', address } };
  }
  if (!scopes.includes(needed)) return { ok: false, fault: { code: 'no-scope', needed } };
  const before = new Date(now.getTime() - usedEveryMs);
  if (lastUsedAt === null || lastUsedAt < before || (isCurrent && !isProven)) {
    await keepUsed.run(pool, { accountId, id, isCurrent, now, before });
  }
  return { ok: true, key: { accountId, keyId: id, timeZone, senderNumber } };
}
