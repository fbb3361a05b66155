'use client';

import { useRef, useState, type ComponentProps, type SubmitEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, Input } from '@/components/ui/field';
import { Link } from '@/components/ui/link';
import { PasswordInput } from '@/components/ui/password-input';
import { PasskeySignIn } from './passkey-sign-in';

export interface DemoSignIn {
  username: string;
  password: string;
  /** Who that is: "Customer of W58324". */
  who: string;
}

interface SignInFormProps {
  signIn: (username: string, password: string) => Promise<{ ok: true } | { ok: false; message: string }>;
  /** Where to go then; the page there decides by who signed in. */
  nextHref: string;
  /** Why one is here: "Your session has ended." */
  notice?: string;
  demoSignIns?: readonly DemoSignIn[];
  /** Where the phones are to which the demo writes. */
  simulatorHref?: string;
  signInWithPasskey: ComponentProps<typeof PasskeySignIn>['signIn'];
  /** Null: browsers make none for this address. */
  beginPasskey: ComponentProps<typeof PasskeySignIn>['begin'] | null;
}

export function SignInForm(props: SignInFormProps) {
  const {
    signIn,
    nextHref,
    notice,
    demoSignIns = [],
    simulatorHref,
    signInWithPasskey,
    beginPasskey,
  } = props;
  // The fields keep their own values: what somebody, or a password manager, has typed before the script is
  // there stays.
  const form = useRef<HTMLFormElement>(null);
  const [isPending, setIsPending] = useState(false);
  const [message, setMessage] = useState<string | null>(null);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const fields = new FormData(event.currentTarget);
    const username = String(fields.get('username') ?? '');
    const password = String(fields.get('password') ?? '');
    if (username.trim() === '' || password === '') {
      setMessage('Enter your username and your password.');
      return;
    }
    setIsPending(true);
    setMessage(null);
    const result = await signIn(username, password);
    if (result.ok) {
      // A fresh document: nothing that was rendered for nobody, or for someone else, is kept. Stays pending
      // until then.
      window.location.assign(nextHref);
      return;
    }
    setMessage(result.message);
    setIsPending(false);
  }

  function fill(field: 'username' | 'password', value: string) {
    const input = form.current?.elements.namedItem(field);
    if (input instanceof HTMLInputElement) input.value = value;
  }

  return (
    <div className="space-y-4">
      <div className="rounded-xl border border-line bg-surface p-6">
        <h1 className="text-lg font-semibold">Sign in</h1>
        {/* method="post": should the form be sent before its script is there, the password must not end up in
            the URL. */}
        <form ref={form} method="post" onSubmit={submit} noValidate className="mt-5 grid gap-4">
          {message ? (
            <Callout tone="bad" announce>
              {message}
            </Callout>
          ) : (
            notice && <Callout>{notice}</Callout>
          )}
          <Field label="Username">
            {(control) => (
              <Input
                {...control}
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                autoCorrect="off"
                spellCheck={false}
                autoFocus
                required
              />
            )}
          </Field>
          <Field label="Password">
            {(control) => (
              <PasswordInput {...control} name="password" autoComplete="current-password" required />
            )}
          </Field>
          <Button type="submit" variant="primary" size="large" pending={isPending} className="mt-1 w-full">
            {isPending ? 'Signing in' : 'Sign in'}
          </Button>
        </form>
        {beginPasskey && (
          <PasskeySignIn begin={beginPasskey} signIn={signInWithPasskey} nextHref={nextHref} />
        )}
      </div>
      {demoSignIns.length > 0 && (
        <section aria-labelledby="demo" className="rounded-xl border border-dashed border-line p-4">
          <h2 id="demo" className="text-sm font-semibold">
            This is a demo
          </h2>
          <p className="text-sm text-ink-soft">
            Choose who to be; then sign in.
            {simulatorHref && (
              <>
                {' '}
                Recipients’ phones are in the{' '}
                <Link
                  href={simulatorHref}
                  className="rounded-sm text-accent-text underline underline-offset-4"
                >
                  simulator
                </Link>
                .
              </>
            )}
          </p>
          <ul className="mt-2 space-y-1">
            {demoSignIns.map((demo) => (
              <li key={demo.username}>
                <button
                  type="button"
                  onClick={() => {
                    fill('username', demo.username);
                    fill('password', demo.password);
                  }}
                  className="-mx-2 flex w-[calc(100%+1rem)] items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-left text-sm transition-colors hover:bg-hover"
                >
                  <span className="font-mono">{demo.username}</span>
                  <span className="text-ink-faint">{demo.who}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
