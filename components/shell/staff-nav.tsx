'use client';

import {
  Building2,
  CalendarDays,
  Fingerprint,
  House,
  MailCheck,
  MessageSquareWarning,
  RadioTower,
  ScrollText,
  ShieldX,
  SlidersHorizontal,
  TextQuote,
  UserRoundCheck,
  Users,
} from 'lucide-react';
import { NavLinks, type NavCounts, type NavItem } from './nav-links';

const items: readonly NavItem[] = [
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
];

/** Where the provider’s staff can go. */
export function StaffNav({ counts }: { counts?: NavCounts }) {
  return <NavLinks items={items} counts={counts} />;
}
