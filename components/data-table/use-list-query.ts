'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useMemo, useTransition } from 'react';
import { getParameters, type ListFilter } from './filters';
import { useTypedText } from './use-typed-text';

export type ListSort = 'newest' | 'oldest';

/**
 * What a list shows lives in the URL: `q`, what it is searched for, the parameters of its filters, `sort`,
 * and `cursor`, which every other change clears.
 */
export function useListQuery(filters: readonly ListFilter[]) {
  const [isPending, startTransition] = useTransition();
  // As one string, which is the same from render to render.
  const names = ['q', 'cursor', 'sort', ...filters.flatMap(getParameters)].join(' ');
  const parameters = useMemo(
    () => Object.fromEntries(names.split(' ').map((name) => [name, parseAsString])),
    [names],
  );
  const [values, setValues] = useQueryStates(parameters, { shallow: false, startTransition });
  const search = useTypedText(
    values.q ?? '',
    (text) => void setValues({ q: text || null, cursor: null }, { history: 'replace' }),
  );
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
    set(change: Record<string, string | null>) {
      void setValues({ ...change, cursor: null }, { history: 'push' });
    },
    clear(what: 'filters' | 'everything' = 'filters') {
      const cleared = what === 'everything' ? ['q', ...chosen] : chosen;
      if (what === 'everything') search.drop();
      this.set(Object.fromEntries(cleared.map((name) => [name, null])));
    },
  };
}

export type ListQuery = ReturnType<typeof useListQuery>;
