'use client';

import { unstable_rethrow } from 'next/navigation';
import { useState, useTransition, type FormEvent } from 'react';
import { CostlyCharacters } from '@/components/messages/costly-characters';
import { TextMeter } from '@/components/messages/text-meter';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
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
  /** A server action; null when it could not be done just now. */
  save: (input: { consentText: string | null; consentWords: string[] }) => Promise<SaveAnswer | null>;
}

type SaveAnswer =
  | { ok: true; settings: { consentWords: readonly string[] } }
  | { ok: false; field: 'consentText' | 'consentWords'; message: string };

type Problem = { field: 'consentText' | 'consentWords' | null; message: string };

/** A section of the settings: the SMS that asks recipients, and the words that count as their YES. */
export function ConsentSettings({ settings, accountName, save }: ConsentSettingsProps) {
  const [kind, setKind] = useState<'standard' | 'own'>(settings.consentText === null ? 'standard' : 'own');
  const [text, setText] = useState(settings.consentText ?? settings.standardText);
  const [words, setWords] = useState(settings.consentWords.join('\n'));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    setProblem(null);
    startTransition(async () => {
      try {
        const result = await save({
          consentText: kind === 'own' ? text : null,
          consentWords: splitWords(words),
        });
        if (result?.ok) {
          // As they are compared: in small letters, each once.
          setWords(result.settings.consentWords.join('\n'));
          showToast('Saved');
        } else setProblem(result ?? { field: null, message: 'This could not be saved just now. Try again.' });
      } catch (error) {
        // A redirect to the sign-in page travels as an error, and is none.
        unstable_rethrow(error);
        setProblem({ field: null, message: 'The server could not be reached. Save again.' });
      }
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
        {problem?.field === null && (
          <Callout tone="bad" announce>
            {problem.message}
          </Callout>
        )}
        <RadioCards
          legend="The SMS that asks a recipient"
          name="consent-text-kind"
          value={kind}
          onChange={setKind}
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
              error={problem?.field === 'consentText' ? problem.message : null}
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
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
            <CostlyCharacters text={text} onReplace={setText} />
          </div>
        )}
        <Field
          label="Words that count as YES"
          error={problem?.field === 'consentWords' ? problem.message : null}
          hint="One to a line, for example “Ja” or “Yebo”. The whole answer must be that word; YES always counts."
        >
          {(control) => (
            <Textarea
              {...control}
              name="consentWords"
              rows={3}
              value={words}
              spellCheck={false}
              onChange={(event) => setWords(event.target.value)}
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
