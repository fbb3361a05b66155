import type { Pool } from 'pg';
import { z } from 'zod';
import type { AccountReadScope } from '@/lib/auth/scope';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileColumn, FileQuery } from '@/lib/lists/file-query';
import { problemLabels } from './labels';
import type { ListFile, NumberListRow, ProblemLine } from './schema';

const columns = `list.id, list.purpose, list.state, list.name, list.lines, list.numbers, list.invalid, list.duplicates, list.added,
  list.already_there as "alreadyThere", list.blocked, list.reason, portal_user.name as "createdBy",
  list.created_at as "createdAt", list.finished_at as "finishedAt"`;
const source = 'number_list as list left join portal_user on portal_user.id = list.created_by';

type StoredList = Omit<NumberListRow, 'createdAt' | 'finishedAt'> & {
  createdAt: Date;
  finishedAt: Date | null;
};

function toRow({ createdAt, finishedAt, ...rest }: StoredList): NumberListRow {
  return { ...rest, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null };
}

/** An id as the address has it, of which there are as many as people can type. */
export const listIdSchema = z.string().regex(/^[1-9]\d{0,17}$/);

/** One of the account's lists; null when it has none of that id. */
export async function readNumberList(
  pool: Pool,
  scope: AccountReadScope,
  id: string,
): Promise<NumberListRow | null> {
  const { rows } = await pool.query<StoredList>(
    `select ${columns} from ${source} where list.account_id = $1 and list.id = $2`,
    [scope.accountId, id],
  );
  return rows[0] ? toRow(rows[0]) : null;
}

const latest = 50;

/** The latest of the account's lists, newest first. */
export async function listNumberLists(pool: Pool, scope: AccountReadScope): Promise<NumberListRow[]> {
  const { rows } = await pool.query<StoredList>(
    `select ${columns} from ${source} where list.account_id = $1
     order by list.created_at desc, list.id desc limit ${latest}`,
    [scope.accountId],
  );
  return rows.map(toRow);
}

/** The first numbers and lines of a list that could not be used. Lists with few of them are read to their end: a million rows, a second. */
export async function listProblemLines(
  pool: Pool,
  scope: AccountReadScope,
  id: string,
  limit: number,
): Promise<ProblemLine[]> {
  const { rows } = await pool.query<ProblemLine>(
    `select line, input, problem from number_list_line
     where account_id = $1 and list_id = $2 and problem is not null order by first_position, position limit $3`,
    [scope.accountId, id, limit],
  );
  return rows;
}

const blocked = `exists (select from opt_out where opt_out.account_id = line.account_id and opt_out.msisdn = line.msisdn)`;

/** What became of a line, in words. */
function outcomeSql(purpose: NumberListRow['purpose']): string {
  const problem = `when line.problem = 'duplicate' then 'Duplicate' when line.problem is not null then 'Invalid'`;
  return purpose === 'IMPORT'
    ? `case ${problem} when line.outcome = 'ADDED' then 'Added' when line.outcome = 'ALREADY_THERE' then 'Already there'
         else 'Not imported' end`
    : `case ${problem} when ${blocked} then 'Blocked' else 'Clear' end`;
}

/** The query of a file of a list; what is blocked is looked up now, not when the list was checked. */
export function composeListFile(
  { accountId }: AccountReadScope,
  { id, purpose }: Pick<NumberListRow, 'id' | 'purpose'>,
  file: ListFile,
  timeZone: string,
): FileQuery {
  const number: FileColumn = { id: 'number', label: 'Number', type: 'number', sql: 'line.msisdn' };
  const report: FileColumn[] = [
    { id: 'line', label: 'Line', type: 'integer', sql: 'line.line' },
    { id: 'given', label: 'As given', type: 'given-number', sql: 'line.input' },
    number,
    { id: 'result', label: 'Result', type: 'words', sql: outcomeSql(purpose) },
    { id: 'reason', label: 'Reason', type: 'words', sql: labelSql('line.problem', problemLabels) },
  ];
  const conditions: Record<ListFile, string> = {
    report: '',
    clean: `and line.problem is null and not ${blocked}`,
    blocked: `and line.problem is null and ${blocked}`,
  };
  return {
    columns: file === 'report' ? report : [number],
    source: `from number_list_line as line where line.account_id = $1 and line.list_id = $2::bigint ${conditions[file]}
     order by line.first_position, line.position`,
    values: [accountId, id],
    timeZone,
  };
}
