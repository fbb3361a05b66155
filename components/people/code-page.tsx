'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { PublicShell } from '@/components/shell/public-shell';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { ActionResult } from '@/lib/auth/schema';
import type { ConfirmedRegistration } from '@/lib/people/schema';
import { CodeField } from './code-field';
import { NewPasswordField } from './new-password-field';
import { PublicCard } from './public-card';
import { NumberField, UsernameField } from './register-form';
import { ResendButton } from './resend-button';
import { useFocusOnProblem } from './use-focus-on-problem';

interface CodePageProps {
  registration: ConfirmedRegistration;
  /** Where the phone is to which the demo writes. */
  simulatorHref?: string | undefined;
  /** Server actions. */
  open: ServerAction<[typed: { code: string; username: string; password: string }], ActionResult>;
  sendAnother: ServerAction<[to: { number: string | null }], ActionResult>;
}

const words = {
  undone: 'Your account is not open yet; what you typed is still here.',
  unsure: 'We do not know whether your account is open. Try again: no second one is opened.',
  reload: 'Reload it to go on, and type the code again.',
};

/** The last step of registering: the code, and another username where the first is taken. */
export function CodePage({ registration, simulatorHref, open, sendAnother }: CodePageProps) {
  const { company, email, msisdn, isUsernameTaken, needsPassword } = registration;
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const draft = useDraft<string>(`username for ${email}`, registration.username);
  const username = draft.value;
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(words, [
    'code',
    'username',
    'password',
  ]);
  const form = useFocusOnProblem(fieldProblems);
  const isNameAsked =
    isUsernameTaken || fieldProblems.username !== undefined || username !== registration.username;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(open, { code, username, password }), () => undefined, { onLeave: draft.clear });
  }

  return (
    <PublicShell isWide>
      <PublicCard
        title="Enter the code from your phone"
        intro={
          <>
            Your address, {email}, is confirmed. We sent an SMS with a code to{' '}
            <strong className="font-medium whitespace-nowrap text-ink">
              <PhoneNumber msisdn={msisdn} />
            </strong>
            ; with it the account of {company} is open.
            {simulatorHref && (
              <>
                {' '}
                This is a demo: the phone is in the{' '}
                <Link
                  href={simulatorHref}
                  target="_blank"
                  className="rounded-sm text-accent-text underline underline-offset-4"
                >
                  simulator
                </Link>
                .
              </>
            )}
          </>
        }
      >
        <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
          <ProblemCallout problem={problem} />
          {isNameAsked && (
            <>
              {isUsernameTaken && username === registration.username && (
                <Callout tone="warn">
                  The username “{registration.username}” is taken. Choose another one.
                </Callout>
              )}
              <UsernameField
                value={username}
                onChange={(typed) => {
                  draft.change(typed);
                  clearFields(['username']);
                }}
                error={fieldProblems.username}
              />
            </>
          )}
          <CodeField
            isFirst
            value={code}
            onChange={(typed) => {
              setCode(typed);
              clearFields(['code']);
            }}
            error={fieldProblems.code}
          />
          {needsPassword && (
            <>
              <Callout>
                You opened the link in another browser than the one in which the form was filled in. So the
                password of the form does not count; choose one here.
              </Callout>
              <NewPasswordField
                value={password}
                onChange={(typed) => {
                  setPassword(typed);
                  clearFields(['password']);
                }}
                error={fieldProblems.password}
              />
            </>
          )}
          <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
            {isPending ? 'Opening your account' : 'Open my account'}
          </Button>
        </form>
      </PublicCard>
      <OtherCode {...registration} sendAnother={sendAnother} />
    </PublicShell>
  );
}

/** Another code, or another number. */
function OtherCode({
  waitSeconds,
  sendAnother,
}: Pick<ConfirmedRegistration, 'waitSeconds'> & Pick<CodePageProps, 'sendAnother'>) {
  const [isOther, setIsOther] = useState(false);
  const [number, setNumber] = useState('');
  return (
    <div className="mt-4 grid gap-3 px-2 text-sm text-ink-soft">
      <p>No SMS after a minute, or the wrong number?</p>
      {isOther && <NumberField label="Another cell number" value={number} onChange={setNumber} />}
      <div className="flex flex-wrap items-start gap-2">
        <ResendButton
          waitSeconds={waitSeconds}
          compose={() => prepareCall(sendAnother, { number: isOther ? number : null })}
        />
        <Button variant="quiet" onClick={() => setIsOther(!isOther)}>
          {isOther ? 'Keep the number' : 'Use another number'}
        </Button>
      </div>
    </div>
  );
}
