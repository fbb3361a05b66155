'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select, Textarea } from '@/components/ui/field';
import { sourceLabels } from '@/lib/consents/labels';
import { consentSources, maxWordingLength, type ConsentSource } from '@/lib/consents/schema';
import { hashFile } from './hash-file';

/** What is typed of a consent, beside whose it is. */
export type TypedConsent = {
  givenOn: string;
  givenTime: string;
  source: ConsentSource;
  wording: string;
  url: string;
  fileName: string;
  fileHash: string;
};

/** The names of {@link TypedConsent}, for what is wrong with a field. */
export const consentFieldNames = ['givenOn', 'givenTime', 'source', 'wording', 'url', 'fileHash'] as const;

export function composeTypedConsent(today: string): TypedConsent {
  return {
    givenOn: today,
    givenTime: '',
    source: 'WEB_FORM',
    wording: '',
    url: '',
    fileName: '',
    fileHash: '',
  };
}

interface ConsentFieldsProps {
  value: TypedConsent;
  onChange: (change: Partial<TypedConsent>) => void;
  problems: Readonly<Record<string, string>>;
  /** "2026-11-29" */
  today: string;
}

/** When, how and to what somebody consented, and what shows it. */
export function ConsentFields({ value, onChange, problems, today }: ConsentFieldsProps) {
  const bind = (name: keyof TypedConsent) => ({
    name,
    value: value[name],
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_2fr]">
        <Field label="Day of the consent" error={problems.givenOn}>
          {(control) => <Input {...control} {...bind('givenOn')} type="date" max={today} required />}
        </Field>
        <Field label="Time (optional)" error={problems.givenTime}>
          {(control) => <Input {...control} {...bind('givenTime')} type="time" />}
        </Field>
        <Field label="How it was given" error={problems.source}>
          {(control) => (
            <Select {...control} {...bind('source')}>
              {consentSources.map((source) => (
                <option key={source} value={source}>
                  {sourceLabels[source]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field
        label="What was agreed to, word for word"
        error={problems.wording}
        aside={value.wording.length > 0 && `${value.wording.length} of ${maxWordingLength}`}
      >
        {(control) => (
          <Textarea
            {...control}
            {...bind('wording')}
            rows={3}
            maxLength={maxWordingLength}
            placeholder="Yes, send me offers by SMS. I can stop them at any time."
          />
        )}
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Address where it can be seen (optional)" error={problems.url}>
          {(control) => (
            <Input {...control} {...bind('url')} inputMode="url" autoComplete="off" placeholder="https://" />
          )}
        </Field>
        <ProofFile value={value} onChange={onChange} problem={problems.fileHash} />
      </div>
    </>
  );
}

interface ProofFileProps {
  value: TypedConsent;
  onChange: (change: Partial<TypedConsent>) => void;
  problem: string | undefined;
}

/** A scan or a recording, of which the name and the fingerprint go in: the file stays where it is. */
function ProofFile({ value, onChange, problem }: ProofFileProps) {
  const [failure, setFailure] = useState<string | null>(null);

  async function choose(file: File | undefined) {
    if (!file) return;
    setFailure(null);
    const hashed = await hashFile(file);
    if (hashed.ok) onChange({ fileName: file.name, fileHash: hashed.hash });
    else setFailure(hashed.problem);
  }

  return (
    <Field
      label="File that shows it (optional)"
      error={failure ?? problem}
      hint={
        value.fileHash === ''
          ? 'It stays with you: we keep its name and its fingerprint (SHA-256), by which anybody can tell that it is the one.'
          : undefined
      }
    >
      {(control) =>
        value.fileHash === '' ? (
          <input
            {...control}
            type="file"
            className="w-full min-w-0 text-sm file:mr-3 file:h-9 file:rounded-md file:border file:border-control file:bg-raised file:px-3 file:text-sm max-sm:file:h-10"
            onChange={(event) => {
              void choose(event.target.files?.[0]);
              // so that the same file can be chosen again
              event.target.value = '';
            }}
          />
        ) : (
          <div className="flex items-start justify-between gap-3 rounded-md border border-line px-3 py-2 text-sm">
            <span className="min-w-0">
              <span className="block wrap-anywhere">{value.fileName}</span>
              <span className="block font-mono text-xs break-all text-ink-faint">{value.fileHash}</span>
            </span>
            <Button
              {...control}
              size="small"
              aria-label={`Remove ${value.fileName}`}
              onClick={() => onChange({ fileName: '', fileHash: '' })}
            >
              Remove
            </Button>
          </div>
        )
      }
    </Field>
  );
}
