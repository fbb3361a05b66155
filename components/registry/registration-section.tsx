'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { To } from '@/components/help/prose';
import { SaveBar, Section } from '@/components/settings/section';
import { useSave } from '@/components/settings/use-save';
import { useUnsaved } from '@/components/settings/use-unsaved';
import { Field, Input } from '@/components/ui/field';
import { maxRegistrationNumber, type RegistrationRow } from '@/lib/registry/schema';
import { RegistrationList } from './registration-list';

interface RegistrationSectionProps {
  userId: number;
  /** The newest first. */
  registrations: readonly RegistrationRow[];
  timeZone: string;
  save: ServerAction<[input: { number: string; endsOn: string }]>;
}

/** The account's registration as a direct marketer. A new one is entered over the last. */
export function RegistrationSection(props: RegistrationSectionProps) {
  const { userId, registrations, timeZone, save: saveAction } = props;
  const [newest] = registrations;
  const saved = `${newest?.number ?? ''}\n${newest?.endsOn ?? ''}`;
  const { value, isChanged, change, undo, settle } = useUnsaved(`registration-${userId}`, saved);
  const { save, isPending, problem, fieldProblems, clear } = useSave(undefined, ['number', 'endsOn']);
  const [number = '', endsOn = ''] = value.split('\n');

  function edit(next: { number?: string; endsOn?: string }) {
    clear();
    change(`${next.number ?? number}\n${next.endsOn ?? endsOn}`);
  }

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareCall(saveAction, { number, endsOn }), {
      done: () => {
        settle(value);
        return 'Registration saved';
      },
    });
  }

  return (
    <Section
      id="registration"
      title="Registration as a direct marketer"
      description={
        <>
          <p>
            Direct marketers register with the National Consumer Commission and renew each year. After its
            last day no marketing goes out; you are reminded 30 days before.
          </p>
          <p>
            <To href="/help#registration">Why, and what is stopped</To>
          </p>
        </>
      }
    >
      <form onSubmit={onSubmit} noValidate>
        <div className="grid gap-4 p-4 sm:grid-cols-2 sm:p-5">
          <Field label="Registration number" error={fieldProblems.number}>
            {(control) => (
              <Input
                {...control}
                name="number"
                value={number}
                maxLength={maxRegistrationNumber}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => edit({ number: event.target.value })}
              />
            )}
          </Field>
          <Field label="Last day" error={fieldProblems.endsOn}>
            {(control) => (
              <Input
                {...control}
                name="endsOn"
                type="date"
                value={endsOn}
                onChange={(event) => edit({ endsOn: event.target.value })}
              />
            )}
          </Field>
          {registrations.length > 0 && (
            <div className="sm:col-span-2">
              <RegistrationList registrations={registrations} timeZone={timeZone} />
            </div>
          )}
        </div>
        <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
      </form>
    </Section>
  );
}
