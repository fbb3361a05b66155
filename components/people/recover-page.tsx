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
import { RadioCards } from '@/components/ui/radio-cards';
import type { ActionResult } from '@/lib/auth/schema';
import type { RecoveryWay } from '@/lib/people/schema';
import { NewPasswordForm, type ChoosePassword } from './new-password-page';
import { PublicCard } from './public-card';
import { useFocusOnProblem } from './use-focus-on-problem';

interface RecoverPageProps {
  /** Server actions. */
  ask: ServerAction<[form: { username: string; way: RecoveryWay }], ActionResult>;
  choose: ChoosePassword;
  /** Where the e-mails are, in a demo without a mail server. */
  mailHref?: string | undefined;
}

const words = {
  undone: 'Nothing was sent.',
  unsure: 'We do not know whether something was sent. Look into your e-mail or at your phone, or try again.',
};

export function RecoverPage({ ask, choose, mailHref }: RecoverPageProps) {
  const draft = useDraft<{ username: string; way: RecoveryWay }>('recover', { username: '', way: 'link' });
  const { username, way } = draft.value;
  const [isAsked, setIsAsked] = useState(false);
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(words, ['username']);
  const form = useFocusOnProblem(fieldProblems);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(ask, { username, way }), () => {
      setIsAsked(true);
      return undefined;
    });
  }

  return (
    <PublicShell isWide>
      {isAsked && way === 'code' && (
        <NewPasswordForm
          takesFocus
          intro={`If there is a user ${username.trim()} with a confirmed cell number, a code is on its way to it.`}
          by={{ username }}
          choose={choose}
        />
      )}
      {isAsked && way === 'link' && (
        <PublicCard
          takesFocus
          title="Look into your e-mail"
          intro={`If there is a user ${username.trim()}, a link is on its way to their e-mail address. It works once, for 30 minutes.`}
        >
          {mailHref !== undefined && <DemoMailHint href={mailHref} />}
        </PublicCard>
      )}
      {!isAsked && (
        <PublicCard
          title="Forgot your password?"
          intro="Tell us your username, and how to reach you. Your password stays as it is until you choose a new one."
        >
          <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
            <ProblemCallout problem={problem} />
            <Field label="Username" error={fieldProblems.username}>
              {(control) => (
                <Input
                  {...control}
                  name="username"
                  autoComplete="username"
                  autoCapitalize="none"
                  autoCorrect="off"
                  spellCheck={false}
                  maxLength={100}
                  value={username}
                  onChange={(event) => {
                    draft.change({ username: event.target.value, way });
                    clearFields(['username']);
                  }}
                />
              )}
            </Field>
            <RadioCards
              legend="Send me"
              name="way"
              value={way}
              onChange={(chosen) => draft.change({ username, way: chosen })}
              options={[
                { value: 'link', label: 'A link by e-mail' },
                { value: 'code', label: 'A code by SMS, to the cell number you confirmed' },
              ]}
            />
            <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
              {isPending ? 'Sending' : 'Send'}
            </Button>
          </form>
        </PublicCard>
      )}
      <p className="mt-4 flex flex-wrap justify-center gap-x-4 gap-y-1 text-sm">
        {isAsked && (
          <button
            type="button"
            onClick={() => setIsAsked(false)}
            className="rounded-sm text-accent-text underline underline-offset-4"
          >
            Nothing came? Ask again
          </button>
        )}
        <Link href="/recover/username" className="rounded-sm text-accent-text underline underline-offset-4">
          Forgot your username?
        </Link>
        <Link href="/sign-in" className="rounded-sm text-accent-text underline underline-offset-4">
          Sign in
        </Link>
      </p>
    </PublicShell>
  );
}
