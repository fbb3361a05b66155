import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { statement, type Places } from '@/lib/db/statement';
import type { FileQuery } from '@/lib/lists/file-query';
import { readDescribedColumns, type FileFacts } from './described-file';
import { importColumns, importsSql } from './import-sql';
import { shownImports, type AnswerDifference, type RegistryImportRow } from './schema';

const listOwn = statement({
  name: 'list-answers-of-account',
  values: { accountId: 'int4', limit: 'int8' },
  columns: importColumns,
  sql: ($) =>
    importsSql(`where marketer_id = ${$.accountId} order by registry_import.id desc limit ${$.limit}`),
});

const findOwn = statement({
  name: 'find-answer-of-account',
  values: { accountId: 'int4', id: 'int8' },
  columns: importColumns,
  sql: ($: Places<{ accountId: 'int4'; id: 'int8' }>) =>
    importsSql(`where marketer_id = ${$.accountId} and registry_import.id = ${$.id}`),
});

/** The answers for this account, whoever handed them in, the latest first; as many as a page shows. */
export async function listOwnAnswers(
  pool: Pool,
  { accountId }: AccountReadScope,
): Promise<RegistryImportRow[]> {
  return toPlain(await listOwn.all(pool, { accountId, limit: shownImports }));
}

/** One of them; null when the account has none with this id. */
export async function findOwnAnswer(
  pool: Pool,
  { accountId }: AccountReadScope,
  id: string,
): Promise<RegistryImportRow | null> {
  const row = await findOwn.one(pool, { accountId, id });
  return row ? toPlain(row) : null;
}

/**
 * SQL of who came with an answer and who left, as rows of msisdn and came. Of one that is in force it is what
 * the entries say; of one that is not yet, its numbers are compared.
 *
 * @param accountId SQL of whose it is
 * @param id SQL of the answer
 */
function differencesSql(accountId: string, id: string, state: RegistryImportRow['state']): string {
  const brought = `select msisdn, true as came from registry_entry where marketer_id = ${accountId} and import_id = ${id}`;
  switch (state) {
    case 'WAITING':
    case 'QUEUED':
    case 'RUNNING':
      return `with line as materialized (
          select unnest(msisdns) as msisdn from registry_block where import_id = ${id}
        )
        ${brought}
        union all
        select msisdn, true from line
        where not exists (select from registry_entry where registry_entry.msisdn = line.msisdn and marketer_id = ${accountId})
        union all
        select msisdn, false from registry_entry
        where marketer_id = ${accountId} and import_id <> ${id}
          and not exists (select from line where line.msisdn = registry_entry.msisdn)`;
    case 'DONE':
    case 'DISCARDED':
    case 'FAILED':
      return `${brought}
        union all
        select msisdn, true from registry_lift where marketer_id = ${accountId} and import_id = ${id}
        union all
        select msisdn, false from registry_lift where marketer_id = ${accountId} and lifted_import_id = ${id}`;
  }
}

const firstDifferences = (name: string, state: RegistryImportRow['state']) =>
  statement({
    name,
    values: { accountId: 'int4', id: 'int8', limit: 'int8' },
    columns: { msisdn: 'text', came: 'bool' },
    planEachTime: true,
    sql: ($) => `
      select msisdn, came from (
        select *, row_number() over (partition by came order by msisdn) as place
        from (${differencesSql($.accountId, $.id, state)}) as difference
      ) as numbered
      where place <= ${$.limit} order by came desc, msisdn`,
  });

const listWaiting = firstDifferences('list-differences-of-waiting-answer', 'WAITING');
const listDone = firstDifferences('list-differences-of-answer', 'DONE');

/** The first who came with an answer of the account and the first who left, at most `limit` of each. */
export function listDifferences(
  pool: Pool,
  { accountId }: AccountReadScope,
  { id, state }: Pick<RegistryImportRow, 'id' | 'state'>,
  limit: number,
): Promise<AnswerDifference[]> {
  const list = ['WAITING', 'QUEUED', 'RUNNING'].includes(state) ? listWaiting : listDone;
  return list.all(pool, { accountId, id, limit });
}

/** The query of a file of all of them. */
export function composeDifferencesFile(
  { accountId }: AccountReadScope,
  { id, state }: Pick<RegistryImportRow, 'id' | 'state'>,
  timeZone: string,
): FileQuery {
  return {
    columns: [
      { id: 'number', label: 'Number', type: 'number', sql: 'difference.msisdn' },
      {
        id: 'change',
        label: 'Change',
        type: 'words',
        sql: `case when difference.came then 'Came' else 'Left' end`,
      },
    ],
    source: `from (${differencesSql('$1', '$2::bigint', state)}) as difference order by came desc, msisdn`,
    values: [accountId, id],
    timeZone,
  };
}

/**
 * The query of a file of all that the account has to cleanse: whom it sent marketing in the last year, or a
 * message of which nobody said what it was for; who is on the registry for it already, so that an answer to
 * this file says of them whether they still are; and the numbers of checked lists that were chosen.
 *
 * @param listIds of lists of the account
 * @param description of columns of one's own; one of numbers with the country code unless given. Throws an
 *   `AppError` when it cannot be read
 */
export function composeCleansingFile(
  { accountId }: AccountReadScope,
  listIds: readonly string[],
  timeZone: string,
  description?: { columns: string; facts: FileFacts; hasHeadings: boolean },
): FileQuery {
  const own = description && readDescribedColumns(description.columns, description.facts, 3);
  return {
    columns: own?.columns ?? [{ id: 'number', label: 'Number', type: 'number', sql: 'recipient.msisdn' }],
    ...(description && { described: { hasHeadings: description.hasHeadings } }),
    source: `from (
        select msisdn from message
        where account_id = $1 and created_at > now() - interval '1 year' and kind = 'NORMAL'
          and purpose is distinct from 'SERVICE'
        union
        select msisdn from registry_entry where marketer_id = $1
        union
        select msisdn from number_list_line
        where account_id = $1 and list_id = any ($2::bigint[]) and problem is null
      ) as recipient
      where msisdn <> '' order by msisdn`,
    values: [accountId, `{${listIds.join(',')}}`, ...(own?.values ?? [])],
    timeZone,
  };
}
