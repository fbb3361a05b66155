import { cookies } from 'next/headers';
import { getColumnsCookieName, parseHiddenColumns } from './hidden-columns';

/** The columns that this browser's user has hidden in a list. */
export async function readHiddenColumns(list: string): Promise<string[]> {
  return parseHiddenColumns((await cookies()).get(getColumnsCookieName(list))?.value);
}
