import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { statement, type Places } from '@/lib/db/statement';
import { importColumns, importsSql } from './import-sql';
import { shownImports, type RegistryImportRow, type RegistrySize } from './schema';

const listImports = statement({
  name: 'list-registry-imports',
  values: { limit: 'int8' },
  columns: importColumns,
  // what accounts hand in for themselves is theirs, and would be most of it
  sql: ($) =>
    importsSql(`where portal_user.role is distinct from 'CUSTOMER'
    order by registry_import.id desc limit ${$.limit}`),
});

const findImport = statement({
  name: 'find-registry-import',
  values: { id: 'int8' },
  columns: importColumns,
  sql: ($: Places<{ id: 'int8' }>) => importsSql(`where registry_import.id = ${$.id}`),
});

/** What was handed in by staff, the latest first; at most {@link shownImports}. */
export async function listRegistryImports(pool: Pool, _scope: StaffReadScope): Promise<RegistryImportRow[]> {
  return toPlain(await listImports.all(pool, { limit: shownImports }));
}

/** One of them; null when there is none with this id. */
export async function findRegistryImport(
  pool: Pool,
  _scope: StaffReadScope,
  id: string,
): Promise<RegistryImportRow | null> {
  const row = await findImport.one(pool, { id });
  return row ? toPlain(row) : null;
}

const readSize = statement({
  name: 'read-registry-size',
  columns: { entries: 'float8', answeredOn: 'text?' },
  sql: () => `
    select (
      -- what was added less what was lifted: to count five million takes a second
      select coalesce(sum(added - lifted), 0)::float8 from registry_import
    ) as entries, (
      select max(answered_on)::text from registry_import where marketer_id = 0 and state = 'DONE'
    ) as "answeredOn"`,
});

/** How many entries are in force, and of which day the last answer is. */
export function readRegistrySize(pool: Pool, _scope: StaffReadScope): Promise<RegistrySize> {
  return readSize.only(pool, {});
}
