'use client';

import { useState, type SubmitEvent, type ReactNode } from 'react';
import type { ActionResult, Done, Refusal } from '@/lib/auth/schema';
import type { ActionCall } from './call-action';
import type { ActionWords } from './describe-failure';
import { ProblemCallout } from './problem-callout';
import { useAction } from './use-action';
import { useDraft } from './use-draft';
import { Button, type ButtonLook } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Textarea } from '@/components/ui/field';

export interface Prompt<Answer extends ActionResult = ActionResult> {
  title: string;
  /** What will happen, and to whom. */
  children: ReactNode;
  /** The number it is about, where that is not known yet. */
  number?: { label: string; hint?: string };
  /** Asked for, and kept with what is done. */
  reason?: { label: string; hint?: string };
  submitLabel: string;
  variant?: ButtonLook['variant'];
  /** What is true when there was no answer. */
  words: ActionWords;
  command: (typed: Typed) => ActionCall<Answer | Refusal>;
  onDone: (answer: Done<Answer>) => void;
}

/** What was typed; empty where it was not asked for. */
type Typed = {
  number: string;
  reason: string;
};

/** The most of a reason that is kept. */
const maxReasonLength = 500;

/**
 * Says what will happen before it does, and asks for the reason where there must be one. What is refused is
 * said here, and what was typed stays, over a reload too. Give it a new `key` for each opening.
 */
export function PromptDialog<Answer extends ActionResult>({
  prompt,
  open,
  onClose,
}: {
  prompt: Prompt<Answer>;
  open: boolean;
  onClose: () => void;
}) {
  const draft = useDraft<Typed>(`prompt ${prompt.title}`, { number: '', reason: '' });
  const typed = draft.value;
  const [missing, setMissing] = useState<{ number?: string; reason?: string }>({});
  const { isPending, problem, fieldProblems, run, clear } = useAction(prompt.words, shownFields(prompt));

  function edit(change: { number?: string; reason?: string }) {
    setMissing({});
    clear();
    draft.change({ ...typed, ...change });
  }

  function cancel() {
    draft.clear();
    onClose();
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const found = {
      ...(prompt.number && typed.number.trim() === '' && { number: 'Enter the number.' }),
      ...(prompt.reason && typed.reason.trim() === '' && { reason: 'Write the reason.' }),
    };
    setMissing(found);
    if (Object.keys(found).length > 0) return;
    run(prompt.command(typed), (answer) => {
      draft.clear();
      onClose();
      prompt.onDone(answer);
    });
  }

  return (
    <Dialog open={open} onClose={onClose} title={prompt.title}>
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pb-5">
        <div className="space-y-2 text-sm text-ink-soft">{prompt.children}</div>
        {prompt.number && (
          <Field {...prompt.number} error={missing.number ?? fieldProblems.number}>
            {(control) => (
              <Input
                {...control}
                data-autofocus
                type="tel"
                autoComplete="off"
                maxLength={40}
                value={typed.number}
                onChange={(event) => edit({ number: event.target.value })}
              />
            )}
          </Field>
        )}
        {prompt.reason && (
          <Field {...prompt.reason} error={missing.reason ?? fieldProblems.reason}>
            {(control) => (
              <Textarea
                {...control}
                data-autofocus={prompt.number ? undefined : true}
                rows={3}
                required
                maxLength={maxReasonLength}
                value={typed.reason}
                onChange={(event) => edit({ reason: event.target.value })}
              />
            )}
          </Field>
        )}
        <ProblemCallout problem={problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={cancel}>Cancel</Button>
          <Button
            type="submit"
            variant={prompt.variant ?? 'primary'}
            pending={isPending}
            data-autofocus={prompt.reason ? undefined : true}
          >
            {prompt.submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function shownFields({ number, reason }: Pick<Prompt, 'number' | 'reason'>): string[] {
  return [...(number ? ['number'] : []), ...(reason ? ['reason'] : [])];
}
