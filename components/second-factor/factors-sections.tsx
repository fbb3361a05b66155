'use client';

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { KeyRound, Smartphone } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Section } from '@/components/settings/section';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { Refusal } from '@/lib/auth/schema';
import {
  maxPasskeyName,
  recoveryCodeCount,
  type AppSetup,
  type OwnFactors,
  type OwnPasskey,
  type Proof,
} from '@/lib/second-factor/schema';
import { AppSetupForm, type ConfirmApp } from './app-setup-form';
import { ProofForm, type BeginProof } from './proof-form';
import { RecoveryCodes } from './recovery-codes';
import { useKnowsPasskeys, usePasskey } from './use-passkey';

export interface FactorActions {
  beginProof: BeginProof;
  beginApp: ServerAction<[input: { proof: Proof }], { ok: true; setup: AppSetup } | Refusal>;
  confirmApp: ConfirmApp;
  removeApp: ServerAction<[input: { proof: Proof }], { ok: true } | Refusal>;
  renewRecoveryCodes: ServerAction<[input: { proof: Proof }], { ok: true; codes: string[] } | Refusal>;
  beginPasskey: ServerAction<
    [input: { proof: Proof }],
    { ok: true; options: PublicKeyCredentialCreationOptionsJSON } | Refusal
  >;
  addPasskey: ServerAction<
    [input: { answer: string; name: string }],
    { ok: true; codes: string[] | null } | Refusal
  >;
  renamePasskey: ServerAction<[input: { id: string; name: string }], { ok: true } | Refusal>;
  removePasskey: ServerAction<[input: { id: string; proof: Proof }], { ok: true } | Refusal>;
}

interface FactorsSectionsProps {
  username: string;
  factors: OwnFactors;
  /** Whether this installation's address allows passkeys. */
  allowsPasskeys: boolean;
  timeZone: string;
  actions: FactorActions;
}

/** What is asked about in the dialog. */
type Question =
  | { kind: 'set-up-app' }
  | { kind: 'remove-app' }
  | { kind: 'renew-codes' }
  | { kind: 'add-passkey' }
  | { kind: 'remove-passkey'; passkey: OwnPasskey };

const titles: Record<Question['kind'], string> = {
  'set-up-app': 'Set up an authenticator app',
  'remove-app': 'Remove the authenticator app',
  'renew-codes': 'Make new recovery codes',
  'add-passkey': 'Add a passkey',
  'remove-passkey': 'Remove a passkey',
};

const unchanged = {
  undone: 'Nothing was changed.',
  unsure: 'We do not know whether this was done. Reload the page to see: to try again does no harm.',
};

/** The second factor of whoever is signed in: app, passkeys, recovery codes. */
export function FactorsSections({
  username,
  factors,
  allowsPasskeys,
  timeZone,
  actions,
}: FactorsSectionsProps) {
  const router = useRouter();
  const [question, setQuestion] = useState<Question | null>(null);
  const [opening, setOpening] = useState(0);
  const [setup, setSetup] = useState<AppSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const newName = useDraft<string>('name of a new passkey', '');
  const [renaming, setRenaming] = useState<string | null>(null);
  const knowsPasskeys = useKnowsPasskeys();
  const device = usePasskey();
  const adding = useAction({
    undone: 'The passkey was not added.',
    unsure: 'We do not know whether the passkey was added. Reload the page: it is listed if it was.',
  });

  const hasAny = factors.appSince !== null || factors.passkeys.length > 0;

  function ask(next: Question) {
    setOpening(opening + 1);
    setQuestion(next);
    adding.clear();
  }

  function finish(message: string) {
    setQuestion(null);
    showToast(message);
    router.refresh();
  }

  function showCodes(fresh: readonly string[] | null, message: string) {
    if (fresh) setCodes(fresh);
    finish(message);
  }

  async function make(options: PublicKeyCredentialCreationOptionsJSON) {
    setQuestion(null);
    const made = await device.make(options);
    if (!made.ok) return adding.refuse(made.message);
    adding.run(prepareCall(actions.addPasskey, { answer: made.answer, name: newName.value }), (added) => {
      newName.clear();
      showCodes(added.codes, 'The passkey was added');
    });
  }

  const proof = { hasPasskeys: factors.passkeys.length > 0, beginProof: actions.beginProof };
  const close = () => setQuestion(null);

  return (
    <>
      <Section
        id="app"
        title="Two-factor sign-in"
        description={
          <>
            <p>
              Besides your password, a code that only your phone shows: whoever learns the password does not
              get in by it.
            </p>
            {factors.isRequired && <p>You must have a second factor: this app, or a passkey.</p>}
          </>
        }
      >
        <div className="grid gap-4 p-4 sm:p-5">
          {codes && (
            <RecoveryCodes
              codes={codes}
              username={username}
              doneLabel="I have kept them"
              onDone={() => setCodes(null)}
            />
          )}
          {setup ? (
            <AppSetupForm
              setup={setup}
              confirm={actions.confirmApp}
              onCancel={() => setSetup(null)}
              onDone={(fresh) => {
                setSetup(null);
                showCodes(fresh, 'The authenticator app is set up');
              }}
            />
          ) : (
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="flex min-w-0 items-center gap-2.5 text-sm">
                <Smartphone aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
                <span>
                  Authenticator app{' '}
                  {factors.appSince === null ? (
                    <Badge>Off</Badge>
                  ) : (
                    <>
                      <Badge tone="good">On</Badge>{' '}
                      <span className="text-ink-soft">
                        since <Time value={factors.appSince} timeZone={timeZone} />
                      </span>
                    </>
                  )}
                </span>
              </p>
              <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:grow">
                {factors.appSince === null ? (
                  <Button variant="primary" onClick={() => ask({ kind: 'set-up-app' })}>
                    Set up
                  </Button>
                ) : (
                  <>
                    <Button onClick={() => ask({ kind: 'set-up-app' })}>Use another phone</Button>
                    <Button variant="danger" onClick={() => ask({ kind: 'remove-app' })}>
                      Remove
                    </Button>
                  </>
                )}
              </div>
            </div>
          )}
          {hasAny && (
            <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
              <p className="text-sm">
                Recovery codes{' '}
                <span className="text-ink-soft">
                  {factors.codesLeft} of {recoveryCodeCount} left
                </span>
              </p>
              <Button className="max-sm:w-full" onClick={() => ask({ kind: 'renew-codes' })}>
                Make new recovery codes
              </Button>
              {factors.codesLeft < 3 && (
                <Callout tone="warn">
                  {factors.codesLeft === 0 ? 'No codes are left.' : 'Few codes are left.'} Make new ones: they
                  are what lets you in without your phone.
                </Callout>
              )}
            </div>
          )}
        </div>
      </Section>

      <Section
        id="passkeys"
        title="Passkeys"
        description={
          <p>
            Sign in with your fingerprint, your face or a security key, without a password. A passkey counts
            for both factors, and works at this address only: nobody can talk you out of it.
          </p>
        }
      >
        <div className="grid gap-4 p-4 sm:p-5">
          {factors.passkeys.length === 0 ? (
            <p className="text-sm text-ink-soft">You have no passkeys yet.</p>
          ) : (
            <ul className="divide-y divide-line" aria-label="Passkeys">
              {factors.passkeys.map((passkey) => (
                <li
                  key={passkey.id}
                  className="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0"
                >
                  {renaming === passkey.id ? (
                    <RenameForm
                      passkey={passkey}
                      rename={actions.renamePasskey}
                      onCancel={() => setRenaming(null)}
                      onDone={() => {
                        setRenaming(null);
                        router.refresh();
                      }}
                    />
                  ) : (
                    <>
                      <div className="min-w-0">
                        <p className="flex items-center gap-2 text-sm font-medium wrap-anywhere">
                          <KeyRound aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
                          <span className="min-w-0">{passkey.name}</span>
                        </p>
                        <p className="text-xs text-ink-faint">
                          Added <Time value={passkey.createdAt} timeZone={timeZone} />
                          {', '}
                          {passkey.lastUsedAt === null ? (
                            'not used yet'
                          ) : (
                            <>
                              last used <Time value={passkey.lastUsedAt} timeZone={timeZone} />
                            </>
                          )}
                          {passkey.isSynced && ', on all your devices of one account'}
                        </p>
                      </div>
                      <div className="flex gap-2 max-sm:w-full max-sm:*:grow">
                        <Button
                          size="small"
                          aria-label={`Rename ${passkey.name}`}
                          onClick={() => setRenaming(passkey.id)}
                        >
                          Rename
                        </Button>
                        <Button
                          size="small"
                          variant="danger"
                          aria-label={`Remove ${passkey.name}`}
                          onClick={() => ask({ kind: 'remove-passkey', passkey })}
                        >
                          Remove
                        </Button>
                      </div>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
          <ProblemCallout problem={adding.problem} />
          {allowsPasskeys ? (
            <div className="flex flex-wrap items-center justify-end gap-3">
              {!knowsPasskeys && (
                <noscript className="text-sm text-ink-soft">Adding one needs JavaScript.</noscript>
              )}
              <Button
                className="max-sm:w-full"
                pending={device.isAsking || adding.isPending}
                onClick={() =>
                  knowsPasskeys
                    ? ask({ kind: 'add-passkey' })
                    : adding.refuse('This browser knows no passkeys. A newer one does.')
                }
              >
                Add a passkey
              </Button>
            </div>
          ) : (
            <p className="text-sm text-ink-soft">
              Browsers make passkeys only for an address with a name and https, which this installation has
              not.
            </p>
          )}
        </div>
      </Section>

      <Dialog open={question !== null} onClose={close} title={question ? titles[question.kind] : ''}>
        {question && (
          <div key={opening} className="px-5 pb-5">
            {question.kind === 'set-up-app' && (
              <ProofForm
                {...proof}
                submitLabel="Go on"
                words={unchanged}
                command={(given) => prepareCall(actions.beginApp, { proof: given })}
                onCancel={close}
                onDone={(begun) => {
                  setQuestion(null);
                  setCodes(null);
                  setSetup(begun.setup);
                }}
              >
                {factors.appSince !== null && (
                  <p>The app that you have now goes on working until the new one has shown a code.</p>
                )}
              </ProofForm>
            )}
            {question.kind === 'remove-app' && (
              <ProofForm
                {...proof}
                isDangerous
                submitLabel="Remove"
                words={unchanged}
                command={(given) => prepareCall(actions.removeApp, { proof: given })}
                onCancel={close}
                onDone={() => finish('The authenticator app was removed')}
              >
                <p>
                  {factors.passkeys.length > 0
                    ? 'Your passkeys stay, and are asked for besides the password.'
                    : 'From then on your password alone lets in whoever knows it. The recovery codes go, too.'}
                </p>
              </ProofForm>
            )}
            {question.kind === 'renew-codes' && (
              <ProofForm
                {...proof}
                submitLabel="Make new codes"
                words={unchanged}
                command={(given) => prepareCall(actions.renewRecoveryCodes, { proof: given })}
                onCancel={close}
                onDone={(renewed) => showCodes(renewed.codes, 'You have new recovery codes')}
              >
                <p>Those that you have now no longer work then.</p>
              </ProofForm>
            )}
            {question.kind === 'add-passkey' && (
              <ProofForm
                {...proof}
                submitLabel="Go on"
                words={unchanged}
                command={(given) => prepareCall(actions.beginPasskey, { proof: given })}
                onCancel={() => {
                  newName.clear();
                  close();
                }}
                onDone={(begun) => void make(begun.options)}
              >
                <Field label="Name of the passkey" hint="So that you can tell it from others: “My phone”.">
                  {(control) => (
                    <Input
                      {...control}
                      autoComplete="off"
                      maxLength={maxPasskeyName}
                      value={newName.value}
                      onChange={(event) => newName.change(event.target.value)}
                    />
                  )}
                </Field>
              </ProofForm>
            )}
            {question.kind === 'remove-passkey' && (
              <ProofForm
                {...proof}
                isDangerous
                submitLabel="Remove"
                words={unchanged}
                command={(given) =>
                  prepareCall(actions.removePasskey, { id: question.passkey.id, proof: given })
                }
                onCancel={close}
                onDone={() => finish('The passkey was removed')}
              >
                <p>
                  “{question.passkey.name}” no longer signs you in. Your device may go on offering it until
                  you delete it there.
                </p>
              </ProofForm>
            )}
          </div>
        )}
      </Dialog>
    </>
  );
}

interface RenameFormProps {
  passkey: OwnPasskey;
  rename: FactorActions['renamePasskey'];
  onDone: () => void;
  onCancel: () => void;
}

function RenameForm({ passkey, rename, onDone, onCancel }: RenameFormProps) {
  const name = useDraft<string>(`name of passkey ${passkey.id}`, passkey.name);
  const { run, isPending, problem } = useAction(unchanged);
  return (
    <form
      noValidate
      className="grid w-full gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        run(prepareCall(rename, { id: passkey.id, name: name.value }), () => {
          name.clear();
          onDone();
        });
      }}
    >
      <Field label="Name of the passkey">
        {(control) => (
          <Input
            {...control}
            autoFocus
            autoComplete="off"
            maxLength={maxPasskeyName}
            value={name.value}
            onChange={(event) => name.change(event.target.value)}
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <div className="flex justify-end gap-2 max-sm:*:grow">
        <Button
          onClick={() => {
            name.clear();
            onCancel();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" variant="primary" pending={isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
