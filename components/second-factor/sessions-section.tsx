'use client';

import { Laptop, MonitorSmartphone, Smartphone, Tablet } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Section } from '@/components/settings/section';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { formatNumberOf } from '@/components/ui/format-count';
import { RelativeTime } from '@/components/ui/relative-time';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { Refusal } from '@/lib/auth/schema';
import type { SessionRow } from '@/lib/second-factor/schema';

interface SessionsSectionProps {
  sessions: readonly SessionRow[];
  timeZone: string;
  endSession: ServerAction<[input: { handle: string }], { ok: true } | Refusal>;
  endOtherSessions: ServerAction<[], { ok: true; ended: number } | Refusal>;
  signOut: ServerAction<[]>;
}

const icons = { computer: Laptop, phone: Smartphone, tablet: Tablet, unknown: MonitorSmartphone };

const words = {
  undone: 'No session was ended.',
  unsure: 'We do not know whether the session was ended. Try again: that does no harm.',
};

/** Where somebody is signed in, and how to end that. */
export function SessionsSection(props: SessionsSectionProps) {
  const { sessions, timeZone, endSession, endOtherSessions, signOut } = props;
  const router = useRouter();
  const { run, isPending, problem } = useAction(words);
  const others = sessions.filter(({ isThisOne }) => !isThisOne).length;

  function end({ handle, isThisOne, device }: SessionRow) {
    if (isThisOne) return run(prepareCall(signOut), () => undefined);
    run(prepareCall(endSession, { handle }), () => {
      showToast(`The session of ${device} was ended`);
      router.refresh();
    });
  }

  function endOthers() {
    run(prepareCall(endOtherSessions), ({ ended }) => {
      showToast(`${formatNumberOf(ended, 'session was', 'sessions were')} ended`);
      router.refresh();
    });
  }

  return (
    <Section
      id="sessions"
      title="Where you are signed in"
      description={
        <>
          <p>
            Whatever you end here is over at once, open pages included. If there is one that you do not know,
            end it and change your password.
          </p>
          <p>A session ends by itself after 12 hours without use, and after 30 days.</p>
        </>
      }
    >
      <ul aria-label="Sessions" className="divide-y divide-line">
        {sessions.map((session) => {
          const Icon = icons[session.kind];
          return (
            <li
              key={session.handle}
              className="flex flex-wrap items-start justify-between gap-3 px-4 py-3.5 sm:px-5"
            >
              <div className="flex min-w-0 gap-3">
                <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
                <div className="min-w-0 text-sm">
                  <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
                    {session.device}
                    {session.isThisOne && <Badge tone="accent">This browser</Badge>}
                  </p>
                  <p className="wrap-anywhere text-ink-soft">{session.place}</p>
                  <p className="text-xs text-ink-faint">
                    {session.method}. Signed in <Time value={session.createdAt} timeZone={timeZone} />, last
                    seen{' '}
                    {session.isThisOne ? (
                      'now'
                    ) : (
                      <RelativeTime value={session.lastSeenAt} timeZone={timeZone} />
                    )}
                  </p>
                </div>
              </div>
              <Button
                size="small"
                aria-label={session.isThisOne ? undefined : `End the session of ${session.device}`}
                pending={isPending}
                onClick={() => end(session)}
                className="max-sm:w-full"
              >
                {session.isThisOne ? 'Sign out' : 'End'}
              </Button>
            </li>
          );
        })}
      </ul>
      <div className="grid gap-3 border-t border-line px-4 py-3 sm:px-5">
        <ProblemCallout problem={problem} />
        <div className="flex flex-wrap items-center justify-end gap-2">
          {others === 0 && <p className="mr-auto text-sm text-ink-faint">You are signed in nowhere else.</p>}
          <Button
            variant="danger"
            disabled={others === 0 && !isPending}
            pending={isPending}
            onClick={endOthers}
            className="max-sm:w-full"
          >
            End all other sessions
          </Button>
        </div>
      </div>
    </Section>
  );
}
