'use client';

import { useRef } from 'react';
import { SearchBox } from '@/components/data-table/search-box';
import { useListQuery } from '@/components/data-table/use-list-query';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** Searches the accounts; what is sought is in the URL. */
export function AccountSearch() {
  const query = useListQuery([]);
  const input = useRef<HTMLInputElement>(null);
  return (
    <SearchBox
      ref={input}
      label="Search by name or account number"
      placeholder="Name or W58324"
      value={query.text}
      onType={query.search.type}
      onSet={query.search.set}
      isPending={query.isPending}
      onLeave={() => document.querySelector<HTMLElement>('#accounts a')?.focus()}
    />
  );
}

export function NoAccountMatches() {
  const query = useListQuery([]);
  return (
    <EmptyState
      kind="no-match"
      title="Nothing matches"
      action={<Button onClick={() => query.search.set('')}>Clear search</Button>}
    >
      No account has this in its name or number.
    </EmptyState>
  );
}
