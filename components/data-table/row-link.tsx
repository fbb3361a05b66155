import type { ReactNode } from 'react';

interface RowLinkProps {
  /** Of this program. */
  href: string;
  label?: string;
  className?: string;
  children: ReactNode;
}

/**
 * A link in a cell. The rows hear for it what Next's link hears by itself (table-rows.tsx): a page has fifty,
 * and each of those has a state and a dozen functions.
 */
export function RowLink({ href, label, className, children }: RowLinkProps) {
  return (
    <a href={href} data-row-link aria-label={label} className={className}>
      {children}
    </a>
  );
}
