'use client';

import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useKnowsPasskeys, usePasskey } from '@/components/second-factor/use-passkey';
import { Button } from '@/components/ui/button';
import type { Refusal } from '@/lib/auth/schema';

interface PasskeySignInProps {
  begin: ServerAction<[], { ok: true; options: PublicKeyCredentialRequestOptionsJSON } | Refusal>;
  /** What the passkey answered, as JSON. */
  signIn: (answer: string) => Promise<{ ok: true } | { ok: false; message: string }>;
  nextHref: string;
}

const words = {
  undone: 'You are not signed in.',
  unsure: 'You are not signed in. Try again.',
  reload: 'Reload it to go on.',
};

/** The way in without a password. Not there in a browser that knows no passkeys. */
export function PasskeySignIn({ begin, signIn, nextHref }: PasskeySignInProps) {
  const [isLeaving, setIsLeaving] = useState(false);
  const { run, isPending, problem, refuse } = useAction(words);
  const passkey = usePasskey();
  if (!useKnowsPasskeys()) return null;

  async function answer(options: PublicKeyCredentialRequestOptionsJSON) {
    const answered = await passkey.use(options);
    if (!answered.ok) return refuse(answered.message);
    setIsLeaving(true);
    const result = await signIn(answered.answer);
    // A fresh document, as with a password. Stays pending until then.
    if (result.ok) return window.location.assign(nextHref);
    setIsLeaving(false);
    refuse(result.message);
  }

  return (
    <div className="mt-4 grid gap-3 border-t border-line pt-4">
      <ProblemCallout problem={problem} />
      <Button
        size="large"
        className="w-full"
        pending={isPending || passkey.isAsking || isLeaving}
        onClick={() =>
          run(prepareCall(begin), ({ options }) => {
            void answer(options);
          })
        }
      >
        <KeyRound aria-hidden="true" className="size-4" />
        Sign in with a passkey
      </Button>
    </div>
  );
}
