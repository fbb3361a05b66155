'use client';

import type { SubmitEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import type { CarrierRow } from '@/lib/carriers/schema';
import type { SystemActions } from './actions';

interface CarrierDialogProps {
  /** As it was when the dialog was opened; null: a new one. */
  carrier: CarrierRow | null;
  actions: SystemActions;
  open: boolean;
  onClose: () => void;
}

const fields = ['name', 'address', 'username', 'password', 'ratePerSecond', 'windowSize'] as const;
type Typed = Record<(typeof fields)[number], string>;

const reload = 'Reload it to go on; what you typed is kept, but for the password.';

/** Adds a carrier of Kannel's, or changes one. */
export function CarrierDialog({ carrier, actions, open, onClose }: CarrierDialogProps) {
  // A password is not kept over a reload.
  const draft = useDraft<Omit<Typed, 'password'>>(
    carrier ? `change carrier ${carrier.name}` : 'add a carrier',
    {
      name: carrier?.name ?? '',
      address: carrier?.address ?? '',
      username: carrier?.username ?? '',
      ratePerSecond: String(carrier?.ratePerSecond ?? 100),
      windowSize: String(carrier?.windowSize ?? 100),
    },
  );
  const typed = draft.value;
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(
    carrier
      ? {
          undone: 'The carrier is as it was.',
          unsure: 'We do not know whether the carrier was changed. Try again: that does no harm.',
          reload,
        }
      : {
          undone: 'No carrier was added.',
          unsure: 'We do not know whether the carrier was added. Reload the page to see.',
          reload,
        },
    fields,
  );

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = (new FormData(event.currentTarget).get('password') ?? '') as string;
    const input = {
      ...typed,
      password,
      ratePerSecond: Number(typed.ratePerSecond || Number.NaN),
      windowSize: Number(typed.windowSize || Number.NaN),
    };
    run(prepareCall(carrier ? actions.changeCarrier : actions.addCarrier, input), () => {
      showToast(carrier ? `${typed.name} changed` : `${typed.name} added; give it a route`);
      draft.clear();
      onClose();
    });
  }

  const bind = (name: keyof typeof typed) => ({
    name,
    value: typed[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => {
      clearFields([name]);
      draft.change({ ...typed, [name]: event.target.value });
    },
  });

  return (
    <Dialog
      open={open}
      onClose={onClose}
      isWide
      title={carrier ? `Change ${carrier.name}` : 'Add a carrier'}
      description="A Kannel gateway, by its sendsms service. Workers follow within seconds."
    >
      <form method="post" onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
        {!carrier && (
          <Field
            label="Name"
            error={fieldProblems.name}
            hint="Small letters, digits and hyphens. It stands in the addresses of its replies, and stays."
          >
            {(control) => (
              <Input {...control} {...bind('name')} data-autofocus autoCapitalize="none" maxLength={20} />
            )}
          </Field>
        )}
        <Field label="Address of sendsms" error={fieldProblems.address}>
          {(control) => (
            <Input
              {...control}
              {...bind('address')}
              data-autofocus={carrier ? true : undefined}
              type="url"
              inputMode="url"
              placeholder="http://10.0.0.5:13013/cgi-bin/sendsms"
              maxLength={500}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="User name" error={fieldProblems.username}>
            {(control) => <Input {...control} {...bind('username')} autoCapitalize="none" maxLength={100} />}
          </Field>
          <Field
            label="Password"
            error={fieldProblems.password}
            hint={carrier ? 'Leave it empty to keep the one it has.' : undefined}
          >
            {(control) => (
              <Input
                {...control}
                name="password"
                type="password"
                autoComplete="new-password"
                maxLength={200}
                onChange={() => clearFields(['password'])}
              />
            )}
          </Field>
          <Field
            label="Messages a second"
            error={fieldProblems.ratePerSecond}
            hint="In all, however many workers there are."
          >
            {(control) => <Input {...control} {...bind('ratePerSecond')} inputMode="numeric" maxLength={7} />}
          </Field>
          <Field label="Without an answer" error={fieldProblems.windowSize} hint="At a time.">
            {(control) => <Input {...control} {...bind('windowSize')} inputMode="numeric" maxLength={4} />}
          </Field>
        </div>
        <ProblemCallout problem={problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={isPending}>
            {carrier ? 'Save carrier' : 'Add carrier'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
