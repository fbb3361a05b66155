'use client';

import type { SubmitEvent, ReactNode } from 'react';
import type { ActionCall } from '@/components/actions/call-action';
import type { Refusal } from '@/lib/auth/schema';
import { ChoiceCards } from './choice-cards';
import { SaveBar, Section } from './section';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  text: string;
  /** What is true once it has been saved. */
  done: string;
}

interface ChoiceSectionProps<Value extends string> {
  id: string;
  title: string;
  description: ReactNode;
  userId: number;
  legend: string;
  choices: readonly [Choice<Value>, ...Choice<Value>[]];
  saved: Value;
  prepareSave: (chosen: Value) => ActionCall<{ ok: true } | Refusal>;
  /** Around the form: for those who may only look, something else. */
  children?: (form: ReactNode) => ReactNode;
}

/** A setting that is one choice of a few, saved by itself. */
export function ChoiceSection<Value extends string>(props: ChoiceSectionProps<Value>) {
  const { id, choices, saved, prepareSave, children = (form) => form } = props;
  const { value, isChanged, change, undo, settle } = useUnsaved(`${id}-${props.userId}`, saved);
  const { save, isPending, problem, clear } = useSave();
  // What this tab kept of another version of the program may be no choice any more.
  const chosen = choices.find((choice) => choice.value === value) ?? choices[0];

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareSave(chosen.value), {
      done: () => {
        settle(chosen.value);
        return chosen.done;
      },
    });
  }

  return (
    <Section id={id} title={props.title} description={props.description}>
      {children(
        <form onSubmit={onSubmit}>
          <div className="p-4 sm:p-5">
            <ChoiceCards
              legend={props.legend}
              name={id}
              value={chosen.value}
              options={choices}
              onChange={(next) => {
                clear();
                change(next);
              }}
            />
          </div>
          <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
        </form>,
      )}
    </Section>
  );
}
