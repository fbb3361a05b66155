import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import { toPlain } from '@/lib/db/plain';
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
