'use client';

import { useId, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { CostlyCharacters } from '@/components/messages/costly-characters';
import { TextMeter } from '@/components/messages/text-meter';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, Textarea } from '@/components/ui/field';
import { findConfirmationProblem, listConfirmationWarnings } from '@/lib/settings/schema';
import { SaveBar, Section } from './section';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

interface ConfirmationSectionProps {
  userId: number;
  accountName: string;
  standardText: string;
  /** Null: the standard text is used. */
  ownText: string | null;
  save: ServerAction<[input: { text: string; seen: string | null }]>;
}

export function ConfirmationSection(props: ConfirmationSectionProps) {
  const { accountName, standardText, ownText } = props;
  const { value, base, isChanged, change, undo, settle } = useUnsaved(
    `confirmation-${props.userId}`,
    ownText ?? standardText,
  );
  const { save, isPending, problem, clear } = useSave();
  const previewId = useId();
  const found = findConfirmationProblem(value, accountName);
  const warnings = listConfirmationWarnings(value);

  function edit(text: string) {
    clear();
    change(text);
  }

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    if (found !== null || !isChanged) return;
    save(prepareCall(props.save, { text: value, seen: base === standardText ? null : base }), {
      done: () => {
        settle(value.trim());
        return 'Confirmation text saved';
      },
    });
  }

  return (
    <Section
      id="confirmation"
      title="Confirmation text"
      description={
        <>
          <p>
            Whoever opts out gets this SMS, once and at once. It costs you nothing, and it is sent even though
            the number is blocked by then.
          </p>
          <p>It must name your account, and should carry no marketing.</p>
        </>
      }
    >
      <form onSubmit={onSubmit} noValidate>
        <div className="grid gap-x-6 gap-y-5 p-4 sm:p-5 xl:grid-cols-[minmax(0,1fr)_16rem]">
          <div className="grid content-start gap-3">
            <Field
              label="Text"
              aside={value === standardText ? 'The standard text' : 'Your own text'}
              error={isChanged ? found : null}
              hint={<TextMeter text={value} />}
            >
              {(control) => (
                <Textarea
                  {...control}
                  name="confirmation"
                  rows={5}
                  value={value}
                  onChange={(event) => edit(event.target.value)}
                />
              )}
            </Field>
            <CostlyCharacters text={value} onReplace={edit} />
            {warnings.length > 0 && (
              <Callout tone="warn">
                <ul className="space-y-1">
                  {warnings.map((warning) => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
              </Callout>
            )}
            {value !== standardText && (
              <div>
                <Button size="small" onClick={() => edit(standardText)}>
                  Use the standard text
                </Button>
              </div>
            )}
          </div>
          <figure aria-labelledby={previewId}>
            <figcaption id={previewId} className="mb-1.5 text-sm font-medium">
              On the recipient’s phone
            </figcaption>
            <div className="rounded-xl border border-line bg-canvas p-3">
              <p className="mb-3 text-center text-xs text-ink-faint">Your sender number</p>
              <p className="mb-2 ml-auto w-fit max-w-[85%] rounded-2xl rounded-br-md bg-accent px-3 py-1.5 text-sm text-on-accent">
                Stop
              </p>
              <p className="w-fit max-w-[92%] rounded-2xl rounded-bl-md bg-hover px-3 py-1.5 text-sm wrap-anywhere whitespace-pre-wrap">
                {value.trim() || <span className="text-ink-faint italic">Empty</span>}
              </p>
            </div>
          </figure>
        </div>
        <SaveBar
          isChanged={isChanged}
          isPending={isPending}
          problem={problem}
          onUndo={() => {
            clear();
            undo();
          }}
        />
      </form>
    </Section>
  );
}
