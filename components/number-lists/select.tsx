import { clsx } from 'clsx';
import type { ComponentProps } from 'react';

/** The browser's own list of choices, which phones show best. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return (
    <select
      {...rest}
      className={clsx(
        'h-9 w-full rounded-md border border-control bg-raised px-2.5 text-base text-ink shadow-control transition-colors hover:border-ink-faint focus-visible:border-accent-text focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-60 max-sm:h-10',
        className,
      )}
    />
  );
}
