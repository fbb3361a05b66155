import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { columnsOf, statement, type Places, type Values } from '@/lib/db/statement';
import { readByKeyset, whereSql } from '@/lib/lists/keyset';
import { staffTimeZone, type ListPage } from '@/lib/lists/schema';
import type { FileQuery } from '@/lib/lists/file-query';
import { auditList, type AuditRow } from './list';
import type { AuditFilter } from './schema';

const pageSize = 50;
const from = 'audit_entry left join portal_user on portal_user.id = audit_entry.user_id';

const filterValues = {
  pattern: 'text?',
  action: 'text?',
  userId: 'int4?',
  accountId: 'int4?',
  from: 'date?',
  to: 'date?',
} as const;
type FilterValues = Values<typeof filterValues>;

function readValues({ search, ...filter }: AuditFilter): FilterValues {
  const sought = search.replaceAll('\0', '').trim().slice(0, 200);
  return { ...filter, pattern: sought === '' ? null : `%${sought.replace(/[\\%_]/g, '\\$&')}%` };
}

function composeFilter($: Places<typeof filterValues>, asked: FilterValues): (string | false)[] {
  const midnight = (day: string) => `(${day})::timestamp at time zone '${staffTimeZone}'`;
  return [
    asked.pattern !== null && `(target ilike ${$.pattern} or details::text ilike ${$.pattern})`,
    asked.action !== null && `action = ${$.action}`,
    asked.userId !== null && `user_id = ${$.userId}`,
    asked.accountId !== null && `target_account_id = ${$.accountId}`,
    asked.from !== null && `audit_entry.created_at >= ${midnight(`${$.from}::date`)}`,
    asked.to !== null && `audit_entry.created_at < ${midnight(`${$.to}::date + 1`)}`,
  ];
}

const readPage = readByKeyset({
  name: 'list-audit-entries',
  values: filterValues,
  columns: auditList.columns,
  select: auditList.select,
  from,
  where: composeFilter,
  at: 'audit_entry.created_at',
  id: 'audit_entry.id',
  variants: [
    { pattern: null, action: null, userId: null, accountId: null, from: null, to: null },
    { pattern: '%x%', action: 'x', userId: 1, accountId: 1, from: '2026-11-22', to: '2026-11-22' },
  ],
});

/** One page of what the staff did, newest first. */
export async function listAuditEntries(
  pool: Pool,
  _scope: StaffReadScope,
  filter: AuditFilter,
  cursor: string | null,
): Promise<ListPage<AuditRow>> {
  const page = await readPage(pool, readValues(filter), cursor, pageSize);
  return { ...page, rows: page.rows.map(auditList.toRow) };
}

/** The query of the file: all rows of the filter, newest first. */
export function composeAuditDownload(
  _scope: StaffReadScope,
  filter: AuditFilter,
  timeZone = staffTimeZone,
): FileQuery {
  const values = readValues(filter);
  const names = Object.keys(filterValues) as (keyof FilterValues)[];
  const $ = Object.fromEntries(names.map((name, index) => [name, `$${index + 1}`]));
  return {
    columns: auditList.fileColumns,
    source: `from ${from} ${whereSql(composeFilter($ as Places<typeof filterValues>, values))}
     order by audit_entry.created_at desc, audit_entry.id desc`,
    values: names.map((name) => values[name]),
    timeZone,
  };
}

const findStaff = statement({
  name: 'list-audit-staff',
  columns: columnsOf('User', 'id', 'name'),
  sql: () => `
    select id, name from portal_user
    where role = 'STAFF' and exists (select from audit_entry where user_id = portal_user.id) order by name`,
});

/** What the filter offers: the staff who are in the log, by name. */
export async function listAuditStaff(
  pool: Pool,
  _scope: StaffReadScope,
): Promise<{ id: number; name: string }[]> {
  return findStaff.all(pool, {});
}
