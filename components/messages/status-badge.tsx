import {
  Ban,
  CalendarX,
  Check,
  CheckCheck,
  CircleQuestionMark,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import { statusLabels } from '@/lib/messages/labels';
import type { MessageStatus } from '@/lib/messages/schema';

const looks: Record<MessageStatus, { tone: Tone; icon: LucideIcon }> = {
  QUEUED: { tone: 'neutral', icon: Clock },
  SENDING: { tone: 'info', icon: LoaderCircle },
  SENT: { tone: 'info', icon: Check },
  DELIVERED: { tone: 'good', icon: CheckCheck },
  FAILED: { tone: 'bad', icon: CircleX },
  BLOCKED: { tone: 'warn', icon: Ban },
  CANCELLED: { tone: 'neutral', icon: CalendarX },
  IN_DOUBT: { tone: 'warn', icon: CircleQuestionMark },
};

export function StatusBadge({ status, reason }: { status: MessageStatus; reason?: string | null }) {
  return (
    <Badge {...looks[status]} tip={reason ?? undefined}>
      {statusLabels[status]}
    </Badge>
  );
}
