import { clsx } from 'clsx';

/** The mark: a message, and the bar that stops it. */
export function Brand({ className }: { className?: string }) {
  return (
    <span
      className={clsx('inline-flex items-center gap-2.5 text-base font-semibold tracking-tight', className)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" className="size-6 shrink-0">
        <path
          className="fill-accent"
          d="M7 2h10a5 5 0 0 1 5 5v6.5a5 5 0 0 1-5 5h-4.6l-4.3 3.2a.7.7 0 0 1-1.1-.56V18.5a5 5 0 0 1-5-5V7a5 5 0 0 1 5-5Z"
        />
        <rect className="fill-on-accent" x="6.5" y="8.9" width="11" height="2.7" rx="1.35" />
      </svg>
      Client Zone
    </span>
  );
}
