import {
  Ban,
  CalendarX,
  Check,
  CheckCheck,
  CircleQuestionMark,
  CircleX,
  CircleHelp,
  Clock,
  LoaderCircle,
  type LucideIcon,
} from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import { describeStatus, firstPartNote } from '@/lib/messages/labels';
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
  NO_RECEIPT: { tone: 'neutral', icon: CircleHelp },
};

export function StatusBadge({
  status,
  reason,
  isFirstPart = false,
}: {
  status: MessageStatus;
  reason?: string | null;
  isFirstPart?: boolean;
}) {
  return (
    <Badge {...looks[status]} tip={reason ?? (isFirstPart ? firstPartNote : undefined)}>
      {describeStatus(status, isFirstPart)}
    </Badge>
  );
}
