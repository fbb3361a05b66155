import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { joinTransaction } from '@/lib/db/client';
import { idsAreNew } from '@/lib/db/one-server';
import { typed } from '@/lib/db/sql-types';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { readRecordPlaces, recordConsentsSql, recordTypes } from './record-sql';
import type { ConsentDetails, RecordOutcome, Withdrawal, WithdrawOutcome } from './schema';

const record = statement({
  name: 'record-consents',
  values: { ...recordTypes, msisdns: 'text[]' },
  columns: { msisdn: 'text', outcome: typed<RecordOutcome>('text') },
  sql: ($) => `
    with given_number as materialized (
      select distinct msisdn collate "C" as msisdn from unnest(${$.msisdns}::text[]) as input (msisdn)
    ), ${recordConsentsSql('given_number', readRecordPlaces($))}
    select msisdn, case when msisdn in (select msisdn from recorded) then 'recorded'
      else coalesce((select why from ended where ended.msisdn = given_number.msisdn), 'already-there') end as outcome
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

const withdraw = statement({
  name: 'withdraw-consent',
  values: { accountId: 'int4', actor: 'text', msisdn: 'text', withdrawnAt: 'timestamptz', reason: 'text' },
  columns: { givenAt: 'timestamptz', isWithdrawn: 'bool', isNew: 'bool' },
  sql: ($) => `
    with later as materialized (
      -- what the statement writes, it reads first: a cluster would find what it has written
      select given_at from consent
      where account_id = ${$.accountId} and msisdn = ${$.msisdn} and given_at > ${$.withdrawnAt}::timestamptz
    ), repeated as materialized (
      -- asked again by somebody whose answer was lost: it is the last that became of the number
      select (evidence ->> 'givenAt')::timestamptz as given_at from consent_event
      where account_id = ${$.accountId} and msisdn = ${$.msisdn} and kind = 'WITHDRAWN' and actor = ${$.actor}
        and evidence ->> 'reason' = ${$.reason}::text
        and not exists (select 1 from consent where account_id = ${$.accountId} and msisdn = ${$.msisdn})
        and id = (select max(id) from consent_event where account_id = ${$.accountId} and msisdn = ${$.msisdn})
    ), gone as (
      delete from consent
      where account_id = ${$.accountId} and msisdn = ${$.msisdn} and given_at <= ${$.withdrawnAt}::timestamptz
      returning msisdn, id, given_at
    ), withdrawal as (
      insert into consent_event (account_id, msisdn, consent_id, kind, actor, evidence)
      select ${$.accountId}, msisdn, id, 'WITHDRAWN', ${$.actor}, jsonb_build_object('givenAt', given_at,
        'withdrawnAt', ${$.withdrawnAt}::timestamptz, 'reason', ${$.reason}::text)
      from gone ${idsAreNew}
    )
    select given_at as "givenAt", true as "isWithdrawn", true as "isNew" from gone
    union all
    select given_at, false, false from later
    union all
    select given_at, true, false from repeated`,
});

/**
 * Writes down that somebody has taken their consent back. From then on it stands at neither door of the gate,
 * and no consent counts that was given before the withdrawal, whoever hands it in again. Asked again with the
 * same reason it changes nothing.
 *
 * @returns what was withdrawn, or why nothing was: there is none in force, or it was given later
 */
export async function withdrawConsent(
  connection: Pool | PoolClient,
  { accountId, actor }: AccountScope,
  msisdn: string,
  { withdrawnAt, reason }: Withdrawal,
): Promise<WithdrawOutcome> {
  return joinTransaction(connection, async (client) => {
    const row = await withdraw.one(client, { accountId, actor, msisdn, withdrawnAt, reason });
    if (!row) return { ok: false, reason: 'no-consent' };
    if (!row.isWithdrawn) return { ok: false, reason: 'given-later' };
    const { givenAt, isNew } = row;
    if (isNew) await tellAccounts(client, [accountId], ['opt-outs']);
    return { ok: true, givenAt, isNew };
  });
}
