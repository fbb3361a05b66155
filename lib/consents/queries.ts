import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, selectSql, statement, type RowOf } from '@/lib/db/statement';
import type { FileQuery } from '@/lib/lists/file-query';
import { labelSql } from '@/lib/lists/label-sql';
import { sourceLabels } from './labels';
import type { ConsentRecord, ConsentSource } from './schema';

const findStory = statement({
  name: 'read-consents-of-number',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: {
    id: 'int8',
    givenAt: 'timestamptz',
    source: 'ConsentSource',
    wording: 'text',
    url: 'text?',
    fileName: 'text?',
    fileHash: 'text?',
    recordedAt: 'timestamptz',
    recordedBy: 'text',
    withdrawnAt: 'timestamptz?',
    withdrawalAt: 'timestamptz?',
    withdrawalReason: 'text?',
    withdrawalBy: 'text',
    isInForce: 'bool',
    overrides: 'int4',
  },
  sql: ($) => `
    with event as materialized (
      select * from consent_event where account_id = ${$.accountId} and msisdn = ${$.msisdn}
    )
    select given.consent_id as id, (given.evidence ->> 'givenAt')::timestamptz as "givenAt",
      (given.evidence ->> 'source')::consent_source as source, given.evidence ->> 'wording' as wording,
      given.evidence ->> 'url' as url, given.evidence ->> 'fileName' as "fileName", given.evidence ->> 'fileHash' as "fileHash",
      given.created_at as "recordedAt",
      ${whoSql('given', $.accountId)} as "recordedBy", ended.created_at as "withdrawnAt",
      (ended.evidence ->> 'withdrawnAt')::timestamptz as "withdrawalAt", ended.evidence ->> 'reason' as "withdrawalReason",
      ${whoSql('ended', $.accountId)} as "withdrawalBy",
      exists (select from consent where consent.account_id = ${$.accountId} and consent.msisdn = ${$.msisdn}
        and consent.id = given.consent_id) as "isInForce",
      (select count(*)::int from event as passed
       where passed.kind = 'OVERRODE' and passed.consent_id = given.consent_id) as overrides
    from event as given
    left join lateral (
      select * from event as ending
      where ending.kind = 'WITHDRAWN' and ending.consent_id = given.consent_id order by ending.id limit 1
    ) as ended on true
    where given.kind = 'GIVEN'
    order by given.id desc`,
});

/** SQL of who wrote an event down, in words. */
function whoSql(event: string, accountId: string): string {
  return `case when ${event}.actor like 'user:%' then coalesce(
          (select name from portal_user join membership on membership.account_id = ${accountId} and membership.user_id = portal_user.id
           where portal_user.id::text = substr(${event}.actor, 6)), 'a former user')
        else 'one of your systems' end`;
}

/** What a number has consented to with this account, and what became of it; the latest first. */
export async function readConsentRecords(
  db: Pool | PoolClient,
  { accountId }: AccountReadScope,
  msisdn: string,
): Promise<ConsentRecord[]> {
  const rows = toPlain(await findStory.all(db, { accountId, msisdn }));
  return rows.map(({ fileName, fileHash, withdrawalAt, withdrawalReason, withdrawalBy, ...record }) => ({
    ...record,
    file: toFile(fileName, fileHash),
    withdrawal:
      withdrawalAt === null
        ? null
        : { at: withdrawalAt, reason: withdrawalReason ?? '', recordedBy: withdrawalBy },
  }));
}

const findOverridden = statement({
  name: 'find-messages-let-through-by-consent',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: { messageId: 'int8', givenAt: 'timestamptz' },
  sql: ($) => `
    select message_id as "messageId", (evidence ->> 'givenAt')::timestamptz as "givenAt" from consent_event
    where account_id = ${$.accountId} and msisdn = ${$.msisdn} and kind = 'OVERRODE' and message_id is not null`,
});

/**
 * The messages to a number that left although it was on the registry, each with the moment of the consent
 * that let it through.
 */
export async function readOverriddenMessages(
  db: Pool | PoolClient,
  { accountId }: AccountReadScope,
  msisdn: string,
): Promise<Map<string, string>> {
  const rows = await findOverridden.all(db, { accountId, msisdn });
  return new Map(rows.map(({ messageId, givenAt }) => [messageId, givenAt.toISOString()]));
}

const entryColumns = columnsOf(
  'Consent',
  ...(['msisdn', 'id', 'givenAt', 'source', 'wording', 'url', 'fileName', 'fileHash', 'createdAt'] as const),
);

/** A consent in force. */
export interface ConsentEntry {
  msisdn: string;
  id: string;
  givenAt: Date;
  source: ConsentSource;
  wording: string;
  url: string | null;
  file: { name: string; hash: string } | null;
  /** When it was written down. */
  createdAt: Date;
}

const findOne = statement({
  name: 'find-consent',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: entryColumns,
  sql: ($) => `
    select ${selectSql(entryColumns)} from consent where account_id = ${$.accountId} and msisdn = ${$.msisdn}`,
});

/** The consent of a number that is in force; null when there is none. */
export async function findConsent(
  db: Pool | PoolClient,
  { accountId }: AccountReadScope,
  msisdn: string,
): Promise<ConsentEntry | null> {
  const row = await findOne.one(db, { accountId, msisdn });
  return row ? toEntry(row) : null;
}

/** A place in the list: `at` as PostgreSQL wrote it, since microseconds count and a Date has none. */
export interface ConsentPlace {
  at: string;
  id: string;
}

const findPage = statement({
  name: 'list-consents',
  values: { accountId: 'int4', beforeAt: 'text', beforeId: 'int8', limit: 'int8' },
  columns: { ...entryColumns, at: 'text' },
  planEachTime: true,
  sql: ($) => `
    select ${selectSql(entryColumns)}, created_at::text as at from consent
    where account_id = ${$.accountId} and (created_at, id) < (${$.beforeAt}::text::timestamptz, ${$.beforeId})
    order by created_at desc, id desc limit ${$.limit}`,
});

/** Later than any, for the first page. */
const first: ConsentPlace = { at: 'infinity', id: '0' };

/**
 * The account's consents in force, the one written down last first, a page at a time.
 *
 * @returns `next`: the place of the next page; null: this is the last
 */
export async function listConsents(
  pool: Pool,
  { accountId }: AccountReadScope,
  { after, limit }: { after: ConsentPlace | null; limit: number },
): Promise<{ entries: ConsentEntry[]; next: ConsentPlace | null }> {
  const { at, id } = after ?? first;
  const rows = await findPage.all(pool, {
    accountId,
    beforeAt: at,
    beforeId: id,
    limit: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    entries: shown.map(toEntry),
    next: rows.length > limit && last ? { at: last.at, id: last.id } : null,
  };
}

/** The file of an account's consents in force, in the order of {@link listConsents}. */
export function composeConsentsFile({ accountId }: AccountReadScope, timeZone: string): FileQuery {
  return {
    columns: [
      { id: 'number', label: 'Number', type: 'number', sql: 'consent.msisdn' },
      { id: 'given', label: 'Given', type: 'time', sql: 'consent.given_at' },
      { id: 'how', label: 'How', type: 'words', sql: labelSql('consent.source', sourceLabels) },
      { id: 'wording', label: 'Wording', type: 'text', sql: 'consent.wording' },
      { id: 'address', label: 'Address', type: 'text', sql: 'consent.url' },
      { id: 'file', label: 'File', type: 'text', sql: 'consent.file_name' },
      { id: 'hash', label: 'SHA-256 of the file', type: 'words', sql: 'consent.file_hash' },
      { id: 'recorded', label: 'Recorded', type: 'time', sql: 'consent.created_at' },
    ],
    source: 'from consent where consent.account_id = $1 order by consent.created_at desc, consent.id desc',
    values: [accountId],
    timeZone,
  };
}

function toEntry({ fileName, fileHash, ...row }: RowOf<typeof findOne>): ConsentEntry {
  return { ...row, file: toFile(fileName, fileHash) };
}

function toFile(name: string | null, hash: string | null): ConsentEntry['file'] {
  return name !== null && hash !== null ? { name, hash } : null;
}
