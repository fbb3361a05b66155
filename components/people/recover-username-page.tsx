'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { DemoMailHint } from '@/components/outbox/demo-mail-hint';
import { PublicShell } from '@/components/shell/public-shell';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Link } from '@/components/ui/link';
import type { ActionResult } from '@/lib/auth/schema';
import { PublicCard } from './public-card';
import { useFocusOnProblem } from './use-focus-on-problem';

const words = {
  undone: 'Nothing was sent.',
  unsure: 'We do not know whether an e-mail was sent. Look into your e-mail, or try again.',
};

export function RecoverUsernamePage({
  ask,
  mailHref,
}: {
  /** A server action. */
  ask: ServerAction<[form: { email: string }], ActionResult>;
  /** Where the e-mails are, in a demo without a mail server. */
  mailHref?: string | undefined;
}) {
  const draft = useDraft('recover-username', { email: '' });
  const { email } = draft.value;
  const [isAsked, setIsAsked] = useState(false);
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(words, ['email']);
  const form = useFocusOnProblem(fieldProblems);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(ask, { email }), () => {
      setIsAsked(true);
      return undefined;
    });
  }

  return (
    <PublicShell isWide>
      {isAsked ? (
        <PublicCard
          takesFocus
          title="Look into your e-mail"
          intro={`If ${email.trim()} is the address of a user, an e-mail with the username is on its way.`}
        >
          {mailHref !== undefined && <DemoMailHint href={mailHref} to={email.trim()} />}
        </PublicCard>
      ) : (
        <PublicCard title="Forgot your username?" intro="We send it to your e-mail address.">
          <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
            <ProblemCallout problem={problem} />
            <Field label="E-mail address" error={fieldProblems.email}>
              {(control) => (
                <Input
                  {...control}
                  name="email"
                  type="email"
                  autoComplete="email"
                  maxLength={254}
                  value={email}
                  onChange={(event) => {
                    draft.change({ email: event.target.value });
                    clearFields(['email']);
                  }}
                />
              )}
            </Field>
            <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
              {isPending ? 'Sending' : 'Send my username'}
            </Button>
          </form>
        </PublicCard>
      )}
      <p className="mt-4 flex flex-wrap justify-center gap-x-4 gap-y-1 text-sm">
        <Link href="/recover" className="rounded-sm text-accent-text underline underline-offset-4">
          Forgot your password?
        </Link>
        <Link href="/sign-in" className="rounded-sm text-accent-text underline underline-offset-4">
          Sign in
        </Link>
      </p>
    </PublicShell>
  );
}
