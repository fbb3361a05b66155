import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import { readKeysetPage, type ListPage } from '@/lib/lists/keyset';
import { labelSql } from '@/lib/lists/label-sql';
import type { FileQuery } from '@/lib/lists/file-query';
import { auditActions, type AuditAction, type AuditFilter, type AuditRow } from './schema';

const pageSize = 50;
const from = 'audit_entry left join portal_user on portal_user.id = audit_entry.user_id';
/** Staff work in South Africa: their days are its days. */
const staffTimeZone = 'Africa/Johannesburg';

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
  const page = await readKeysetPage<{
    id: string;
    user_id: number;
    user_name: string | null;
    action: AuditAction;
    target: string;
    target_account_id: number | null;
    details: Record<string, unknown>;
    created_at: Date;
  }>(
    pool,
    {
      select: `audit_entry.id, user_id, portal_user.name as user_name, action, target, target_account_id, details,
        audit_entry.created_at`,
      from,
      ...describeFilter(filter),
      at: 'audit_entry.created_at',
      id: 'audit_entry.id',
    },
    cursor,
    pageSize,
  );
  return {
    ...page,
    rows: page.rows.map((row) => ({
      id: row.id,
      userId: row.user_id,
      userName: row.user_name ?? `Staff ${row.user_id}`,
      action: row.action,
      target: row.target,
      accountId: row.target_account_id,
      details: row.details,
      createdAt: row.created_at.toISOString(),
    })),
  };
}

/** The query of the file: all rows of the filter, newest first. */
export function composeAuditDownload(
  _scope: StaffScope,
  filter: AuditFilter,
  timeZone = staffTimeZone,
): FileQuery {
  const { where, values } = describeFilter(filter);
  return {
    columns: [
      { id: 'when', label: 'When', type: 'time', sql: 'audit_entry.created_at' },
      { id: 'who', label: 'Who', type: 'text', sql: 'portal_user.name' },
      { id: 'what', label: 'What', type: 'words', sql: labelSql('action', auditActions) },
      { id: 'target', label: 'To what', type: 'text', sql: 'target' },
      { id: 'account', label: 'Account', type: 'integer', sql: 'target_account_id' },
      { id: 'reason', label: 'Reason', type: 'text', sql: "(details ->> 'reason')" },
      { id: 'details', label: 'Details', type: 'text', sql: 'details::text' },
    ],
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
