'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { To } from '@/components/help/prose';
import { Field, Input } from '@/components/ui/field';
import { SaveBar, Section } from './section';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

interface CapSectionProps {
  userId: number;
  /** Null: no cap. */
  saved: number | null;
  save: ServerAction<[input: { weeklyMarketingCap: number | null }]>;
}

/** The most marketing messages to one number in seven days. */
export function CapSection({ userId, saved, save: saveAction }: CapSectionProps) {
  const written = saved === null ? '' : String(saved);
  const { value, isChanged, change, undo, settle } = useUnsaved(`cap-${userId}`, written);
  const { save, isPending, problem, refuse, clear } = useSave();

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    if (!isChanged) return;
    const typed = value.trim();
    if (!/^\d{0,3}$/.test(typed) || Number(typed) > 100 || (typed !== '' && Number(typed) < 1)) {
      refuse('Write a number from 1 to 100, or leave it empty for no cap.');
      return;
    }
    const cap = typed === '' ? null : Number(typed);
    save(prepareCall(saveAction, { weeklyMarketingCap: cap }), {
      done: () => {
        settle(cap === null ? '' : String(cap));
        return cap === null ? 'No frequency cap from now on' : `At most ${cap} in 7 days from now on`;
      },
    });
  }

  return (
    <Section
      id="frequency-cap"
      title="Frequency cap"
      description={
        <>
          <p>
            However much is sent, one number gets at most so many marketing messages in 7 days. What is beyond
            it is blocked when it would leave, and costs nothing. Service messages and confirmations are never
            counted.
          </p>
          <p>
            <To href="/help#frequency-cap">How the cap counts</To>
          </p>
        </>
      }
    >
      <form onSubmit={onSubmit} noValidate>
        <div className="p-4 sm:p-5">
          <Field label="Marketing messages to a number in 7 days" hint="1 to 100. Empty: no cap.">
            {(control) => (
              <Input
                {...control}
                value={value}
                inputMode="numeric"
                maxLength={3}
                autoComplete="off"
                placeholder="No cap"
                className="sm:max-w-40"
                onChange={(event) => {
                  clear();
                  change(event.target.value);
                }}
              />
            )}
          </Field>
        </div>
        <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
      </form>
    </Section>
  );
}
