'use client';

import { clsx } from 'clsx';
import {
  Building2,
  CircleQuestionMark,
  Fingerprint,
  Coins,
  CalendarDays,
  Handshake,
  History,
  House,
  KeyRound,
  MailCheck,
  MessageCircleQuestionMark,
  MessageSquareWarning,
  MessagesSquare,
  RadioTower,
  ScrollText,
  Send,
  Settings,
  ShieldBan,
  ShieldX,
  SlidersHorizontal,
  TextQuote,
  UserRoundCheck,
  Users,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import { usePathname } from 'next/navigation';
import { Link } from '@/components/ui/link';
import { usePermissions } from '@/components/permissions/permissions';
import type { Permission } from '@/lib/auth/schema';
import { findCurrentHref } from './find-current-href';

interface NavItem {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Part of the item above it. */
  isSub?: boolean;
  /** Left out for whoever may not. */
  may?: Permission;
}

const navs = {
  customer: [
    { href: '/', label: 'Home', icon: House },
    { href: '/send', label: 'Send', icon: Send, may: 'messages.send' },
    { href: '/messages', label: 'Message Logs', icon: MessagesSquare },
    { href: '/messages/opt-outs', label: 'Auto Opt-Outs', icon: ShieldBan, isSub: true },
    { href: '/messages/month', label: 'Month at a glance', icon: CalendarDays, isSub: true },
    { href: '/messages/consents', label: 'Consents', icon: Handshake, isSub: true },
    { href: '/messages/review', label: 'Replies to review', icon: MessageCircleQuestionMark, isSub: true },
    { href: '/messages/cleansing', label: 'Cleansing', icon: ShieldX, isSub: true },
    { href: '/removal-requests', label: 'Removal requests', icon: UserRoundCheck, isSub: true },
    { href: '/credits', label: 'Credits', icon: Coins },
    { href: '/people', label: 'People', icon: Users },
    { href: '/activity', label: 'Activity', icon: History, isSub: true, may: 'activity.read' },
    { href: '/settings', label: 'Settings', icon: Settings },
    { href: '/settings/api-keys', label: 'API keys', icon: KeyRound, isSub: true, may: 'settings.change' },
    { href: '/settings/webhooks', label: 'Webhooks', icon: Webhook, isSub: true, may: 'settings.change' },
    { href: '/help', label: 'Help', icon: CircleQuestionMark },
  ],
  staff: [
    { href: '/admin', label: 'Home', icon: House },
    { href: '/admin/removal-requests', label: 'Removal requests', icon: UserRoundCheck },
    { href: '/admin/replies', label: 'Replies', icon: MessageSquareWarning },
    { href: '/admin/accounts', label: 'Accounts', icon: Building2 },
    { href: '/admin/keywords', label: 'Keywords', icon: TextQuote },
    { href: '/admin/month', label: 'Month at a glance', icon: CalendarDays },
    { href: '/admin/registry', label: 'Registry', icon: ShieldX },
    { href: '/admin/system', label: 'System', icon: RadioTower },
    { href: '/admin/outbox', label: 'Outbox', icon: MailCheck },
    { href: '/admin/privacy', label: 'Privacy', icon: Fingerprint },
    { href: '/admin/staff', label: 'Staff', icon: Users },
    { href: '/admin/audit', label: 'Audit log', icon: ScrollText },
    { href: '/admin/settings', label: 'Settings', icon: SlidersHorizontal },
  ],
} satisfies Record<string, NavItem[]>;

interface NavLinksProps {
  area: keyof typeof navs;
  /** What waits behind a link, by its address; nothing is shown for 0. */
  counts?: Readonly<Record<string, number>>;
}

export function NavLinks({ area, counts = {} }: NavLinksProps) {
  const pathname = usePathname();
  const permissions = usePermissions();
  const items = (navs[area] as readonly NavItem[]).filter(({ may }) => !may || permissions.includes(may));
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
