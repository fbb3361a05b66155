'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { SetAsideReply } from '@/lib/carriers/schema';
import { staffTimeZone } from '@/lib/lists/schema';

/** Server actions. */
export interface SetAsideActions {
  tryAgain: ServerAction<[reply: { id: string }]>;
  leave: ServerAction<[reply: { id: string; reason: string }]>;
}

interface SetAsideCardProps {
  /** What may be an opt-out first. */
  replies: readonly SetAsideReply[];
  actions: SetAsideActions;
}

const looks: Record<SetAsideReply['verdict'], { tone: Tone; label: string }> = {
  OPT_OUT: { tone: 'bad', label: 'Opt-out, not in force' },
  REVIEW: { tone: 'warn', label: 'May want to opt out' },
  NONE: { tone: 'neutral', label: 'Reply' },
};

/** Replies that could not be recorded, each for a reason of its own; nothing while there are none. */
export function SetAsideCard({ replies, actions }: SetAsideCardProps) {
  if (replies.length === 0) return null;
  return (
    <Card title="Could not be recorded" className="mb-4">
      <p className="px-4 py-3 text-sm text-ink-soft">
        Nobody is blocked by them yet, and no account has them. They are tried again every ten minutes. What
        is wrong is in the log of the worker; an opt-out that cannot wait is added by hand to the accounts
        that wrote.
      </p>
      <ul
        aria-label="Replies that could not be recorded"
        className="divide-y divide-line border-t border-line"
      >
        {replies.map((reply) => (
          <SetAsideItem key={reply.id} reply={reply} actions={actions} />
        ))}
      </ul>
    </Card>
  );
}

function SetAsideItem({ reply, actions }: { reply: SetAsideReply; actions: SetAsideActions }) {
  const { id, msisdn, senderNumber, text, isCut, verdict, carrier, receivedAt, fault, attempts } = reply;
  const { ask, dialog } = usePrompt();
  const trying = useAction({
    undone: 'It was not tried; it still waits.',
    unsure: 'We do not know whether it was recorded. Try again: it is recorded once.',
  });
  const { tone, label } = looks[verdict];

  function leave() {
    ask({
      title: 'Leave this reply?',
      children: <p>It is not tried again. What it wanted is done, or nobody wants it: say why.</p>,
      reason: { label: 'Reason', hint: 'It stays with the reply.' },
      submitLabel: 'Leave it',
      variant: 'danger',
      words: {
        undone: 'Nothing was decided; it still waits.',
        unsure: 'We do not know whether this was decided. Try again: it is decided once.',
      },
      command: ({ reason }) => prepareCall(actions.leave, { id, reason }),
      onDone: () => showToast('Noted. It is not tried again.'),
    });
  }

  return (
    <li className="grid gap-2 px-4 py-2.5 text-sm">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-medium">
          {msisdn === null ? 'A number that cannot be read' : <PhoneNumber msisdn={msisdn} />}
        </span>
        <span className="min-w-0 grow wrap-anywhere max-sm:order-last max-sm:basis-full sm:basis-40">
          {text === null ? 'A text that cannot be read' : text}
          {isCut && '…'}
        </span>
        <span className="max-sm:ml-auto">
          <Badge tone={tone}>{label}</Badge>
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="min-w-0 grow basis-60 text-xs wrap-anywhere text-ink-soft">
          By {carrier}, <Time value={receivedAt} timeZone={staffTimeZone} />
          {senderNumber !== null && (
            <>
              {' '}
              to <PhoneNumber msisdn={senderNumber} />
            </>
          )}
          . Tried {attempts} times: {fault}
        </span>
        <IfMay may="replies.assign">
          <span className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:grow">
            <Button
              size="small"
              pending={trying.isPending}
              onClick={() =>
                trying.run(prepareCall(actions.tryAgain, { id }), () => {
                  showToast('Recorded');
                  return undefined;
                })
              }
            >
              Record it
            </Button>
            <Button size="small" aria-haspopup="dialog" onClick={leave}>
              Leave it
            </Button>
          </span>
        </IfMay>
      </div>
      <ProblemCallout problem={trying.problem} />
      {dialog}
    </li>
  );
}
