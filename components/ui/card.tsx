import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { formatCount } from './format-count';
import { Link } from './link';

interface CardProps {
  title?: string;
  /** At the right of the title: a link, a count. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Card({ title, aside, className, children }: CardProps) {
  return (
    <section className={clsx('rounded-lg border border-line bg-surface', className)}>
      {title && (
        <div className="flex min-h-11 items-center justify-between gap-3 border-b border-line px-4 py-2">
          <h2 className="text-base font-semibold">{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

interface StatProps {
  label: string;
  value: number;
  /** One line below the number: what it is a part of, or over which time. */
  note?: string;
  href?: string;
}

/** A number worth a glance; a link to what it counts. */
export function Stat({ label, value, note, href }: StatProps) {
  const content = (
    <>
      <span className="text-sm text-ink-soft">{label}</span>
      <span className="text-2xl font-semibold tabular-nums">{formatCount(value)}</span>
      {note && <span className="text-xs text-ink-faint">{note}</span>}
    </>
  );
  const look = 'border-line bg-surface flex flex-col gap-0.5 rounded-lg border p-4';
  if (!href) return <div className={look}>{content}</div>;
  return (
    <Link href={href} className={clsx(look, 'transition-colors hover:border-control/70')}>
      {content}
    </Link>
  );
}
