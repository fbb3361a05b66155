import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { prismaOn } from '@/lib/db/prisma';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement } from '@/lib/db/statement';
import type { ApiKeyRow, ApiScope } from './schema';

const listKeys = statement({
  name: 'list-api-keys',
  values: { accountId: 'int4' },
  columns: {
    ...columnsOf(
      'ApiKey',
      'id',
      'name',
      'networks',
      'secretEnd',
      'generation',
      'previousUntil',
      'createdAt',
      'secretCreatedAt',
      'expiresAt',
      'lastUsedAt',
      'revokedAt',
      'senderNumber',
    ),
    // node-postgres reads no arrays of enums: as they are, they would come as one text
    scopes: typed<ApiScope[]>('text[]'),
    createdBy: 'User.name?',
  },
  sql: ($) => `
    select api_key.id, api_key.name, scopes::text[] as scopes, networks, secret_end as "secretEnd", generation,
      previous_until as "previousUntil", api_key.created_at as "createdAt", secret_created_at as "secretCreatedAt",
      expires_at as "expiresAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt", sender_number as "senderNumber",
      portal_user.name as "createdBy"
    from api_key left join portal_user on portal_user.id = api_key.created_by
    where api_key.account_id = ${$.accountId}
    order by revoked_at is not null, api_key.created_at desc, api_key.id desc`,
});

/** The keys of the account: those that work first, then those that were revoked. */
export async function listApiKeys(pool: Pool, scope: AccountReadScope, now: Date): Promise<ApiKeyRow[]> {
  const rows = await listKeys.all(pool, { accountId: scope.accountId });
  return rows.map(({ secretEnd, ...row }) => {
    const isExpired = row.expiresAt !== null && row.expiresAt <= now;
    const isPreviousGone = row.previousUntil === null || row.previousUntil <= now;
    return {
      ...toPlain(row),
      previousUntil: isPreviousGone ? null : toPlain(row.previousUntil),
      hint: `cz_${scope.accountId}_…${secretEnd}`,
      state: row.revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'active',
    };
  });
}

/** The numbers that are the account's own, and that a key may so be bound to. */
export async function listOwnSenders(pool: Pool, { accountId }: AccountReadScope): Promise<string[]> {
  const found = await prismaOn(pool).senderNumber.findMany({
    where: { accountId, enabled: true },
    select: { number: true },
    orderBy: { number: 'asc' },
  });
  return found.map(({ number }) => number);
}
