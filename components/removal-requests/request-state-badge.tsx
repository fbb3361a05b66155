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
import { stateLabels } from '@/lib/removal-requests/labels';
import type { RemovalRequestState } from '@/lib/removal-requests/schema';

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

export function RequestStateBadge({ state }: { state: RemovalRequestState }) {
  return <Badge {...looks[state]}>{stateLabels[state]}</Badge>;
}
