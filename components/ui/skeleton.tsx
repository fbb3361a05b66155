import { clsx } from 'clsx';

/** A grey bar where text will be; give it the width of that text. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={clsx('block h-4 animate-pulse rounded bg-hover', className)} />;
}
