import { Ban, Check, CircleX, Clock, LoaderCircle, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import { describeState } from '@/lib/number-lists/labels';
import type { NumberListState } from '@/lib/number-lists/schema';

const looks: Record<NumberListState, { tone: Tone; icon: LucideIcon }> = {
  QUEUED: { tone: 'neutral', icon: Clock },
  RUNNING: { tone: 'info', icon: LoaderCircle },
  DONE: { tone: 'good', icon: Check },
  CANCELLED: { tone: 'warn', icon: Ban },
  FAILED: { tone: 'bad', icon: CircleX },
};

export function ListStateBadge({ state }: { state: NumberListState }) {
  return <Badge {...looks[state]}>{describeState({ state })}</Badge>;
}
