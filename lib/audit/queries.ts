import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import { readKeysetPage } from '@/lib/lists/keyset';
import { staffTimeZone, type ListPage } from '@/lib/lists/schema';
import type { FileQuery } from '@/lib/lists/file-query';
import { auditList, type AuditRow } from './list';
import type { AuditFilter } from './schema';

const pageSize = 50;
const from = 'audit_entry left join portal_user on portal_user.id = audit_entry.user_id';

function describeFilter(filter: AuditFilter): { where: string[]; values: (string | number)[] } {
  const where: string[] = [];
  const values: (string | number)[] = [];
  const add = (value: string | number | null, compose: (parameter: string) => string) => {
    if (value === null) return;
    values.push(value);
    where.push(compose(`$${values.length}`));
  };
  const sought = filter.search.replaceAll('\0', '').trim().slice(0, 200);
  add(
    sought === '' ? null : `%${sought.replace(/[\\%_]/g, '\\$&')}%`,
    (parameter) => `(target ilike ${parameter} or details::text ilike ${parameter})`,
  );
  add(filter.action, (parameter) => `action = ${parameter}`);
  add(filter.userId, (parameter) => `user_id = ${parameter}`);
  add(filter.accountId, (parameter) => `target_account_id = ${parameter}`);
  add(
    filter.from,
    (parameter) => `audit_entry.created_at >= ${parameter}::date::timestamp at time zone '${staffTimeZone}'`,
  );
  add(
    filter.to,
    (parameter) =>
      `audit_entry.created_at < (${parameter}::date + 1)::timestamp at time zone '${staffTimeZone}'`,
  );
  return { where: where.length > 0 ? where : ['true'], values };
}

/** One page of what the staff did, newest first. */
export async function listAuditEntries(
  pool: Pool,
  _scope: StaffScope,
  filter: AuditFilter,
  cursor: string | null,
): Promise<ListPage<AuditRow>> {
  const page = await readKeysetPage<object>(
    pool,
    {
      select: auditList.select,
      from,
      ...describeFilter(filter),
      at: 'audit_entry.created_at',
      id: 'audit_entry.id',
    },
    cursor,
    pageSize,
  );
  return { ...page, rows: page.rows.map(auditList.toRow) };
}

/** The query of the file: all rows of the filter, newest first. */
export function composeAuditDownload(
  _scope: StaffScope,
  filter: AuditFilter,
  timeZone = staffTimeZone,
): FileQuery {
  const { where, values } = describeFilter(filter);
  return {
    columns: auditList.fileColumns,
    source: `from ${from} where ${where.join(' and ')}
     order by audit_entry.created_at desc, audit_entry.id desc`,
    values,
    timeZone,
  };
}

/** What the filter offers: the staff who are in the log, by name. */
export async function listAuditStaff(
  pool: Pool,
  _scope: StaffScope,
): Promise<{ id: number; name: string }[]> {
  const { rows } = await pool.query<{ id: number; name: string }>(
    `select id, name from portal_user
     where role = 'STAFF' and exists (select from audit_entry where user_id = portal_user.id) order by name`,
  );
  return rows;
}
