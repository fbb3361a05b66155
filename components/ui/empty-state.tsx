import { Inbox, Lock, SearchX, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/**
 * The four ways in which a list can be empty. Three of them can be mended by the reader: `action` says how.
 */
export type EmptyKind = 'nothing-yet' | 'no-match' | 'error' | 'not-allowed';

const icons: Record<EmptyKind, LucideIcon> = {
  'nothing-yet': Inbox,
  'no-match': SearchX,
  error: TriangleAlert,
  'not-allowed': Lock,
};

interface EmptyStateProps {
  kind: EmptyKind;
  title: string;
  children?: ReactNode;
  /** A way on: clear the search, try again, send a message. */
  action?: ReactNode;
}

export function EmptyState({ kind, title, children, action }: EmptyStateProps) {
  const Icon = icons[kind];
  return (
    <div
      role={kind === 'error' ? 'alert' : undefined}
      className="flex flex-col items-center px-6 py-14 text-center text-balance"
    >
      <span className="mb-4 flex size-11 items-center justify-center rounded-full border border-line bg-canvas text-ink-faint">
        <Icon aria-hidden="true" className="size-5" strokeWidth={1.75} />
      </span>
      <p className="text-base font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-sm text-sm text-ink-soft">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
