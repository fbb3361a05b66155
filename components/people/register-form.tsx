'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { DemoMailHint } from '@/components/outbox/demo-mail-hint';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import type { ActionResult } from '@/lib/auth/schema';
import { checkUsername, type RegistrationFields } from '@/lib/people/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { parseSouthAfricanMsisdn } from '@/lib/sms/msisdn-za';
import { NewPasswordField } from './new-password-field';
import { PublicCard } from './public-card';
import { useFocusOnProblem } from './use-focus-on-problem';

const words = {
  undone: 'Your registration was not sent; what you typed is still here.',
  unsure: 'We do not know whether your registration was sent. Try again: no second account is opened.',
  reload: 'Reload it to go on; what you typed is kept, but for the password.',
};
const fieldNames = ['company', 'name', 'email', 'number', 'username', 'password'];
const empty = { company: '', name: '', email: '', number: '', username: '', website: '' };

interface RegisterFormProps {
  /** A server action. */
  register: ServerAction<[fields: RegistrationFields], ActionResult>;
  /** Where the e-mails are, in a demo without a mail server. */
  mailHref?: string | undefined;
}

export function RegisterForm({ register, mailHref }: RegisterFormProps) {
  const draft = useDraft('register', empty);
  const [password, setPassword] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(words, fieldNames);
  const form = useFocusOnProblem(fieldProblems);
  const fields = draft.value;

  function edit(change: Partial<typeof empty>) {
    draft.change({ ...fields, ...change });
    clearFields(Object.keys(change));
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(register, { ...fields, password }), () => {
      setSentTo(fields.email.trim());
      setPassword('');
      draft.clear();
      return undefined;
    });
  }

  if (sentTo !== null) {
    return (
      <PublicCard
        takesFocus
        title="Look into your e-mail"
        intro={
          <>
            <p>
              An e-mail is on its way to <strong className="font-medium text-ink">{sentTo}</strong>. Follow
              its link within 30 minutes; then we send a code to your phone, and your account is open.
            </p>
            <p className="mt-2">
              Nothing there after a few minutes? Look into the spam folder, or check the address and{' '}
              <button
                type="button"
                onClick={() => setSentTo(null)}
                className="rounded-sm text-accent-text underline underline-offset-4"
              >
                register again
              </button>
              .
            </p>
          </>
        }
      >
        {mailHref !== undefined && <DemoMailHint href={mailHref} to={sentTo} />}
      </PublicCard>
    );
  }

  return (
    <PublicCard
      title="Register a free trial account"
      intro="Ten credits to send SMSs to your own phone, and everything else as it is for a full account. It takes two minutes."
    >
      {/* method="post": should the form be sent before its script is there, nothing of it must end up in the
          URL. */}
      <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
        {draft.isBack && <DraftNotice>It may not have been sent. Choose the password again.</DraftNotice>}
        <ProblemCallout problem={problem} />
        <Field
          label="Company"
          error={fieldProblems.company}
          hint="As recipients are to read it: it stands in the SMS that confirms an opt-out."
        >
          {(control) => (
            <Input
              {...control}
              name="company"
              autoComplete="organization"
              maxLength={60}
              value={fields.company}
              onChange={(event) => edit({ company: event.target.value })}
            />
          )}
        </Field>
        <Field label="Your name" error={fieldProblems.name}>
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="name"
              maxLength={80}
              value={fields.name}
              onChange={(event) => edit({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="E-mail address" error={fieldProblems.email} hint="We send a link to it.">
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              autoComplete="email"
              maxLength={254}
              value={fields.email}
              onChange={(event) => edit({ email: event.target.value })}
            />
          )}
        </Field>
        <NumberField
          value={fields.number}
          onChange={(number) => edit({ number })}
          error={fieldProblems.number}
        />
        <UsernameField
          value={fields.username}
          onChange={(username) => edit({ username })}
          error={fieldProblems.username}
        />
        <NewPasswordField
          value={password}
          onChange={(typed) => {
            setPassword(typed);
            clearFields(['password']);
          }}
          error={fieldProblems.password}
        />
        {/* For programs that fill in everything; people neither see nor reach it. */}
        <div aria-hidden="true" className="absolute size-px overflow-hidden opacity-0">
          <label>
            Website
            <input
              name="website"
              type="text"
              tabIndex={-1}
              autoComplete="off"
              value={fields.website}
              onChange={(event) => edit({ website: event.target.value })}
            />
          </label>
        </div>
        <Button type="submit" variant="primary" size="large" pending={isPending} className="mt-1 w-full">
          {isPending ? 'Registering' : 'Register'}
        </Button>
      </form>
    </PublicCard>
  );
}

interface TypedFieldProps {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** A cell number in any form, with the form in which it will be used. */
export function NumberField({ label = 'Cell number', value, onChange, error }: TypedFieldProps) {
  const read = parseSouthAfricanMsisdn(value);
  const isRead = 'ok' in read && read.ok;
  return (
    <Field
      label={label}
      error={error}
      aside={isRead && formatMsisdn(read.msisdn)}
      hint="We send a code to it by SMS."
    >
      {(control) => (
        <Input
          {...control}
          name="number"
          type="tel"
          autoComplete="tel"
          maxLength={40}
          placeholder="082 123 4567"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="tabular-nums"
        />
      )}
    </Field>
  );
}

/** A username that is being chosen. Whether it is free is told once the e-mail address is confirmed. */
export function UsernameField({ value, onChange, error }: TypedFieldProps) {
  const [hasLeft, setHasLeft] = useState(false);
  const wrong = hasLeft && value !== '' ? checkUsername(value) : null;
  return (
    <Field
      label="Username"
      error={error ?? wrong}
      hint="You sign in with it. Letters, digits, dots, hyphens and underscores."
    >
      {(control) => (
        <Input
          {...control}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          maxLength={30}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setHasLeft(true)}
        />
      )}
    </Field>
  );
}
