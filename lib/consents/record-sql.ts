import { idsAreNew } from '@/lib/db/one-server';
import { isWithdrawnSinceSql } from '@/lib/opt-outs/gate';

/** SQL of what is written down of a consent; of all rows alike, or of each. */
interface RecordSql {
  accountId: string;
  userId: string;
  actor: string;
  givenAt: string;
  source: string;
  wording: string;
  url: string;
  fileName: string;
  fileHash: string;
}

/** The columns of {@link RecordSql} as a statement of one consent for many numbers is given them. */
export const recordTypes = {
  accountId: 'int4',
  userId: 'int4?',
  actor: 'text',
  givenAt: 'timestamptz',
  source: 'ConsentSource',
  wording: 'text',
  url: 'text?',
  fileName: 'text?',
  fileHash: 'text?',
} as const;

/** SQL of the values of a statement with {@link recordTypes}. */
export function readRecordPlaces($: Record<keyof typeof recordTypes, string>): RecordSql {
  return {
    accountId: $.accountId,
    userId: $.userId,
    actor: $.actor,
    givenAt: `${$.givenAt}::timestamptz`,
    source: `${$.source}::consent_source`,
    wording: `${$.wording}::text`,
    url: `${$.url}::text`,
    fileName: `${$.fileName}::text`,
    fileHash: `${$.fileHash}::text`,
  };
}

/**
 * The only place that writes consents down: SQL of expressions of "with" that do it to a set of numbers,
 * with an event each. `recorded` has those that were; `ended`, with `why`, those that were not, since an
 * opt-out or a withdrawal came after their consent. One that was given later takes the place of one that is
 * there; one given earlier, or at the same moment, leaves it.
 *
 * @param from SQL of the rows, each number once, with msisdn and what `extra` reads
 * @param extra SQL of more fields of the event, such as the line of a list
 */
export function recordConsentsSql(from: string, sql: RecordSql, extra: Record<string, string> = {}): string {
  const evidence = Object.entries({
    givenAt: sql.givenAt,
    source: sql.source,
    wording: sql.wording,
    url: sql.url,
    fileName: sql.fileName,
    fileHash: sql.fileHash,
    ...extra,
  })
    .map(([name, value]) => `'${name}', ${value}`)
    .join(', ');
  return `ended as materialized (
      select msisdn, why from (
        -- with a limit each is one look at the index for a number, and never a join: an import has nested loops
        -- switched off
        select msisdn, case when (
            select true from opt_out_event
            where opt_out_event.account_id = ${sql.accountId} and opt_out_event.msisdn = given.msisdn
              and opt_out_event.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY') and opt_out_event.created_at >= ${sql.givenAt}
            limit 1) then 'opted-out-since'
          when ${isWithdrawnSinceSql('given', sql.givenAt, sql.accountId)} then 'withdrawn-since' end as why
        from ${from} as given
      ) as judged where why is not null
    ), recorded as (
      insert into consent (account_id, msisdn, given_at, source, wording, url, file_name, file_hash, created_by)
      select ${sql.accountId}, msisdn, ${sql.givenAt}, ${sql.source}, ${sql.wording}, ${sql.url}, ${sql.fileName},
        ${sql.fileHash}, ${sql.userId}
      from ${from} as given where msisdn not in (select msisdn from ended) order by msisdn
      on conflict (account_id, msisdn) do update
        set id = excluded.id, given_at = excluded.given_at, source = excluded.source, wording = excluded.wording,
          url = excluded.url, file_name = excluded.file_name, file_hash = excluded.file_hash,
          created_by = excluded.created_by, created_at = excluded.created_at
        where consent.given_at < excluded.given_at
      returning msisdn, id
    ), recorded_event as (
      insert into consent_event (account_id, msisdn, consent_id, kind, actor, evidence)
      select ${sql.accountId}, recorded.msisdn, recorded.id, 'GIVEN', ${sql.actor}, jsonb_strip_nulls(jsonb_build_object(${evidence}))
      from recorded join ${from} as given on given.msisdn = recorded.msisdn
      ${idsAreNew}
    )`;
}
