'use client';

import { getParameters, type ListFilter } from './filters';
import { useAddress, type AddressChange } from './use-address';
import { useTypedText } from './use-typed-text';

export type ListSort = 'newest' | 'oldest';

/**
 * What a list shows lives in the URL: `q`, what it is searched for, the parameters of its filters, `sort`,
 * and `cursor`, which every other change clears.
 */
export function useListQuery(filters: readonly ListFilter[]) {
  const { isPending, read, change } = useAddress();
  const names = ['q', 'cursor', 'sort', ...filters.flatMap(getParameters)];
  const values: Record<string, string | null> = Object.fromEntries(names.map((name) => [name, read(name)]));
  const search = useTypedText(values.q ?? '', (text) => change({ q: text || null, cursor: null }, 'replace'));
  const sort: ListSort = values.sort === 'oldest' ? 'oldest' : 'newest';
  const chosen = filters.flatMap(getParameters).filter((name) => values[name]);

  return {
    /** As it stands in the search box; `values.q` is what the list shows. */
    text: search.text,
    search,
    values,
    sort,
    /** Something other than its first rows. */
    isPaged: Boolean(values.cursor),
    isFiltered: chosen.length > 0,
    isPending,
    /** Two equal views show the same list. While another is on its way, the rows belong to neither. */
    view: `${isPending} ${JSON.stringify(values)}`,
    /** A step that Back takes back. */
    set(changes: AddressChange) {
      change({ ...changes, cursor: null }, 'push');
    },
    clear(what: 'filters' | 'everything' = 'filters') {
      const cleared = what === 'everything' ? ['q', ...chosen] : chosen;
      if (what === 'everything') search.drop();
      this.set(Object.fromEntries(cleared.map((name) => [name, null])));
    },
  };
}

export type ListQuery = ReturnType<typeof useListQuery>;
