'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { To } from '@/components/help/prose';
import { Field, Textarea } from '@/components/ui/field';
import { findTradingNamesProblem, splitTradingNames } from '@/lib/settings/schema';
import { SaveBar, Section } from './section';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

interface TradingNamesSectionProps {
  userId: number;
  accountName: string;
  saved: readonly string[];
  save: ServerAction<[input: { names: string }]>;
}

/** The names that a marketing text may have besides the account's own. */
export function TradingNamesSection({
  userId,
  accountName,
  saved,
  save: saveAction,
}: TradingNamesSectionProps) {
  const { value, isChanged, change, undo, settle } = useUnsaved(`trading-names-${userId}`, saved.join('\n'));
  const { save, isPending, problem, clear } = useSave();

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareCall(saveAction, { names: value }), {
      done: () => {
        settle(splitTradingNames(value).join('\n'));
        return 'Names saved';
      },
    });
  }

  return (
    <Section
      id="trading-names"
      title="Names you trade under"
      description={
        <>
          <p>
            A marketing text has to say who is speaking: “{accountName}”, or one of these names as your
            customers know them.
          </p>
          <p>
            <To href="/help#who-is-speaking">Who is speaking</To>
          </p>
        </>
      }
    >
      <form onSubmit={onSubmit} noValidate>
        <div className="p-4 sm:p-5">
          <Field
            label="Names"
            hint="One a line. The first two words of a name are enough in a text."
            error={findTradingNamesProblem(splitTradingNames(value)) ?? undefined}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                value={value}
                spellCheck={false}
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
