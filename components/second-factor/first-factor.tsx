'use client';

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { KeyRound, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import type { Refusal } from '@/lib/auth/schema';
import type { AppSetup } from '@/lib/second-factor/schema';
import { AppSetupForm, type ConfirmApp } from './app-setup-form';
import { RecoveryCodes } from './recovery-codes';
import { useKnowsPasskeys, usePasskey } from './use-passkey';

export interface FirstFactorActions {
  beginFirstApp: ServerAction<[], { ok: true; setup: AppSetup } | Refusal>;
  confirmFirstApp: ConfirmApp;
  beginFirstPasskey: ServerAction<
    [],
    { ok: true; options: PublicKeyCredentialCreationOptionsJSON } | Refusal
  >;
  addFirstPasskey: ServerAction<
    [input: { answer: string; name: string }],
    { ok: true; codes: string[] | null } | Refusal
  >;
}

interface FirstFactorProps {
  username: string;
  allowsPasskeys: boolean;
  /** Where to go then. */
  nextHref: string;
  actions: FirstFactorActions;
}

const words = {
  undone: 'Nothing is set up yet.',
  unsure: 'We do not know whether it was set up. Reload the page: you are led on if it was.',
};

/** For whoever must have a second factor and has none: sets one up before anything else. */
export function FirstFactor({ username, allowsPasskeys, nextHref, actions }: FirstFactorProps) {
  const [setup, setSetup] = useState<AppSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { run, isPending, problem, refuse } = useAction(words);
  const device = usePasskey();
  const knowsPasskeys = useKnowsPasskeys();

  // A fresh document, as after the password.
  const leave = () => window.location.assign(nextHref);
  const finish = (fresh: readonly string[] | null) => (fresh ? setCodes(fresh) : leave());

  async function make(options: PublicKeyCredentialCreationOptionsJSON) {
    const made = await device.make(options);
    if (!made.ok) return refuse(made.message);
    run(prepareCall(actions.addFirstPasskey, { answer: made.answer, name: '' }), (added) => {
      finish(added.codes);
    });
  }

  if (codes) {
    return <RecoveryCodes codes={codes} username={username} doneLabel="I have kept them" onDone={leave} />;
  }
  if (setup) {
    return (
      <AppSetupForm
        setup={setup}
        confirm={actions.confirmFirstApp}
        onCancel={() => setSetup(null)}
        onDone={finish}
      />
    );
  }
  return (
    <div className="grid gap-4">
      <ProblemCallout problem={problem} />
      <div className="grid gap-2">
        <Button
          variant="primary"
          size="large"
          pending={isPending}
          onClick={() =>
            run(prepareCall(actions.beginFirstApp), (begun) => {
              setSetup(begun.setup);
            })
          }
        >
          <Smartphone aria-hidden="true" className="size-4" />
          Set up an authenticator app
        </Button>
        {allowsPasskeys && knowsPasskeys && (
          <Button
            size="large"
            pending={isPending || device.isAsking}
            onClick={() =>
              run(prepareCall(actions.beginFirstPasskey), (begun) => {
                void make(begun.options);
              })
            }
          >
            <KeyRound aria-hidden="true" className="size-4" />
            Set up a passkey
          </Button>
        )}
      </div>
    </div>
  );
}
