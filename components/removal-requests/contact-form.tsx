'use client';

import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import type { ContactResult } from '@/lib/removal-requests/schema';
import { PermissionTick } from './permission-tick';

export type ContactFields = {
  account: string;
  number: string;
  permission: boolean;
  website: string;
};

interface ContactFormProps {
  /** The permission's words, for an account and a number that the page does not know. */
  permissionText: string;
  initialNumber: string;
  /** A server action. */
  send: ServerAction<[fields: ContactFields], ContactResult>;
}

const words = {
  undone: 'Your request was not sent; what you typed is still here.',
  unsure: 'We do not know whether your request was sent. Try again: a recipient is never asked twice.',
};

export function ContactForm({ permissionText, initialNumber, send }: ContactFormProps) {
  const draft = useDraft<ContactFields>('contact', {
    account: '',
    number: initialNumber,
    permission: false,
    website: '',
  });
  const [answer, setAnswer] = useState<string | null>(null);
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(words, [
    'account',
    'number',
    'permission',
  ]);
  const fields = draft.value;
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [fieldProblems]);

  useEffect(() => {
    if (answer !== null) heading.current?.focus();
  }, [answer]);

  function edit(change: Partial<ContactFields>) {
    draft.change({ ...fields, ...change });
    clearFields(Object.keys(change));
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(send, fields), (result) => {
      draft.clear();
      setAnswer(result.message);
    });
  }

  if (answer !== null) {
    return (
      <section className="rounded-xl border border-line bg-surface p-6">
        <h1 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
          Thank you
        </h1>
        <p className="mt-2 text-ink-soft">{answer}</p>
      </section>
    );
  }

  return (
    <div className="rounded-xl border border-line bg-surface p-6">
      <h1 className="text-lg font-semibold">Request removal of an opted-out number</h1>
      <p className="mt-1 text-sm text-pretty text-ink-soft">
        Somebody replied “Stop” and wants to hear from you again? We ask them once, by SMS. Only their own
        YES, approved by our staff, lifts the block. First we send a link to the e-mail address of the
        account’s owner, who confirms the request.
      </p>
      {/* method="post": should the form be sent before its script is there, nothing of it must end up in the
          URL. */}
      <form ref={form} method="post" onSubmit={submit} noValidate className="mt-5 grid gap-4">
        {draft.isBack && <DraftNotice>It may not have been sent.</DraftNotice>}
        <ProblemCallout problem={problem} />
        <Field label="Account number" error={fieldProblems.account}>
          {(control) => (
            <Input
              {...control}
              name="account"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={20}
              placeholder="W58324"
              value={fields.account}
              onChange={(event) => edit({ account: event.target.value })}
              className="tabular-nums"
            />
          )}
        </Field>
        <Field label="Opted-out number" error={fieldProblems.number}>
          {(control) => (
            <Input
              {...control}
              name="number"
              type="tel"
              autoComplete="off"
              maxLength={40}
              placeholder="082 123 4567"
              value={fields.number}
              onChange={(event) => edit({ number: event.target.value })}
              className="tabular-nums"
            />
          )}
        </Field>
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
        <PermissionTick
          text={permissionText}
          isTicked={fields.permission}
          onChange={(permission) => edit({ permission })}
          error={fieldProblems.permission ?? null}
        />
        <Button type="submit" variant="primary" size="large" pending={isPending} className="mt-1 w-full">
          {isPending ? 'Sending' : 'Request removal'}
        </Button>
      </form>
    </div>
  );
}
