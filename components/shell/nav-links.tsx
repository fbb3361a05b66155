'use client';

import { clsx } from 'clsx';
import { Building2, House, MessagesSquare, Send, ShieldBan, type LucideIcon } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { Link } from '@/components/ui/link';
import { findCurrentHref } from './find-current-href';

interface NavItem {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Part of the item above it. */
  isSub?: boolean;
}

const navs = {
  customer: [
    { href: '/', label: 'Home', icon: House },
    { href: '/send', label: 'Send', icon: Send },
    { href: '/messages', label: 'Message Logs', icon: MessagesSquare },
    { href: '/messages/opt-outs', label: 'Auto Opt-Outs', icon: ShieldBan, isSub: true },
  ],
  staff: [{ href: '/admin', label: 'Accounts', icon: Building2 }],
} satisfies Record<string, NavItem[]>;

export function NavLinks({ area }: { area: keyof typeof navs }) {
  const pathname = usePathname();
  const items: readonly NavItem[] = navs[area];
  const current = findCurrentHref(
    items.map((item) => item.href),
    pathname,
  );
  return (
    <nav aria-label="Main">
      <ul className="space-y-0.5">
        {items.map(({ href, label, icon: Icon, isSub }) => (
          <li key={href} className={clsx(isSub && 'ml-4.5 border-l border-line pl-2')}>
            <Link
              href={href}
              aria-current={href === current ? (href === pathname ? 'page' : 'true') : undefined}
              className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium text-ink-soft transition-colors hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:text-ink max-lg:h-11"
            >
              <Icon aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.9} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
