import { Ban, CircleHelp, MessageSquare, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import { verdictLabels } from '@/lib/replies/labels';
import type { StoredVerdict } from '@/lib/replies/schema';

const looks: Record<StoredVerdict, { tone: Tone; icon: LucideIcon; tip: string }> = {
  OPT_OUT: { tone: 'warn', icon: Ban, tip: 'Certainly an opt-out: the number was blocked at once.' },
  REVIEW: { tone: 'info', icon: CircleHelp, tip: 'Probably an opt-out: a person should decide.' },
  NONE: { tone: 'neutral', icon: MessageSquare, tip: 'An ordinary reply.' },
};

export function VerdictBadge({ verdict }: { verdict: StoredVerdict }) {
  return <Badge {...looks[verdict]}>{verdictLabels[verdict]}</Badge>;
}
