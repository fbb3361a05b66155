'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { formatCount } from '@/components/ui/format-count';
import { showToast } from '@/components/ui/toast';

export type SaveWarningLevel = ServerAction<[input: { level: string }], { ok: true; isBelow: boolean }>;

interface WarningFormProps {
  /** Null: the owner is not warned. */
  level: number | null;
  save: SaveWarningLevel;
}

/** Below how many credits the owner gets an e-mail. */
export function WarningForm({ level, save }: WarningFormProps) {
  const saved = level === null ? '' : formatCount(level);
  const draft = useDraft(`credit-warning ${saved}`, { level: saved });
  const action = useAction(
    {
      undone: 'The level is as it was.',
      unsure: 'We do not know whether the level was saved. Try again: that does no harm.',
    },
    ['level'],
  );

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    action.run(prepareCall(save, { level: draft.value.level }), () => {
      draft.clear();
      showToast(draft.value.level.trim() === '' ? 'You will not be warned' : 'Warning level saved');
      return undefined;
    });
  }

  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-3">
      <Field
        label="Warn the owner by e-mail below"
        aside="Credits"
        hint="Once each time the balance falls below this. Leave it empty for no warning."
        error={action.fieldProblems.level}
      >
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              maxLength={20}
              placeholder="No warning"
              value={draft.value.level}
              onChange={(event) => {
                action.clear();
                draft.change({ level: event.target.value });
              }}
            />
            <Button type="submit" pending={action.isPending}>
              Save
            </Button>
          </div>
        )}
      </Field>
      <ProblemCallout problem={action.problem} />
    </form>
  );
}
