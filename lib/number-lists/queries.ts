import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { liesApart } from '@/lib/db/apart';
import { toPlain } from '@/lib/db/plain';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileColumn, FileQuery } from '@/lib/lists/file-query';
import { readHonouredAccounts } from '@/lib/opt-outs/family-queries';
import { hasRegistryEntrySql } from '@/lib/opt-outs/gate';
import { problemLabels } from './labels';
import type { ListFile, NumberListRow, ProblemLine } from './schema';

const listColumns = columnsOf(
  'NumberList',
  ...(['id', 'purpose', 'state', 'name', 'lines', 'numbers', 'invalid', 'duplicates'] as const),
  ...(['added', 'alreadyThere', 'blocked', 'reason', 'createdAt', 'finishedAt'] as const),
);
const rowColumns = { ...listColumns, createdBy: 'User.name?' } as const;
const rowsSql = `select ${selectSql(listColumns, 'list')}, portal_user.name as "createdBy"
  from number_list as list left join portal_user on portal_user.id = list.created_by`;

const findList = statement({
  name: 'read-number-list',
  values: { accountId: 'int4', id: 'int8' },
  columns: rowColumns,
  sql: ($) => `${rowsSql} where list.account_id = ${$.accountId} and list.id = ${$.id}`,
});

/** One of the account's lists; null when it has none of that id. */
export async function readNumberList(
  pool: Pool,
  scope: AccountReadScope,
  id: string,
): Promise<NumberListRow | null> {
  const list = await findList.one(pool, { accountId: scope.accountId, id });
  return list ? toPlain(list) : null;
}

const latest = 50;

const findLatest = statement({
  name: 'list-number-lists',
  values: { accountId: 'int4' },
  columns: rowColumns,
  sql: ($) => `
    ${rowsSql} where list.account_id = ${$.accountId}
    order by list.created_at desc, list.id desc limit ${latest}`,
});

/** The latest of the account's lists, newest first. */
export async function listNumberLists(pool: Pool, scope: AccountReadScope): Promise<NumberListRow[]> {
  return toPlain(await findLatest.all(pool, { accountId: scope.accountId }));
}

const findProblems = statement({
  name: 'list-problem-lines',
  values: { accountId: 'int4', id: 'int8', limit: 'int8' },
  columns: { line: 'int4', input: 'text', problem: typed<ProblemLine['problem']>('text') },
  planEachTime: true,
  sql: ($) => `
    select line, input, problem from number_list_line
    where account_id = ${$.accountId} and list_id = ${$.id} and problem is not null
    order by first_position, position limit ${$.limit}`,
});

/**
 * The first numbers and lines of a list that could not be used. Lists with few of them are read to their end:
 * a million rows, a second.
 */
export async function listProblemLines(
  pool: Pool,
  scope: AccountReadScope,
  id: string,
  limit: number,
): Promise<ProblemLine[]> {
  return findProblems.all(pool, { accountId: scope.accountId, id, limit });
}

/** The other accounts whose opt-outs count for the numbers of a list, and whether those lie elsewhere. */
interface OtherAccounts {
  ids: readonly number[];
  lieApart: boolean;
}

/** Whose opt-outs beside its own count for what an account's lists say now; null: nobody's. */
export async function readOtherAccounts(pool: Pool, scope: AccountReadScope): Promise<OtherAccounts | null> {
  const ids = await readHonouredAccounts(pool, scope);
  return ids && { ids, lieApart: await liesApart(pool) };
}

/**
 * Whether a message to a line's number would be blocked, as SQL, and what the lines are joined with for it.
 * The numbers of a list are looked up one by one, which a cluster does not do for opt-outs that lie elsewhere
 * than the lines: there they are gathered first, all that the family has.
 */
function blockedSql(accountId: number, others: OtherAccounts | null): { condition: string; join: string } {
  const all = others && `any ('{${[accountId, ...others.ids].join(',')}}'::int[])`;
  if (others?.lieApart) {
    return {
      condition: 'gathered.msisdn is not null',
      join: `left join (select distinct msisdn from opt_out where account_id = ${all}) as gathered
        on gathered.msisdn = line.msisdn`,
    };
  }
  return {
    condition: `exists (select from opt_out where opt_out.account_id = ${all ?? 'line.account_id'} and opt_out.msisdn = line.msisdn)`,
    join: '',
  };
}

/** What became of a line, in words. */
function outcomeSql(purpose: NumberListRow['purpose'], blocked: string): string {
  const problem = `when line.problem = 'duplicate' then 'Duplicate' when line.problem is not null then 'Invalid'`;
  if (purpose === 'CONSENT') {
    return `case ${problem} when line.outcome = 'ADDED' then 'Recorded' when line.outcome = 'ALREADY_THERE' then 'Already there'
      when line.outcome = 'REFUSED' then 'Opted out or withdrawn since' else 'Not recorded' end`;
  }
  return purpose === 'IMPORT'
    ? `case ${problem} when line.outcome = 'ADDED' then 'Added' when line.outcome = 'ALREADY_THERE' then 'Already there'
         else 'Not imported' end`
    : `case ${problem} when ${blocked} then 'Blocked' else 'Clear' end`;
}

/** What keeps marketing, and nothing else, from a line's number, in words. */
function registrySql(accountId: number): string {
  return `case when line.problem is null and ${hasRegistryEntrySql('line.msisdn', String(accountId))}
    then 'On the national registry' end`;
}

/**
 * The query of a file of a list; what is blocked is looked up now, not when the list was checked.
 *
 * @param others whose opt-outs count beside the account's own
 */
export function composeListFile(
  { accountId }: AccountReadScope,
  { id, purpose }: Pick<NumberListRow, 'id' | 'purpose'>,
  file: ListFile,
  timeZone: string,
  others: OtherAccounts | null,
): FileQuery {
  const { condition: blocked, join } = blockedSql(accountId, others);
  const listed = hasRegistryEntrySql('line.msisdn', String(accountId));
  const number: FileColumn = { id: 'number', label: 'Number', type: 'number', sql: 'line.msisdn' };
  const report: FileColumn[] = [
    { id: 'line', label: 'Line', type: 'integer', sql: 'line.line' },
    { id: 'given', label: 'As given', type: 'given-number', sql: 'line.input' },
    number,
    { id: 'result', label: 'Result', type: 'words', sql: outcomeSql(purpose, blocked) },
    { id: 'reason', label: 'Reason', type: 'words', sql: labelSql('line.problem', problemLabels) },
    // last, so that whoever reads the file by position finds what was there before
    ...(purpose === 'CHECK'
      ? [{ id: 'marketing', label: 'Marketing', type: 'words' as const, sql: registrySql(accountId) }]
      : []),
  ];
  const conditions: Record<ListFile, string> = {
    report: '',
    clean: `and line.problem is null and not (${blocked})`,
    marketing: `and line.problem is null and not (${blocked}) and ${listed} is null`,
    blocked: `and line.problem is null and ${blocked}`,
  };
  return {
    columns: file === 'report' ? report : [number],
    source: `from number_list_line as line ${join} where line.account_id = $1 and line.list_id = $2::bigint ${conditions[file]}
     order by line.first_position, line.position`,
    values: [accountId, id],
    timeZone,
  };
}
