import {
  CircleCheck,
  CircleSlash,
  CircleX,
  Hourglass,
  MailQuestionMark,
  MessageCircleQuestionMark,
  ShieldX,
  TimerOff,
  type LucideIcon,
} from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import { staffStateLabels, stateLabels } from '@/lib/removal-requests/labels';
import type { RemovalRequestState } from '@/lib/removal-requests/schema';
import type { Audience } from './audience';

const looks: Record<RemovalRequestState, { tone: Tone; icon: LucideIcon }> = {
  AWAITING_CONFIRMATION: { tone: 'warn', icon: MailQuestionMark },
  AWAITING_REPLY: { tone: 'info', icon: MessageCircleQuestionMark },
  AWAITING_APPROVAL: { tone: 'accent', icon: Hourglass },
  REMOVED: { tone: 'good', icon: CircleCheck },
  REFUSED: { tone: 'bad', icon: CircleX },
  EXPIRED: { tone: 'neutral', icon: TimerOff },
  REJECTED: { tone: 'bad', icon: ShieldX },
  CANCELLED: { tone: 'neutral', icon: CircleSlash },
};

/** What a state means, for staff. */
const staffTips: Record<RemovalRequestState, string> = {
  AWAITING_CONFIRMATION: 'Made on the public form; the account’s owner has not followed the link yet.',
  AWAITING_REPLY: 'The recipient is asked, or will be as soon as the law allows.',
  AWAITING_APPROVAL: 'The recipient said YES: decide.',
  REMOVED: 'The block was lifted.',
  REFUSED: 'The recipient said no; the number stays blocked.',
  EXPIRED: 'No YES came in time; the number stays blocked.',
  REJECTED: 'Staff rejected it; the number stays blocked.',
  CANCELLED: 'Taken back before it was decided.',
};

/**
 * A request's state: one look for everybody, in the longer words of a customer or the short ones of staff.
 */
export function RequestStateBadge({
  state,
  audience = 'customer',
}: {
  state: RemovalRequestState;
  audience?: Audience;
}) {
  return audience === 'staff' ? (
    <Badge {...looks[state]} tip={staffTips[state]}>
      {staffStateLabels[state]}
    </Badge>
  ) : (
    <Badge {...looks[state]}>{stateLabels[state]}</Badge>
  );
}
