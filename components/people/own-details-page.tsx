'use client';

import { useState, type SubmitEvent, type ReactNode } from 'react';
import { prepareCall, type ActionCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction, type Action } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, Input } from '@/components/ui/field';
import { PasswordInput } from '@/components/ui/password-input';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { ActionResult } from '@/lib/auth/schema';
import type { OwnDetails } from '@/lib/people/schema';
import { CodeField } from './code-field';
import { NewPasswordField } from './new-password-field';
import { NumberField } from './register-form';
import { useFocusOnProblem } from './use-focus-on-problem';

interface OwnDetailsPageProps {
  details: OwnDetails;
  /** Server actions. */
  changePassword: ServerAction<[typed: { current: string; password: string }]>;
  changeEmail: ServerAction<[typed: { email: string; current: string }]>;
  changeNumber: ServerAction<[typed: { number: string; current: string }]>;
  confirmNumber: ServerAction<[typed: { code: string }]>;
}

/**
 * What is one's own: how one signs in, and where one is reached. Each change is confirmed where it leads, and
 * told where it comes from.
 */
export function OwnDetailsPage(props: OwnDetailsPageProps) {
  const { details } = props;
  return (
    <>
      <PageHeader title="Your details" description={`${details.name}, signed in as ${details.username}.`} />
      <div className="grid max-w-2xl gap-4">
        <EmailSection details={details} change={props.changeEmail} />
        <NumberSection details={details} change={props.changeNumber} confirm={props.confirmNumber} />
        <PasswordSection change={props.changePassword} />
      </div>
    </>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="grid gap-4 rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface SectionFormProps {
  action: Action;
  compose: () => ActionCall<ActionResult>;
  onDone: () => void;
  button: string;
  children: ReactNode;
}

function SectionForm({ action, compose, onDone, button, children }: SectionFormProps) {
  const form = useFocusOnProblem(action.fieldProblems);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    action.run(compose(), () => {
      onDone();
      return undefined;
    });
  }
  return (
    <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
      <ProblemCallout problem={action.problem} />
      {children}
      <div>
        <Button type="submit" variant="primary" pending={action.isPending}>
          {button}
        </Button>
      </div>
    </form>
  );
}

interface CurrentPasswordProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** Whoever sits at an open page is asked who they are. */
function CurrentPassword({ value, onChange, error }: CurrentPasswordProps) {
  return (
    <Field label="Your password now" error={error}>
      {(control) => (
        <PasswordInput
          {...control}
          name="current-password"
          autoComplete="current-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function EmailSection({
  details,
  change,
}: {
  details: OwnDetails;
  change: OwnDetailsPageProps['changeEmail'];
}) {
  const draft = useDraft('own-email', { email: '' });
  const { email } = draft.value;
  const [current, setCurrent] = useState('');
  const action = useAction(
    {
      undone: 'Your address is as it was.',
      unsure:
        'We do not know whether a link was sent. Look into the e-mail of the new address, or try again.',
      reload: 'Reload it to go on; what you typed is kept, but for your password.',
    },
    ['email', 'current'],
  );
  return (
    <Section id="own-email" title="E-mail address">
      <p className="text-sm">{details.email}</p>
      {details.newEmail !== null && (
        <Callout announce>
          A link is on its way to {details.newEmail}. Follow it within 30 minutes; until then the address
          stays as it is.
        </Callout>
      )}
      <SectionForm
        action={action}
        compose={() => prepareCall(change, { email, current })}
        onDone={() => {
          draft.clear();
          setCurrent('');
        }}
        button="Send a link to the new address"
      >
        <Field label="New e-mail address" error={action.fieldProblems.email}>
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              autoComplete="email"
              maxLength={254}
              value={email}
              onChange={(event) => {
                draft.change({ email: event.target.value });
                action.clearFields(['email']);
              }}
            />
          )}
        </Field>
        <CurrentPassword
          value={current}
          onChange={(typed) => {
            setCurrent(typed);
            action.clearFields(['current']);
          }}
          error={action.fieldProblems.current}
        />
      </SectionForm>
    </Section>
  );
}

interface NumberSectionProps {
  details: OwnDetails;
  change: OwnDetailsPageProps['changeNumber'];
  confirm: OwnDetailsPageProps['confirmNumber'];
}

function NumberSection({ details, change, confirm }: NumberSectionProps) {
  const draft = useDraft('own-number', { number: '' });
  const { number } = draft.value;
  const [current, setCurrent] = useState('');
  const [code, setCode] = useState('');
  const asking = useAction(
    {
      undone: 'Your number is as it was.',
      unsure: 'We do not know whether a code was sent. Wait for it for a minute, then try again.',
      reload: 'Reload it to go on; what you typed is kept, but for your password.',
    },
    ['number', 'current'],
  );
  const confirming = useAction(
    {
      undone: 'Your number is not changed yet.',
      unsure: 'We do not know whether your number was changed. Reload the page to see.',
      reload: 'Reload it to go on, and type the code again.',
    },
    ['code'],
  );
  return (
    <Section id="own-number" title="Cell number">
      <p className="text-sm">
        {details.msisdn === null ? 'You have not confirmed one.' : <PhoneNumber msisdn={details.msisdn} />}
      </p>
      {details.newMsisdn !== null && (
        <>
          <Callout announce>
            A code is on its way to <PhoneNumber msisdn={details.newMsisdn} />. Until you enter it the number
            stays as it is.
          </Callout>
          <SectionForm
            action={confirming}
            compose={() => prepareCall(confirm, { code })}
            onDone={() => setCode('')}
            button="Confirm the new number"
          >
            <CodeField
              value={code}
              onChange={(typed) => {
                setCode(typed);
                confirming.clearFields(['code']);
              }}
              error={confirming.fieldProblems.code}
            />
          </SectionForm>
        </>
      )}
      <SectionForm
        action={asking}
        compose={() => prepareCall(change, { number, current })}
        onDone={() => {
          draft.clear();
          setCurrent('');
        }}
        button="Send a code to the new number"
      >
        <NumberField
          label="New cell number"
          value={number}
          onChange={(typed) => {
            draft.change({ number: typed });
            asking.clearFields(['number']);
          }}
          error={asking.fieldProblems.number}
        />
        <CurrentPassword
          value={current}
          onChange={(typed) => {
            setCurrent(typed);
            asking.clearFields(['current']);
          }}
          error={asking.fieldProblems.current}
        />
      </SectionForm>
    </Section>
  );
}

function PasswordSection({ change }: { change: OwnDetailsPageProps['changePassword'] }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [isDone, setIsDone] = useState(false);
  const action = useAction(
    {
      undone: 'Your password is as it was.',
      unsure:
        'We do not know whether your password was changed. Try to sign in with the new one in another browser.',
      reload: 'Reload it to go on, and type the passwords again.',
    },
    ['current', 'password'],
  );
  return (
    <Section id="own-password" title="Password">
      {isDone && (
        <Callout tone="good" announce>
          Your password is changed. Other browsers are signed out.
        </Callout>
      )}
      <SectionForm
        action={action}
        compose={() => {
          setIsDone(false);
          return prepareCall(change, { current, password });
        }}
        onDone={() => {
          setCurrent('');
          setPassword('');
          setIsDone(true);
        }}
        button="Change my password"
      >
        <CurrentPassword
          value={current}
          onChange={(typed) => {
            setCurrent(typed);
            action.clearFields(['current']);
          }}
          error={action.fieldProblems.current}
        />
        <NewPasswordField
          label="New password"
          value={password}
          onChange={(typed) => {
            setPassword(typed);
            action.clearFields(['password']);
          }}
          error={action.fieldProblems.password}
        />
      </SectionForm>
    </Section>
  );
}
