'use client';

import type { SubmitEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import { describePrefix } from '@/lib/carriers/labels';
import type { RouteRow } from '@/lib/carriers/schema';
import type { SystemActions } from './actions';

interface RouteDialogProps {
  /** As it was when the dialog was opened; null: a new one. */
  route: RouteRow | null;
  carriers: readonly string[];
  save: SystemActions['saveRoute'];
  open: boolean;
  onClose: () => void;
}

/** Adds a route, or changes its priority and weight. */
export function RouteDialog({ route, carriers, save, open, onClose }: RouteDialogProps) {
  const draft = useDraft(route ? `route ${route.prefix} ${route.carrier}` : 'new route', {
    prefix: route?.prefix ?? '',
    carrier: route?.carrier ?? carriers[0] ?? '',
    priority: String(route?.priority ?? 1),
    weight: String(route?.weight ?? 1),
  });
  const typed = draft.value;
  const { run, isPending, problem, fieldProblems, clearFields } = useAction(
    {
      undone: 'The routes are as they were.',
      unsure: 'We do not know whether the route was saved. Save again: that does no harm.',
    },
    ['prefix', 'carrier', 'priority', 'weight'],
  );

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const { prefix, carrier, priority, weight } = typed;
    const input = {
      prefix,
      carrier,
      priority: Number(priority || Number.NaN),
      weight: Number(weight || Number.NaN),
    };
    run(prepareCall(save, input), () => {
      showToast('Route saved');
      draft.clear();
      onClose();
    });
  }

  const bind = (name: keyof typeof typed) => ({
    value: typed[name],
    onChange: (event: { target: { value: string } }) => {
      clearFields([name]);
      draft.change({ ...typed, [name]: event.target.value });
    },
  });

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={route ? `Change “${describePrefix(route.prefix)}” by ${route.carrier}` : 'Add a route'}
    >
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
        {!route && (
          <>
            <Field
              label="Numbers that begin with"
              error={fieldProblems.prefix}
              hint="From the country code on, like 27 82. Empty: every number."
            >
              {(control) => (
                <Input
                  {...control}
                  {...bind('prefix')}
                  data-autofocus
                  type="tel"
                  autoComplete="off"
                  maxLength={30}
                />
              )}
            </Field>
            <Field label="Carrier" error={fieldProblems.carrier}>
              {(control) => (
                <Select {...control} {...bind('carrier')}>
                  {carriers.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </>
        )}
        <div className="grid grid-cols-2 gap-4">
          <Field label="Priority" error={fieldProblems.priority} hint="1 goes first; up to 100.">
            {(control) => (
              <Input
                {...control}
                {...bind('priority')}
                data-autofocus={route ? true : undefined}
                inputMode="numeric"
                maxLength={3}
              />
            )}
          </Field>
          <Field label="Weight" error={fieldProblems.weight} hint="Its share among equals.">
            {(control) => <Input {...control} {...bind('weight')} inputMode="numeric" maxLength={4} />}
          </Field>
        </div>
        <ProblemCallout problem={problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={isPending}>
            Save route
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
