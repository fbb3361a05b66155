import { clsx } from 'clsx';
import { Link } from '@/components/ui/link';

export type MessageTab = 'outgoing' | 'incoming';

const tabs: readonly { value: MessageTab; label: string; href: string }[] = [
  { value: 'outgoing', label: 'Outgoing', href: '/messages' },
  { value: 'incoming', label: 'Incoming', href: '/messages?tab=incoming' },
];

/** Links, not tabs in the ARIA sense: each has its own address. */
export function MessageTabs({ current }: { current: MessageTab }) {
  return (
    <nav aria-label="Direction" className="mb-4 border-b border-line">
      <ul className="-mb-px flex gap-5">
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
      </ul>
    </nav>
  );
}
