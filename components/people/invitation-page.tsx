'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { PublicShell } from '@/components/shell/public-shell';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Field, Input } from '@/components/ui/field';
import { memberRoles } from '@/lib/auth/labels';
import type { ActionResult } from '@/lib/auth/schema';
import { checkUsername, type InvitationView } from '@/lib/people/schema';
import { SignOutLink } from '@/components/second-factor/sign-out-link';
import { NewPasswordField } from './new-password-field';
import { PublicCard } from './public-card';
import { useFocusOnProblem } from './use-focus-on-problem';

const words = {
  undone: 'The invitation is still open; what you typed is still here.',
  unsure: 'We do not know whether you have joined. Try to sign in; otherwise open the link again.',
};

interface InvitationPageProps {
  invitation: InvitationView;
  token: string;
  /** Who is signed in in this browser; null: nobody. */
  self: { username: string; isInvited: boolean } | null;
  /** Leads back here. */
  signInHref: string;
  accept: ServerAction<[input: { token: string }], ActionResult>;
  acceptAsNew: ServerAction<
    [form: { token: string; name: string; username: string; password: string }],
    ActionResult
  >;
  signOut: ServerAction<[]>;
}

/** Behind the link of an invitation. To open it changes nothing: mail programs follow links by themselves. */
export function InvitationPage(props: InvitationPageProps) {
  const { invitation, self, signInHref, signOut } = props;
  const { accountName, accountNumber, role, invitedBy, email, hasUser } = invitation;
  const title = `Join ${accountName}`;
  const intro = `${invitedBy} invites you to work with the account ${accountNumber}, ${accountName}, as ${memberRoles[role].label.toLowerCase()}. ${memberRoles[role].says}`;
  return (
    <PublicShell isWide>
      {self?.isInvited ? (
        <JoinCard {...props} title={title} intro={intro} />
      ) : self ? (
        <PublicCard
          title={title}
          intro={`${intro} The invitation is for ${email}, and you are signed in as ${self.username}, who has another address.`}
        >
          <SignOutLink signOut={signOut}>Sign out, and open the link again</SignOutLink>
        </PublicCard>
      ) : hasUser ? (
        <PublicCard title={title} intro={`${intro} You have a user of the Client Zone with ${email}.`}>
          <ButtonLink href={signInHref} variant="primary" size="large">
            Sign in to accept
          </ButtonLink>
        </PublicCard>
      ) : (
        <NewcomerCard {...props} title={title} intro={intro} />
      )}
    </PublicShell>
  );
}

function JoinCard(props: InvitationPageProps & { title: string; intro: string }) {
  const { run, isPending, problem } = useAction(words);
  return (
    <PublicCard title={props.title} intro={`${props.intro} You go on as ${props.self?.username ?? ''}.`}>
      <ProblemCallout problem={problem} />
      <Button
        variant="primary"
        size="large"
        pending={isPending}
        onClick={() => run(prepareCall(props.accept, { token: props.token }), () => undefined)}
        className="w-full"
      >
        Accept the invitation
      </Button>
    </PublicCard>
  );
}

function NewcomerCard(props: InvitationPageProps & { title: string; intro: string }) {
  const [name, setName] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(words, [
    'name',
    'username',
    'password',
  ]);
  const form = useFocusOnProblem(fieldProblems);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(props.acceptAsNew, { token: props.token, name, username, password }), () => undefined);
  }
  return (
    <PublicCard title={props.title} intro={`${props.intro} Choose how you will sign in.`}>
      {/* method="post": should the form be sent before its script is there, nothing of it must end up in the
          URL. */}
      <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-4">
        <ProblemCallout problem={problem} />
        <Field label="Your name" error={fieldProblems.name}>
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="name"
              maxLength={80}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                clearFields(['name']);
              }}
            />
          )}
        </Field>
        <Field
          label="Username"
          error={
            fieldProblems.username ??
            (username.length > 2 ? (checkUsername(username) ?? undefined) : undefined)
          }
        >
          {(control) => (
            <Input
              {...control}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={30}
              value={username}
              onChange={(event) => {
                setUsername(event.target.value);
                clearFields(['username']);
              }}
            />
          )}
        </Field>
        <NewPasswordField
          value={password}
          onChange={(typed) => {
            setPassword(typed);
            clearFields(['password']);
          }}
          error={fieldProblems.password}
        />
        <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
          Accept the invitation
        </Button>
      </form>
    </PublicCard>
  );
}
