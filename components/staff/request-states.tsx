import {
  Ban,
  CircleCheck,
  CircleX,
  Hourglass,
  MailQuestionMark,
  MessageCircleQuestionMark,
  TimerOff,
  UserRoundCheck,
  type LucideIcon,
} from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import type { RemovalRequestState } from '@/lib/removal-requests/schema';

/** The states as staff speak of them; the customer reads longer words. */
export const stateWords: Record<RemovalRequestState, string> = {
  AWAITING_APPROVAL: 'Awaiting approval',
  AWAITING_REPLY: 'Awaiting reply',
  AWAITING_CONFIRMATION: 'Awaiting confirmation',
  REMOVED: 'Removed',
  REJECTED: 'Rejected',
  REFUSED: 'Refused',
  EXPIRED: 'Expired',
  CANCELLED: 'Cancelled',
};

const looks: Record<RemovalRequestState, { tone: Tone; icon: LucideIcon; tip: string }> = {
  AWAITING_APPROVAL: { tone: 'accent', icon: UserRoundCheck, tip: 'The recipient said YES: decide.' },
  AWAITING_REPLY: {
    tone: 'info',
    icon: MessageCircleQuestionMark,
    tip: 'The recipient is asked, or will be as soon as the law allows.',
  },
  AWAITING_CONFIRMATION: {
    tone: 'neutral',
    icon: MailQuestionMark,
    tip: 'Made on the public form; the account’s owner has not followed the link yet.',
  },
  REMOVED: { tone: 'good', icon: CircleCheck, tip: 'The block was lifted.' },
  REJECTED: { tone: 'bad', icon: CircleX, tip: 'Staff rejected it; the number stays blocked.' },
  REFUSED: { tone: 'warn', icon: Ban, tip: 'The recipient said no; the number stays blocked.' },
  EXPIRED: { tone: 'neutral', icon: TimerOff, tip: 'No YES came in time; the number stays blocked.' },
  CANCELLED: { tone: 'neutral', icon: Hourglass, tip: 'Taken back before it was decided.' },
};

export function RequestStateBadge({ state }: { state: RemovalRequestState }) {
  return <Badge {...looks[state]}>{stateWords[state]}</Badge>;
}
