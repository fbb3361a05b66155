import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { composeListDownload } from '@/lib/lists/account-list';
import type { List } from '@/lib/lists/declare-list';
import type { FileQuery } from '@/lib/lists/file-query';

/**
 * The query of a list's file, of a filter that was not read from an address.
 *
 * @param chosen ids of columns; null: all
 */
export function composeListFile<Row, Filter, Scope extends AccountReadScope | StaffReadScope>(
  list: List<Row, Filter, Scope>,
  scope: NoInfer<Scope>,
  filter: NoInfer<Filter>,
  timeZone: string,
  chosen: readonly string[] | null,
): FileQuery {
  return composeListDownload(list.describe(scope, filter, timeZone), list.fileColumns, chosen, timeZone);
}
