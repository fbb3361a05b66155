import { clsx } from 'clsx';
import {
  Ban,
  CircleCheck,
  CircleX,
  FilePen,
  MailCheck,
  MessageSquareReply,
  ShieldCheck,
  TimerOff,
  type LucideIcon,
} from 'lucide-react';
import { Time } from '@/components/ui/time';
import { describeEvent } from '@/lib/removal-requests/labels';
import type { RemovalRequestEvent, RemovalRequestEventRow } from '@/lib/removal-requests/schema';
import type { Audience } from './audience';

const looks: Record<RemovalRequestEvent, { icon: LucideIcon; className: string }> = {
  REQUESTED: { icon: FilePen, className: 'text-ink-faint' },
  CONFIRMED: { icon: MailCheck, className: 'text-ink-faint' },
  YES: { icon: MessageSquareReply, className: 'bg-good-soft text-good-text' },
  NO: { icon: MessageSquareReply, className: 'bg-bad-soft text-bad-text' },
  OPT_OUT: { icon: Ban, className: 'bg-bad-soft text-bad-text' },
  OTHER: { icon: MessageSquareReply, className: 'text-accent-text' },
  APPROVED: { icon: ShieldCheck, className: 'bg-good-soft text-good-text' },
  REJECTED: { icon: CircleX, className: 'bg-bad-soft text-bad-text' },
  CANCELLED: { icon: CircleX, className: 'text-ink-faint' },
  EXPIRED: { icon: TimerOff, className: 'bg-warn-soft text-warn-text' },
  BLOCK_LIFTED: { icon: CircleCheck, className: 'text-ink-faint' },
};

const actors: Record<string, string> = {
  recipient: 'The recipient',
  owner: 'The account’s owner, by the link in the e-mail',
  visitor: 'Somebody on the contact form',
  system: 'By itself',
};

function describeActor({ actor, actorName }: RemovalRequestEventRow, audience: Audience): string {
  const account = audience === 'staff' ? 'The account' : 'Your account';
  return actorName ?? actors[actor] ?? (actor.startsWith('staff:') ? 'Our staff' : account);
}

/** Every event of a request, the first one first. */
export function RequestTimeline({
  audience,
  events,
  timeZone,
}: {
  audience: Audience;
  events: readonly RemovalRequestEventRow[];
  timeZone: string;
}) {
  return (
    <ol className="px-4 pt-4">
      {events.map((event) => {
        const { icon: Icon, className } = looks[event.kind];
        return (
          <li key={event.id} className="group relative grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3 pb-4">
            <span
              aria-hidden="true"
              className="absolute top-7 bottom-0 left-3.5 w-px -translate-x-1/2 bg-line group-last:hidden"
            />
            <span
              className={clsx(
                'flex size-7 items-center justify-center rounded-full border border-line',
                className,
              )}
            >
              <Icon aria-hidden="true" className="size-3.5" />
            </span>
            <div className="min-w-0 pt-1 text-sm">
              <p className="font-medium">{describeEvent(event)}</p>
              <p className="text-xs text-ink-faint">
                {describeActor(event, audience)} · <Time value={event.createdAt} timeZone={timeZone} />
              </p>
              {event.reason && (
                <p className="mt-0.5 wrap-anywhere whitespace-pre-wrap text-ink-soft">{event.reason}</p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
