import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { joinTransaction } from '@/lib/db/client';
import { typed } from '@/lib/db/sql-types';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { readRecordPlaces, recordConsentsSql, recordTypes } from './record-sql';
import type { ConsentDetails, RecordOutcome } from './schema';

const record = statement({
  name: 'record-consents',
  values: { ...recordTypes, msisdns: 'text[]' },
  columns: { msisdn: 'text', outcome: typed<RecordOutcome>('text') },
  sql: ($) => `
    with given_number as materialized (
      select distinct msisdn collate "C" as msisdn from unnest(${$.msisdns}::text[]) as input (msisdn)
    ), ${recordConsentsSql('given_number', readRecordPlaces($))}
    select msisdn, case when msisdn in (select msisdn from recorded) then 'recorded'
      when msisdn in (select msisdn from ended) then 'opted-out-since' else 'already-there' end as outcome
    from given_number`,
});

/**
 * Writes down that numbers have consented to direct marketing of the account, all of them in one way. One
 * statement. Asked again with the same, it changes nothing. A block that is in force stays so: consent never
 * lifts one.
 *
 * @returns what became of each number
 */
export async function recordConsents(
  connection: Pool | PoolClient,
  scope: AccountScope,
  msisdns: readonly string[],
  { givenAt, source, wording, url, file }: ConsentDetails,
): Promise<Map<string, RecordOutcome>> {
  const { accountId, userId, actor } = scope;
  const rows = await joinTransaction(connection, async (client) => {
    const given = {
      givenAt,
      source,
      wording,
      url,
      fileName: file?.name ?? null,
      fileHash: file?.hash ?? null,
    };
    const found = await record.all(client, { accountId, userId, actor, msisdns, ...given });
    if (found.some(({ outcome }) => outcome === 'recorded')) {
      await tellAccounts(client, [accountId], ['opt-outs']);
    }
    return found;
  });
  return new Map(rows.map(({ msisdn, outcome }) => [msisdn, outcome]));
}
