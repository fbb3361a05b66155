import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ListSort } from './use-list-query';

/** The head of the column that a list is ordered by; turns the order round. */
export function SortHead({
  sort,
  onSort,
  children,
}: {
  sort: ListSort;
  onSort: () => void;
  children: ReactNode;
}) {
  const Arrow = sort === 'newest' ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      onClick={onSort}
      data-tip={
        sort === 'newest' ? 'Newest first. Press for oldest first.' : 'Oldest first. Press for newest first.'
      }
      className="-mx-1.5 inline-flex h-7 items-center gap-1 rounded-md px-1.5 font-medium text-ink-soft hover:bg-hover hover:text-ink"
    >
      {children}
      <Arrow aria-hidden="true" className="size-3.5" />
    </button>
  );
}
