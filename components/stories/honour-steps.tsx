import { Clock, Inbox, MessageSquareCheck, ShieldBan, type LucideIcon } from 'lucide-react';
import { statusLabels } from '@/lib/messages/labels';
import { formatDuration } from '@/lib/stories/labels';
import type { Episode, TimeToHonour } from '@/lib/stories/schema';
import { formatClock } from './format-clock';

interface HonourStepsProps {
  honoured: TimeToHonour;
  confirmation: Episode['confirmation'];
  timeZone: string;
}

/** How long the recipient's wish took, step by step, measured. */
export function HonourSteps({ honoured, confirmation, timeZone }: HonourStepsProps) {
  const { receivedAt, blockedMs, confirmationSentMs, confirmationDeliveredMs } = honoured;
  const waiting = confirmation ? statusLabels[confirmation.status] : 'None';
  const steps: { icon: LucideIcon; name: string; value: string }[] = [
    { icon: Inbox, name: 'Reply received', value: formatClock(receivedAt, timeZone) },
    { icon: ShieldBan, name: 'Number blocked', value: say(blockedMs, waiting) },
    { icon: Clock, name: 'Confirmation sent', value: say(confirmationSentMs, waiting) },
    {
      icon: MessageSquareCheck,
      name: 'Confirmation delivered',
      value: say(confirmationDeliveredMs, waiting),
    },
  ];
  return (
    <div className="border-t border-line bg-canvas px-5 py-3.5">
      <h2 className="text-xs font-medium text-ink-faint">Time to honour</h2>
      <ol className="mt-2 grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2 lg:grid-cols-4">
        {steps.map(({ icon: Icon, name, value }) => (
          <li key={name} className="flex items-center gap-2.5">
            <Icon aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
            <span className="grow text-ink-soft sm:grow-0">
              {name}
              <span className="block font-semibold text-ink tabular-nums max-sm:hidden">{value}</span>
            </span>
            <span className="font-semibold tabular-nums sm:hidden">{value}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function say(ms: number | null, waiting: string): string {
  return ms === null ? waiting : `after ${formatDuration(ms)}`;
}
