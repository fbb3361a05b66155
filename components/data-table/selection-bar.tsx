import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { formatCount } from '@/components/ui/format-count';
import { IconButton } from '@/components/ui/icon-button';

interface SelectionBarProps {
  count: number;
  /** How many rows there are on the page. */
  of: number;
  onSelectPage: () => void;
  onClear: () => void;
  /** What can be done with the rows. */
  children: ReactNode;
}

/**
 * What is selected, and what can be done with it; at hand at the foot of the window, however far one has
 * scrolled.
 */
export function SelectionBar({ count, of, onSelectPage, onClear, children }: SelectionBarProps) {
  return (
    <section
      aria-label="Selected rows"
      onKeyDown={(event) => event.key === 'Escape' && onClear()}
      className="sticky bottom-4 z-20 mx-auto flex w-fit max-w-[calc(100%-1rem)] animate-appear flex-wrap items-center gap-2 rounded-xl border border-line bg-raised py-2 pr-2 pl-4 text-sm shadow-dialog max-sm:bottom-2"
    >
      <span role="status" className="font-medium tabular-nums">
        {formatCount(count)} selected
      </span>
      {count < of && (
        <Button variant="quiet" size="small" onClick={onSelectPage}>
          Select all {formatCount(of)}
        </Button>
      )}
      <span aria-hidden="true" className="h-5 w-px bg-line max-sm:hidden" />
      <div className="flex flex-wrap items-center gap-2 max-sm:order-last max-sm:w-full">{children}</div>
      <IconButton icon={X} label="Clear selection" onClick={onClear} className="max-sm:ml-auto" />
    </section>
  );
}
