'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { PublicShell } from '@/components/shell/public-shell';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import type { ActionResult } from '@/lib/auth/schema';
import { CodeField } from './code-field';
import { NewPasswordField } from './new-password-field';
import { PublicCard } from './public-card';
import { useFocusOnProblem } from './use-focus-on-problem';

/** A new password, by a link's token or by a code. */
export type ChoosePassword = ServerAction<
  [form: { token: string; password: string } | { username: string; code: string; password: string }],
  ActionResult
>;

const words = {
  undone: 'Your password is as it was.',
  unsure:
    'We do not know whether your password was changed. Try to sign in with the new one; otherwise ask for a new link.',
  reload: 'Reload it to go on, and type the password again.',
};
const wordsOfCode = { ...words, reload: 'Reload it and begin again; your username is kept.' };

interface NewPasswordPageProps {
  token: string;
  /** Their username, where it is their first password: somebody else has added them. */
  newcomer: string | null;
  choose: ChoosePassword;
}

export function NewPasswordPage({ token, newcomer, choose }: NewPasswordPageProps) {
  return (
    <PublicShell isWide>
      <NewPasswordForm
        title={newcomer === null ? undefined : 'Choose a password'}
        intro={
          newcomer === null
            ? 'All browsers in which you are signed in are signed out then, and we tell you by e-mail.'
            : `You sign in with it as ${newcomer}.`
        }
        by={{ token }}
        choose={choose}
        {...(newcomer !== null && {
          button: ['Save my password', 'Saving your password'],
          done: { title: 'Your password is set', intro: `Sign in with it as ${newcomer}.` },
        })}
      />
    </PublicShell>
  );
}

interface NewPasswordFormProps {
  title?: string | undefined;
  intro: string;
  /** What it says, and while it is pressed. */
  button?: readonly [string, string];
  done?: { title: string; intro: string };
  by: { token: string } | { username: string };
  choose: ChoosePassword;
  takesFocus?: boolean;
}

export function NewPasswordForm({
  title = 'Choose a new password',
  intro,
  button = ['Change my password', 'Changing your password'],
  done = {
    title: 'Your password is changed',
    intro: 'You are signed out everywhere. Sign in with the new password.',
  },
  by,
  choose,
  takesFocus = false,
}: NewPasswordFormProps) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [isDone, setIsDone] = useState(false);
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(
    'token' in by ? words : wordsOfCode,
    ['code', 'password'],
  );
  const form = useFocusOnProblem(fieldProblems);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(choose, 'token' in by ? { ...by, password } : { ...by, code, password }), () => {
      setPassword('');
      setIsDone(true);
      return undefined;
    });
  }

  if (isDone) {
    return (
      <PublicCard takesFocus {...done}>
        <ButtonLink href="/sign-in" variant="primary" size="large">
          Sign in
        </ButtonLink>
      </PublicCard>
    );
  }
  return (
    <PublicCard title={title} intro={intro} takesFocus={takesFocus}>
      <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
        <ProblemCallout problem={problem} />
        {'username' in by && (
          <>
            {/* For password managers: whose password it is. */}
            <input type="hidden" name="username" autoComplete="username" value={by.username} readOnly />
            <CodeField
              value={code}
              onChange={(typed) => {
                setCode(typed);
                clearFields(['code']);
              }}
              error={fieldProblems.code}
            />
          </>
        )}
        <NewPasswordField
          label="New password"
          value={password}
          onChange={(typed) => {
            setPassword(typed);
            clearFields(['password']);
          }}
          error={fieldProblems.password}
        />
        <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
          {isPending ? button[1] : button[0]}
        </Button>
      </form>
    </PublicCard>
  );
}
