import { RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import type { ListProblem } from '@/lib/lists/schema';
import type { ListQuery } from './use-list-query';

interface EmptyListProps {
  query: ListQuery;
  /** The list could not be read, or may not be. */
  problem?: ListProblem;
  /** What stands there before the first row ever came. */
  nothingYet: ReactNode;
}

/** Why a list shows no rows, and the way on. */
export function EmptyList({ query, problem, nothingYet }: EmptyListProps) {
  const router = useRouter();
  if (problem === 'error') {
    return (
      <EmptyState
        kind="error"
        title="This list could not be read"
        action={
          <Button onClick={() => router.refresh()}>
            <RotateCw aria-hidden="true" className="size-4" />
            Try again
          </Button>
        }
      >
        Nothing is lost. It usually works again in a moment.
      </EmptyState>
    );
  }
  if (problem === 'busy') {
    return (
      <EmptyState
        kind="error"
        title="Too many long searches are running"
        action={
          <Button onClick={() => router.refresh()}>
            <RotateCw aria-hidden="true" className="size-4" />
            Search again
          </Button>
        }
      >
        Each of them ends within ten seconds. Then search again.
      </EmptyState>
    );
  }
  if (problem === 'too-long') {
    return (
      <EmptyState
        kind="error"
        title="This search takes too long"
        action={<Button onClick={() => query.clear('everything')}>Clear search and filters</Button>}
      >
        Type more of the number or of the text, or choose fewer days.
      </EmptyState>
    );
  }
  if (problem === 'not-allowed') {
    return (
      <EmptyState kind="not-allowed" title="You may not see this list">
        Ask the owner of the account to give you access.
      </EmptyState>
    );
  }
  if (query.isPaged) {
    return (
      <EmptyState
        kind="no-match"
        title="There is nothing on this page any more"
        action={<Button onClick={() => query.set({})}>Go to the first page</Button>}
      />
    );
  }
  const isSearched = Boolean(query.values.q);
  if (isSearched || query.isFiltered) {
    return (
      <EmptyState
        kind="no-match"
        title="Nothing matches"
        action={
          <Button onClick={() => query.clear('everything')}>
            {isSearched ? (query.isFiltered ? 'Clear search and filters' : 'Clear search') : 'Clear filters'}
          </Button>
        }
      >
        {isSearched
          ? 'No row matches this search. Numbers are found in any format, in whole or in part.'
          : 'No row matches these filters.'}
      </EmptyState>
    );
  }
  return nothingYet;
}
