'use client';

import {
  CalendarDays,
  CircleQuestionMark,
  Coins,
  Handshake,
  History,
  House,
  KeyRound,
  MessageCircleQuestionMark,
  MessagesSquare,
  Send,
  Settings,
  ShieldBan,
  ShieldX,
  UserRoundCheck,
  Users,
  Webhook,
} from 'lucide-react';
import { NavLinks, type NavCounts, type NavItem } from './nav-links';

const items: readonly NavItem[] = [
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
];

/** Where a customer can go. A module of its own: nobody is sent the icons of the other navigation. */
export function CustomerNav({ counts }: { counts?: NavCounts }) {
  return <NavLinks items={items} counts={counts} />;
}
