'use client';

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import type { Done, Refused } from '@/lib/auth/schema';
import type { ConfirmResult, ConsentPreview } from '@/lib/removal-requests/schema';
import { ConsentPreviewCard } from './consent-preview-card';
import { LeavingTime } from './leaving-time';

interface ConfirmFormProps {
  token: string;
  account: { name: string; number: string };
  msisdn: string;
  permissionText: string;
  consent: ConsentPreview;
  timeZone: string;
  /** A server action. To open the page changes nothing: mail programs follow links by themselves. */
  confirm: ServerAction<[token: string], ConfirmResult>;
}

const words = {
  undone: 'The request is not confirmed yet; the recipient has not been asked.',
  unsure: 'We do not know whether the request is confirmed. Try again: a recipient is never asked twice.',
};

export function ConfirmForm(props: ConfirmFormProps) {
  const { token, account, msisdn, consent, timeZone, confirm } = props;
  const [result, setResult] = useState<Done<ConfirmResult> | Refused<ConfirmResult> | null>(null);
  const { run, isPending, problem } = useAction(words);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (result?.ok) heading.current?.focus();
  }, [result]);

  function press() {
    run(
      prepareCall(confirm, token),
      (answer) => {
        setResult(answer);
      },
      {
        onRefused: (refusal) => {
          if (refusal.reason === 'failed') return refusal.message;
          setResult(refusal);
        },
      },
    );
  }

  if (result?.ok) {
    return (
      <section className="grid gap-4 rounded-xl border border-line bg-surface p-6">
        <h1 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
          Confirmed
        </h1>
        <p className="text-ink-soft">
          The SMS that asks <PhoneNumber msisdn={result.msisdn} /> leaves{' '}
          <LeavingTime dueAt={result.consentDueAt} timeZone={timeZone} />. The recipient can answer until{' '}
          <Time value={result.expiresAt} timeZone={timeZone} />; we tell you by e-mail how it ends.
        </p>
        <div>
          <ButtonLink href={`/removal-requests/${result.requestId}`} variant="primary">
            Follow the request
          </ButtonLink>
        </div>
      </section>
    );
  }

  return (
    <section className="grid gap-5 rounded-xl border border-line bg-surface p-6">
      <div>
        <h1 className="text-lg font-semibold">Confirm the removal request</h1>
        <p className="mt-1 text-sm text-ink-soft">
          Somebody asked on our contact form that this number be unblocked for your account. If you do not
          know of it, close this page: without you nothing happens.
        </p>
      </div>
      <dl className="divide-y divide-line border-y border-line text-sm">
        <Fact name="Account">
          {account.number}, {account.name}
        </Fact>
        <Fact name="Opted-out number">
          <PhoneNumber msisdn={msisdn} />
        </Fact>
      </dl>
      <ConsentPreviewCard consent={consent} timeZone={timeZone} />
      <ProblemCallout problem={problem} />
      {result && (
        <Callout tone="warn" announce>
          {result.message}
        </Callout>
      )}
      {result ? (
        <div className="flex flex-wrap gap-2 max-sm:*:grow">
          <ButtonLink href="/removal-requests" variant="primary">
            See your removal requests
          </ButtonLink>
        </div>
      ) : (
        <>
          <p className="text-sm">By pressing the button you say: “{props.permissionText}”</p>
          <Button variant="primary" size="large" pending={isPending} onClick={press} className="w-full">
            {isPending ? 'Confirming' : 'Give permission and ask the recipient'}
          </Button>
        </>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-3 py-2.5">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 font-medium tabular-nums">{children}</dd>
    </div>
  );
}
