import { clsx } from 'clsx';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';

export type MessageTab = 'outgoing' | 'incoming' | 'scheduled';

const tabs: readonly { value: MessageTab; label: string; href: string }[] = [
  { value: 'outgoing', label: 'Outgoing', href: '/messages' },
  { value: 'incoming', label: 'Incoming', href: '/messages?tab=incoming' },
  { value: 'scheduled', label: 'Scheduled', href: '/messages/scheduled' },
];

interface MessageTabsProps {
  /** Null: not known yet. */
  current: MessageTab | null;
  /** How many replies wait for a person to decide. */
  toReview?: number;
}

/** Links, not tabs in the ARIA sense: each has its own address. */
export function MessageTabs({ current, toReview = 0 }: MessageTabsProps) {
  return (
    <nav aria-label="Direction" className="mb-4 border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-x-5">
        {tabs.map(({ value, label, href }) => (
          <li key={value}>
            <Link
              href={href}
              aria-current={value === current ? 'page' : undefined}
              className={clsx(
                'flex h-9 items-center border-b-2 text-sm font-medium transition-colors max-sm:h-11',
                value === current
                  ? 'border-accent-text text-ink'
                  : 'border-transparent text-ink-soft hover:border-control hover:text-ink',
              )}
            >
              {label}
            </Link>
          </li>
        ))}
        {toReview > 0 && (
          <li className="ml-auto">
            <Link
              href="/messages/review"
              className="flex h-9 items-center gap-2 text-sm font-medium text-accent-text underline-offset-4 hover:underline max-sm:h-11"
            >
              Replies to review{' '}
              <span className="rounded-full bg-info-soft px-2 py-0.5 text-xs text-info-text tabular-nums">
                {toReview > 99 ? '99+' : formatCount(toReview)}
              </span>
            </Link>
          </li>
        )}
      </ul>
    </nav>
  );
}
