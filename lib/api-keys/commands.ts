import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import type { Refusal } from '@/lib/auth/schema';
import { lockAccount } from '@/lib/auth/lock-account';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { maxKeys, type ApiScope } from './schema';
import { hashSecret, makeSecret, readSecretEnd } from './secret';

/** A key that was made or has a new secret. The secret is shown now and never again. */
export type SecretAnswer = { ok: true; id: number; name: string; secret: string } | Refusal;

/** A list of an enum's values comes back by a cast, which a cluster refuses of what it writes. */
const onlyId = { id: true } as const;

export interface NewKey {
  /** Drawn by the form: the same again is no second key. */
  handle: string;
  name: string;
  scopes: readonly ApiScope[];
  networks: readonly string[];
  expiresAt: Date | null;
  /** One of the account's own, from which all that it sends leaves; null: chosen for each recipient. */
  senderNumber?: string | null;
}

/**
 * Makes a key. Asked again with the same handle, the answer to the first was lost, and its secret with it: as
 * long as that secret was never used, the key gets another, and whatever is chosen for it now.
 */
export async function makeApiKey(
  pool: Pool,
  scope: AccountScope,
  { handle, name, scopes, networks, expiresAt, senderNumber = null }: NewKey,
  now: Date,
): Promise<SecretAnswer> {
  if (expiresAt !== null && expiresAt <= now) {
    return refuse('Choose a later time, or let the key never expire.');
  }
  return withTransaction(pool, async (client): Promise<SecretAnswer> => {
    const { accountId } = scope;
    await lockAccount(client, accountId);
    if (!(await isOwnSender(client, accountId, senderNumber))) return refuseSender;
    const keys = prismaOn(client).apiKey;
    const secret = makeSecret(accountId);
    const kept = {
      ...{ name, scopes: [...scopes], networks: [...networks], expiresAt, senderNumber },
      ...{ secretHash: hashSecret(secret), secretEnd: readSecretEnd(secret), secretCreatedAt: now },
    };
    const made = async (id: number): Promise<SecretAnswer> => {
      await recordActOf(client, scope, 'api-key.make', { keyId: id, scopes, networks }, now);
      return { ok: true, id, name, secret };
    };
    const earlier = await keys.findUnique({ where: { accountId_handle: { accountId, handle } } });
    if (earlier) {
      if (earlier.isProven || earlier.generation > 1 || earlier.revokedAt) {
        return refuse('This key was made already, and its secret has been used. Give it a new one instead.');
      }
      await keys.update({
        where: { accountId_id: { accountId, id: earlier.id } },
        data: kept,
        select: onlyId,
      });
      return made(earlier.id);
    }
    if ((await keys.count({ where: { accountId, revokedAt: null } })) >= maxKeys) {
      return refuse(`An account has at most ${maxKeys} keys. Revoke one that is no longer used.`);
    }
    const { id } = await keys.create({
      data: { accountId, handle, ...kept, createdBy: scope.userId, createdAt: now },
      select: onlyId,
    });
    return made(id);
  });
}

/** Whether a key may send from a number: one of the account's own; null: from whichever suits. */
async function isOwnSender(
  client: PoolClient,
  accountId: number,
  senderNumber: string | null,
): Promise<boolean> {
  if (senderNumber === null) return true;
  const own = { number: senderNumber, accountId, enabled: true };
  return (await prismaOn(client).senderNumber.count({ where: own })) === 1;
}

const noSender = 'This is no number of the account any more. Reload the page, and choose another.';
const refuseSender = { ok: false, message: noSender, fields: { senderNumber: noSender } } as const;

/** Chooses the number that a key's messages leave from; null: chosen for each recipient. */
export async function chooseKeySender(
  pool: Pool,
  scope: AccountScope,
  { id, senderNumber }: { id: number; senderNumber: string | null },
  now: Date,
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
    const { accountId } = scope;
    if (!(await isOwnSender(client, accountId, senderNumber))) return refuseSender;
    const { count } = await prismaOn(client).apiKey.updateMany({
      where: { accountId, id, revokedAt: null },
      data: { senderNumber },
    });
    if (count === 0) return refuse('There is no such key any more. Reload the page.');
    await recordActOf(client, scope, 'api-key.sender', { keyId: id, senderNumber }, now);
    return { ok: true };
  });
}

const rotate = statement({
  name: 'rotate-api-key',
  values: {
    accountId: 'int4',
    id: 'int4',
    seen: 'int4',
    secretHash: 'text',
    secretEnd: 'text',
    until: 'timestamptz',
    now: 'timestamptz',
  },
  columns: columnsOf('ApiKey', 'name'),
  sql: ($) => `
    update api_key set
      -- asked again, since the answer was lost: what works beside the new secret is still the one that programs have
      previous_hash = case when generation = ${$.seen} then secret_hash else previous_hash end,
      previous_until = ${$.until},
      generation = ${$.seen} + 1, secret_hash = ${$.secretHash}, secret_end = ${$.secretEnd},
      secret_created_at = ${$.now}, is_proven = false
    where account_id = ${$.accountId} and id = ${$.id} and revoked_at is null
      and (generation = ${$.seen} or generation = ${$.seen} + 1 and not is_proven)
    returning name`,
});

/**
 * Gives a key a new secret; the old one works on for so many hours, so that programs are changed one after
 * the other.
 *
 * @param seen the key's generation on the page: two people who rotate at the same time do it once
 */
export async function rotateApiKey(
  pool: Pool,
  scope: AccountScope,
  { id, seen, overlapHours }: { id: number; seen: number; overlapHours: number },
  now: Date,
): Promise<SecretAnswer> {
  return withTransaction(pool, async (client): Promise<SecretAnswer> => {
    const secret = makeSecret(scope.accountId);
    const rotated = await rotate.one(client, {
      accountId: scope.accountId,
      id,
      seen,
      secretHash: hashSecret(secret),
      secretEnd: readSecretEnd(secret),
      until: new Date(now.getTime() + overlapHours * 3_600_000),
      now,
    });
    if (!rotated) {
      return refuse('This key was changed or revoked meanwhile. Reload the page to see how it is now.');
    }
    await recordActOf(client, scope, 'api-key.rotate', { keyId: id, overlapHours }, now);
    return { ok: true, id, name: rotated.name, secret };
  });
}

/** Revokes a key: the next request with it is refused, one that is under way ends as it began. */
export async function revokeApiKey(
  pool: Pool,
  scope: AccountScope,
  { id }: { id: number },
  now: Date,
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
    const keys = prismaOn(client).apiKey;
    const key = { accountId: scope.accountId, id };
    const { count } = await keys.updateMany({ where: { ...key, revokedAt: null }, data: { revokedAt: now } });
    if (count === 1) await recordActOf(client, scope, 'api-key.revoke', { keyId: id }, now);
    // Revoked before, by a click whose answer was lost: that is what was wanted.
    else if ((await keys.count({ where: key })) === 0)
      return refuse('There is no such key. Reload the page.');
    return { ok: true };
  });
}

function refuse(message: string): Refusal {
  return { ok: false, message };
}
