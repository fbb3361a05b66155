'use client';

import { clsx } from 'clsx';
import type { LucideIcon } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { Link } from '@/components/ui/link';
import { usePermissions } from '@/components/permissions/permissions';
import type { Permission } from '@/lib/auth/schema';
import { findCurrentHref } from './find-current-href';

export interface NavItem {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Part of the item above it. */
  isSub?: boolean;
  /** Left out for whoever may not. */
  may?: Permission;
}

/** What waits behind a link, by its address; nothing is shown for 0. */
export type NavCounts = Readonly<Record<string, number>>;

export function NavLinks({ items, counts = {} }: { items: readonly NavItem[]; counts?: NavCounts }) {
  const pathname = usePathname();
  const permissions = usePermissions();
  const allowed = items.filter(({ may }) => !may || permissions.includes(may));
  const current = findCurrentHref(
    allowed.map((item) => item.href),
    pathname,
  );
  return (
    <nav aria-label="Main">
      <ul className="space-y-0.5">
        {allowed.map(({ href, label, icon: Icon, isSub }) => (
          <li key={href} className={clsx(isSub && 'ml-4.5 border-l border-line pl-2')}>
            <Link
              href={href}
              aria-current={href === current ? (href === pathname ? 'page' : 'true') : undefined}
              className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium text-ink-soft transition-colors hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:text-ink max-lg:h-11"
            >
              <Icon aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.9} />
              <span className="truncate">{label}</span>
              <NavCount count={counts[href] ?? 0} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NavCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="ml-auto min-w-5 rounded-full bg-accent-soft px-1.5 text-center text-xs leading-5 font-semibold text-accent-text tabular-nums">
      {count > 99 ? '99+' : count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
