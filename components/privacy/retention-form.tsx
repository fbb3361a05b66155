'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { showToast } from '@/components/ui/toast';
import {
  checkRetention,
  leastMonths,
  mostMonths,
  retentionNames,
  type RetentionSettings,
} from '@/lib/privacy/schema';

type Name = keyof RetentionSettings;
type Typed = Record<Name, string>;

const names = Object.keys(retentionNames) as Name[];

function toTyped(settings: RetentionSettings): Typed {
  return Object.fromEntries(names.map((name) => [name, String(settings[name])])) as Typed;
}

const words = {
  undone: 'What is kept, and how long, is as it was.',
  unsure: 'We do not know whether the times were saved. Save again: that does no harm.',
};

interface RetentionFormProps {
  settings: RetentionSettings;
  /** A server action. */
  save: ServerAction<[settings: RetentionSettings]>;
}

/** How long the provider keeps what people wrote. */
export function RetentionForm({ settings, save }: RetentionFormProps) {
  const { value: typed, change, isBack } = useDraft<Typed>('retention', toTyped(settings));
  const { isPending, problem, refuse, clear, run } = useAction(words);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const next = Object.fromEntries(
      names.map((name) => [name, /^\d{1,4}$/.test(typed[name].trim()) ? Number(typed[name]) : -1]),
    ) as unknown as RetentionSettings;
    const wrong = checkRetention(next);
    if (wrong !== null) {
      refuse(wrong);
      return;
    }
    run(prepareCall(save, next), () => {
      change(toTyped(next));
      showToast('Times saved');
    });
  }

  return (
    <form onSubmit={submit} noValidate className="grid max-w-3xl gap-4">
      {isBack && <DraftNotice>It has not been saved.</DraftNotice>}
      <Card title="How long texts are kept">
        <div className="grid gap-4 p-4">
          <p className="text-sm text-ink-soft">
            In months; 0 keeps them for ever. Each night what is older is written over by a sentence that says
            when it was erased. What proves an opt-out stays as long as the block lasts, and for its time
            after that. Nothing under a legal hold is erased.
          </p>
          <div className="grid items-end gap-4 sm:grid-cols-2">
            {names.map((name) => (
              <Field
                key={name}
                label={retentionNames[name]}
                hint={`0, or ${leastMonths[name]} to ${mostMonths} months.`}
              >
                {(control) => (
                  <Input
                    {...control}
                    value={typed[name]}
                    inputMode="numeric"
                    maxLength={4}
                    onChange={(event) => {
                      clear();
                      change({ ...typed, [name]: event.target.value });
                    }}
                  />
                )}
              </Field>
            ))}
          </div>
        </div>
      </Card>
      <ProblemCallout problem={problem} />
      <div className="flex max-sm:*:grow">
        <IfMay may="settings.change">
          <Button type="submit" variant="primary" pending={isPending}>
            Save times
          </Button>
        </IfMay>
      </div>
    </form>
  );
}
