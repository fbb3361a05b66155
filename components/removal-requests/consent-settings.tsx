'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { CostlyCharacters } from '@/components/messages/costly-characters';
import { TextMeter } from '@/components/messages/text-meter';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { Section } from '@/components/settings/section';
import { RadioCards } from '@/components/ui/radio-cards';
import { showToast } from '@/components/ui/toast';
import { SmsBubble } from './sms-bubble';

interface ConsentSettingsProps {
  settings: {
    /** The account's own text; null: the standard one. */
    consentText: string | null;
    standardText: string;
    /** Beside YES. */
    consentWords: readonly string[];
  };
  accountName: string;
  /** A server action. */
  save: ServerAction<
    [input: { consentText: string | null; consentWords: string[] }],
    { ok: true; settings: { consentWords: readonly string[] } }
  >;
}

type Typed = { kind: string; text: string; words: string };

const failureWords = {
  undone: 'Nothing was saved.',
  unsure: 'We do not know whether this was saved. Try again: that does no harm.',
};

/** A section of the settings: the SMS that asks recipients, and the words that count as their YES. */
export function ConsentSettings({ settings, accountName, save }: ConsentSettingsProps) {
  const draft = useDraft<Typed>('consent', {
    kind: settings.consentText === null ? 'standard' : 'own',
    text: settings.consentText ?? settings.standardText,
    words: settings.consentWords.join('\n'),
  });
  const { text, words } = draft.value;
  const kind = draft.value.kind === 'own' ? 'own' : 'standard';
  const { run, isPending, problem, fieldProblems, clear } = useAction(failureWords, [
    'consentText',
    'consentWords',
  ]);

  function edit(change: Partial<Typed>) {
    clear();
    draft.change({ ...draft.value, ...change });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const input = { consentText: kind === 'own' ? text : null, consentWords: splitWords(words) };
    run(prepareCall(save, input), (result) => {
      // As they are compared: in small letters, each once.
      draft.change({ ...draft.value, words: result.settings.consentWords.join('\n') });
      showToast('Saved');
    });
  }

  return (
    <Section
      id="consent"
      title="Removal requests"
      description={
        <p>
          Whoever you ask to let you write again gets this SMS, once, at lawful hours. Only their own YES, or
          a word that counts as one, lifts the block.
        </p>
      }
    >
      <form method="post" onSubmit={submit} noValidate className="grid max-w-2xl gap-5 p-4">
        {draft.isBack && <DraftNotice>It may not have been saved.</DraftNotice>}
        <ProblemCallout problem={problem} />
        <RadioCards
          legend="The SMS that asks a recipient"
          name="consent-text-kind"
          value={kind}
          onChange={(next) => edit({ kind: next })}
          options={[
            { value: 'standard', label: 'The standard text' },
            { value: 'own', label: 'A text of your own' },
          ]}
          className="sm:grid-cols-2"
        />
        {kind === 'standard' ? (
          <div>
            <SmsBubble>{settings.standardText}</SmsBubble>
            <div className="mt-2 text-xs text-ink-faint">
              <TextMeter text={settings.standardText} />
            </div>
          </div>
        ) : (
          <div className="grid gap-2">
            <Field
              label="Your text"
              error={fieldProblems.consentText}
              hint={
                <div className="grid gap-1.5">
                  <TextMeter text={text} />
                  <span>
                    Name your account, {accountName}, and say what YES means. No advertising: it may only ask.
                  </span>
                </div>
              }
            >
              {(control) => (
                <Textarea
                  {...control}
                  name="consentText"
                  rows={4}
                  value={text}
                  onChange={(event) => edit({ text: event.target.value })}
                />
              )}
            </Field>
            <CostlyCharacters text={text} onReplace={(plain) => edit({ text: plain })} />
          </div>
        )}
        <Field
          label="Words that count as YES"
          error={fieldProblems.consentWords}
          hint="One to a line, for example “Ja” or “Yebo”. The whole answer must be that word; YES always counts."
        >
          {(control) => (
            <Textarea
              {...control}
              name="consentWords"
              rows={3}
              value={words}
              spellCheck={false}
              onChange={(event) => edit({ words: event.target.value })}
              className="max-w-72"
            />
          )}
        </Field>
        <div>
          <Button type="submit" variant="primary" pending={isPending}>
            {isPending ? 'Saving' : 'Save'}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function splitWords(typed: string): string[] {
  return typed
    .split(/[\n,;]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
