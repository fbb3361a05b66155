'use client';

import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { KeyRound } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import type { Refusal } from '@/lib/auth/schema';
import { CodeField } from './code-field';
import { usePasskey } from './use-passkey';

type Enter = ServerAction<[input: { code: string }], { ok: true } | Refusal>;

export interface SecondStepActions {
  enterCode: Enter;
  enterRecoveryCode: Enter;
  beginPasskeyStep: ServerAction<[], { ok: true; options: PublicKeyCredentialRequestOptionsJSON } | Refusal>;
  enterPasskey: ServerAction<[input: { answer: string }], { ok: true } | Refusal>;
}

interface SecondStepFormProps {
  hasApp: boolean;
  hasPasskeys: boolean;
  hasRecoveryCodes: boolean;
  /** Where to go then. */
  nextHref: string;
  actions: SecondStepActions;
}

const words = {
  undone: 'You are not signed in yet.',
  unsure: 'We do not know whether you are signed in. Reload the page: you are led on if you are.',
};
const wordsOfCode = { ...words, reload: 'Reload it to go on, and type the code again.' };

type Way = 'app' | 'passkey' | 'recovery';

/** The second factor: a code of the app, a passkey, or a recovery code. */
export function SecondStepForm(props: SecondStepFormProps) {
  const { hasApp, hasPasskeys, hasRecoveryCodes, nextHref, actions } = props;
  const [way, setWay] = useState<Way>(hasApp ? 'app' : 'passkey');
  const [code, setCode] = useState('');
  const [isLeaving, setIsLeaving] = useState(false);
  const { run, isPending, problem, refuse, clear } = useAction(way === 'passkey' ? words : wordsOfCode);
  const passkey = usePasskey();

  function choose(next: Way) {
    setWay(next);
    setCode('');
    clear();
  }

  function leave() {
    // A fresh document, as after the password: nothing that was rendered for half a sign-in is kept.
    setIsLeaving(true);
    window.location.assign(nextHref);
    return undefined;
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isLeaving) return;
    if (way === 'passkey') return askPasskey();
    if (code.trim() === '') {
      return refuse(
        way === 'app' ? 'Type the code that your app shows.' : 'Type one of your recovery codes.',
      );
    }
    run(prepareCall(way === 'app' ? actions.enterCode : actions.enterRecoveryCode, { code }), leave);
  }

  function askPasskey() {
    run(prepareCall(actions.beginPasskeyStep), ({ options }) => {
      void answer(options);
      return undefined;
    });
  }

  async function answer(options: PublicKeyCredentialRequestOptionsJSON) {
    const answered = await passkey.use(options);
    if (!answered.ok) return refuse(answered.message);
    run(prepareCall(actions.enterPasskey, { answer: answered.answer }), leave);
  }

  const others: { way: Way; label: string; isThere: boolean }[] = [
    { way: 'app', label: 'Use a code from your app', isThere: hasApp },
    { way: 'passkey', label: 'Use your passkey', isThere: hasPasskeys },
    { way: 'recovery', label: 'Use a recovery code', isThere: hasRecoveryCodes },
  ];

  return (
    <form method="post" onSubmit={submit} noValidate className="mt-5 grid gap-4">
      <ProblemCallout problem={problem} />
      {way === 'app' && (
        <CodeField
          value={code}
          onChange={setCode}
          autoFocus
          hint="Six digits, in the authenticator app on your phone."
        />
      )}
      {way === 'recovery' && (
        <CodeField
          kind="recovery"
          value={code}
          onChange={setCode}
          autoFocus
          hint="One of the ten that you kept when you set up your second factor. Each works once."
        />
      )}
      {way === 'passkey' && (
        <p className="text-sm text-ink-soft">Your device asks for your fingerprint, your face or its PIN.</p>
      )}
      <Button
        type="submit"
        variant="primary"
        size="large"
        pending={isPending || isLeaving || passkey.isAsking}
        className="w-full"
      >
        {way === 'passkey' && <KeyRound aria-hidden="true" className="size-4" />}
        {way === 'passkey' ? 'Continue with your passkey' : 'Continue'}
      </Button>
      <ul className="grid gap-2 border-t border-line pt-4 text-sm">
        {others
          .filter((other) => other.isThere && other.way !== way)
          .map((other) => (
            <li key={other.way}>
              <button
                type="button"
                onClick={() => choose(other.way)}
                className="rounded-sm py-0.5 text-accent-text underline underline-offset-4"
              >
                {other.label}
              </button>
            </li>
          ))}
      </ul>
    </form>
  );
}
