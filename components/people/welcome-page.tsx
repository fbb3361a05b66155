'use client';

import { clsx } from 'clsx';
import { Check, Send } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { LiveIndicator } from '@/components/live/live-indicator';
import { createIdempotencyKey } from '@/components/messages/idempotency-key';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { SendResult } from '@/lib/messages/schema';
import type { FirstSteps } from '@/lib/people/schema';

interface WelcomePageProps {
  name: string;
  accountName: string;
  steps: FirstSteps;
  /** Where the phones are to which the demo writes. */
  simulatorHref?: string | undefined;
  /** A server action. */
  send: ServerAction<
    [message: { recipients: string; text: string; idempotencyKey: string; purpose: 'SERVICE' }],
    SendResult
  >;
}

const words = {
  undone: 'Nothing was sent or charged.',
  unsure: 'We do not know whether it was sent. Try again: it is not sent or charged twice.',
};

/** Leads a trial through what the product is about: a message, Stop, and the block. */
export function WelcomePage({ name, accountName, steps, simulatorHref, send }: WelcomePageProps) {
  const { msisdn, hasSent, isDelivered, hasStopped } = steps;
  const { run, isPending, problem } = useAction(words);
  const key = useRef<string | null>(null);
  const text = `Hello from ${accountName}! This is our first SMS. Reply STOP to opt out.`;

  function press() {
    key.current ??= createIdempotencyKey();
    // To oneself, who asks for it: no marketing, which would wait for its lawful hours.
    const message = { recipients: `+${msisdn}`, text, purpose: 'SERVICE' } as const;
    run(prepareCall(send, { ...message, idempotencyKey: key.current }), (result) => {
      const blocked = result.recipients.find(({ outcome }) => outcome !== 'queued');
      return blocked?.reason ?? undefined;
    });
  }

  return (
    <>
      <PageHeader
        title={`Welcome, ${name}`}
        description="Three steps show what this is about. Your trial writes to your own phone alone."
        aside={<LiveIndicator topics={['messages', 'replies', 'opt-outs']} />}
      />
      <ol className="grid max-w-2xl gap-3">
        <Step
          number={1}
          isDone={hasSent || hasStopped}
          isNext={!hasSent && !hasStopped}
          title="Send yourself an SMS"
        >
          <p>
            To <PhoneNumber msisdn={msisdn} />: “{text}”
          </p>
          {hasSent ? (
            <p role="status">{isDelivered || hasStopped ? 'It is on your phone.' : 'It is on its way.'}</p>
          ) : (
            !hasStopped && (
              <>
                <ProblemCallout problem={problem} />
                <div>
                  <Button variant="primary" pending={isPending} onClick={press}>
                    {!isPending && <Send aria-hidden="true" className="size-4" />}
                    {isPending ? 'Sending' : 'Send it'}
                  </Button>
                </div>
              </>
            )
          )}
        </Step>
        <Step number={2} isDone={hasStopped} isNext={hasSent && !hasStopped} title="Answer Stop">
          <p>
            Reply “Stop” to it, as a recipient would.
            {simulatorHref ? (
              <>
                {' '}
                This is a demo: your phone is in the{' '}
                <Link
                  href={simulatorHref}
                  target="_blank"
                  className="rounded-sm text-accent-text underline underline-offset-4"
                >
                  simulator
                </Link>
                , under <PhoneNumber msisdn={msisdn} />.
              </>
            ) : (
              ' A second later you get one SMS that confirms it.'
            )}
          </p>
        </Step>
        <Step number={3} isDone={false} isNext={hasStopped} title="See it listed">
          {hasStopped ? (
            <>
              <p role="status">
                You are opted out: {accountName} can no longer write to you. Every opt-out is listed with the
                reply that made it.
              </p>
              <div className="flex flex-wrap gap-2">
                <ButtonLink href="/messages/opt-outs" variant="primary">
                  See Auto Opt-Outs
                </ButtonLink>
                <ButtonLink href={`/removal-requests/new?number=${msisdn}`}>
                  Ask to write to yourself again
                </ButtonLink>
              </div>
            </>
          ) : (
            <p>
              Your number appears under Auto Opt-Outs at once, and nothing more of this account reaches it.
            </p>
          )}
        </Step>
      </ol>
      <p className="mt-5 max-w-2xl text-sm text-ink-soft">
        Ready to write to your customers? Ask us to make this a full account. Until then messages to other
        numbers are refused with <code>TRIALNOT2SELF</code>.
      </p>
    </>
  );
}

interface StepProps {
  number: number;
  isDone: boolean;
  isNext: boolean;
  title: string;
  children: ReactNode;
}

function Step({ number, isDone, isNext, title, children }: StepProps) {
  return (
    <li
      aria-current={isNext ? 'step' : undefined}
      className={clsx(
        'flex gap-4 rounded-lg border bg-surface p-4',
        isNext ? 'border-accent-text' : 'border-line',
      )}
    >
      <span
        className={clsx(
          'flex size-8 shrink-0 items-center justify-center rounded-full text-sm font-semibold',
          isDone ? 'bg-good-soft text-good-text' : 'bg-accent-soft text-accent-text',
        )}
      >
        {isDone ? <Check aria-hidden="true" className="size-4" /> : number}
        {isDone && <span className="sr-only">Done</span>}
      </span>
      <div className="grid min-w-0 grow gap-2 text-sm text-ink-soft">
        <h2 className="text-base font-semibold text-ink">{title}</h2>
        {children}
      </div>
    </li>
  );
}
