import { Ban, Check, CircleX, Clock, Eye, LoaderCircle, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import { importStateLabels } from '@/lib/registry/labels';
import type { RegistryImportState } from '@/lib/registry/schema';

const looks: Record<RegistryImportState, { tone: Tone; icon: LucideIcon }> = {
  WAITING: { tone: 'warn', icon: Eye },
  QUEUED: { tone: 'info', icon: Clock },
  RUNNING: { tone: 'info', icon: LoaderCircle },
  DONE: { tone: 'good', icon: Check },
  DISCARDED: { tone: 'neutral', icon: Ban },
  FAILED: { tone: 'bad', icon: CircleX },
};

export function ImportStateBadge({ state }: { state: RegistryImportState }) {
  return <Badge {...looks[state]}>{importStateLabels[state]}</Badge>;
}
