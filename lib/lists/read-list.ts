import 'server-only';
import type { Pool } from 'pg';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { readAccountPage } from './account-page';
import type { List } from './declare-list';
import type { ListPage } from './schema';

/**
 * One page of a declared list.
 *
 * @param timeZone whose days the filter means
 * @throws AppError when a search takes too long, or has no place
 */
export async function readList<Row, Filter, Scope extends AccountReadScope | StaffReadScope>(
  pool: Pool,
  list: List<Row, Filter, Scope>,
  scope: NoInfer<Scope>,
  filter: NoInfer<Filter>,
  cursor: string | null,
  timeZone: string,
): Promise<ListPage<Row>> {
  const page = await readAccountPage<object>(
    pool,
    list.describe(scope, filter, timeZone),
    list.select,
    cursor,
  );
  return { ...page, rows: page.rows.map(list.toRow) };
}
