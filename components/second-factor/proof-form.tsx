'use client';

import { KeyRound } from 'lucide-react';
import { useState, type SubmitEvent, type ReactNode } from 'react';
import { prepareCall, type ActionCall, type ServerAction } from '@/components/actions/call-action';
import type { ActionWords } from '@/components/actions/describe-failure';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import type { ActionResult, Done, Refusal } from '@/lib/auth/schema';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import type { Proof } from '@/lib/second-factor/schema';
import { useKnowsPasskeys, usePasskey } from './use-passkey';

export type BeginProof = ServerAction<
  [],
  { ok: true; options: PublicKeyCredentialRequestOptionsJSON } | Refusal
>;

interface ProofFormProps<Answer extends ActionResult> {
  /** What will be done. */
  children?: ReactNode;
  submitLabel: string;
  isDangerous?: boolean;
  hasPasskeys: boolean;
  beginProof: BeginProof;
  /** Of the rest; that the password is not kept is said here. */
  words: ActionWords;
  command: (proof: Proof) => ActionCall<Answer>;
  onDone: (answer: Done<Answer>) => void;
  onCancel: () => void;
}

/** Asks who is there, for what an open browser alone must not do: the password, or a passkey. */
export function ProofForm<Answer extends ActionResult>(props: ProofFormProps<Answer>) {
  const { children, submitLabel, isDangerous, hasPasskeys, beginProof, words, command, onDone, onCancel } =
    props;
  const [password, setPassword] = useState('');
  const { run, isPending, problem, refuse } = useAction({
    ...words,
    reload: 'Reload it to go on, and type your password again.',
  });
  const passkey = usePasskey();
  const knowsPasskeys = useKnowsPasskeys();

  function prove(proof: Proof) {
    run(command(proof), (answer) => {
      onDone(answer);
    });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (password === '') return refuse('Type your password.');
    prove({ password });
  }

  async function proveByPasskey(options: PublicKeyCredentialRequestOptionsJSON) {
    const answer = await passkey.use(options);
    if (answer.ok) prove({ passkey: answer.answer });
    else refuse(answer.message);
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {children && <div className="space-y-2 text-sm text-ink-soft">{children}</div>}
      <Field label="Your password" hint="So that nobody does this who finds your browser open.">
        {(control) => (
          <Input
            {...control}
            type="password"
            name="password"
            autoComplete="current-password"
            maxLength={1000}
            autoFocus
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
        {hasPasskeys && knowsPasskeys && (
          <Button
            className="sm:mr-auto"
            pending={passkey.isAsking}
            onClick={() =>
              run(prepareCall(beginProof), ({ options }) => {
                void proveByPasskey(options);
              })
            }
          >
            <KeyRound aria-hidden="true" className="size-4" />
            Use a passkey instead
          </Button>
        )}
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant={isDangerous ? 'danger' : 'primary'} pending={isPending}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
