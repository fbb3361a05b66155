'use client';

import { debounce, parseAsString, useQueryStates } from 'nuqs';
import { useTransition } from 'react';

const typingPauseMs = 250;
const parameters = { q: parseAsString, cursor: parseAsString };

/** What a list shows lives in the URL: `q`, what it is searched for, and `cursor`, which a new search clears. */
export function useListQuery() {
  const [isPending, startTransition] = useTransition();
  const [{ q, cursor }, setQuery] = useQueryStates(parameters, { shallow: false, startTransition });

  return {
    text: q ?? '',
    /** Something other than the newest rows. */
    isPaged: cursor !== null,
    isPending,
    /** Two equal views show the same list. */
    view: `${cursor ?? ''} ${q ?? ''}`,
    search(text: string) {
      const limitUrlUpdates = text ? debounce(typingPauseMs) : undefined;
      void setQuery({ q: text || null, cursor: null }, { limitUrlUpdates });
    },
    goToNewest() {
      void setQuery({ cursor: null });
    },
  };
}

export type ListQuery = ReturnType<typeof useListQuery>;
