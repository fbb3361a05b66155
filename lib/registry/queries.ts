import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import { toPlain } from '@/lib/db/plain';
import { hasRegistryEntrySql } from '@/lib/opt-outs/gate';
import type { RegistryRecord } from './schema';

const recordColumns = {
  marketerId: 'RegistryEntry.marketerId',
  source: 'text',
  answeredOn: 'text',
  listedAt: 'timestamptz',
  liftedAt: 'timestamptz?',
} as const;

/** @param isWanted SQL of whose entries, by `marketer_id` */
const recordsSql = (msisdn: string, isWanted: string) => `
  select entry.marketer_id as "marketerId", coalesce(answer.source, '') as source,
    coalesce(answer.answered_on, entry.listed_at::date)::text as "answeredOn", listed_at as "listedAt", lifted_at as "liftedAt"
  from (
    select marketer_id, import_id, listed_at, null::timestamptz as lifted_at from registry_entry
    where msisdn = ${msisdn} and ${isWanted}
    union all
    select marketer_id, import_id, listed_at, lifted_at from registry_lift where msisdn = ${msisdn} and ${isWanted}
  ) as entry
  left join registry_import as answer on answer.id = entry.import_id
  order by listed_at desc, entry.marketer_id`;

const ofAccount = statement({
  name: 'read-registry-of-account',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: recordColumns,
  sql: ($) => recordsSql($.msisdn, `marketer_id in (0, ${$.accountId})`),
});

const ofAll = statement({
  name: 'read-registry-of-number',
  values: { msisdn: 'text' },
  columns: recordColumns,
  sql: ($) => recordsSql($.msisdn, 'true'),
});

/**
 * What the national registry says, and has said, of a number to this account: entries for the whole industry
 * and for itself, the latest first. Those for other accounts are none of its business.
 */
export async function readRegistryRecords(
  db: Pool | PoolClient,
  { accountId }: AccountReadScope,
  msisdn: string,
): Promise<RegistryRecord[]> {
  return toPlain(await ofAccount.all(db, { accountId, msisdn }));
}

/** The same for staff: to whomever. */
export async function readAllRegistryRecords(pool: Pool, msisdn: string): Promise<RegistryRecord[]> {
  return toPlain(await ofAll.all(pool, { msisdn }));
}

const findListed = statement({
  name: 'check-registry',
  values: { accountId: 'int4', msisdns: 'text[]' },
  columns: { msisdn: 'text' },
  planEachTime: true,
  sql: ($) => `
    select msisdn from unnest(${$.msisdns}::text[]) as given (msisdn)
    where ${hasRegistryEntrySql('given.msisdn', $.accountId)}`,
});

/** Which of these numbers are on the registry, for the whole industry or for this account. */
export async function findOnRegistry(
  pool: Pool,
  { accountId }: AccountReadScope,
  msisdns: readonly string[],
): Promise<Set<string>> {
  const rows = await findListed.all(pool, { accountId, msisdns });
  return new Set(rows.map(({ msisdn }) => msisdn));
}
