'use client';

import { useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { RadioCards } from '@/components/ui/radio-cards';
import { showToast } from '@/components/ui/toast';
import {
  findSeparatorProblem,
  recallSeparator,
  rememberSeparator,
  separatorChoices,
  type SeparatorChoice,
} from './separator';

export interface DownloadDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will be in the file: "1 204 opt-outs". */
  contents: string;
  fileName: string;
  getHref: (separator: string) => string;
}

/** Asks for the field separator, then leaves the file to the browser, which shows its progress and failures best. */
export function DownloadDialog({ open, onClose, title, contents, fileName, getHref }: DownloadDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={
        <>
          {contents}
          <span className="block font-mono text-xs break-all">{fileName}</span>
        </>
      }
    >
      <SeparatorForm
        onCancel={onClose}
        onChosen={(separator) => {
          download(getHref(separator), fileName);
          onClose();
        }}
      />
    </Dialog>
  );
}

/** A link that is pressed, not a change of address: an answer that is no file must not replace the page. */
function download(href: string, fileName: string) {
  const link = document.createElement('a');
  link.href = href;
  link.download = fileName;
  link.click();
  showToast('Download started');
}

interface SeparatorFormProps {
  onChosen: (separator: string) => void;
  onCancel: () => void;
}

function SeparatorForm({ onChosen, onCancel }: SeparatorFormProps) {
  const [{ choice, other }, setSeparator] = useState(recallSeparator);
  const [problem, setProblem] = useState<string | null>(null);

  function choose(next: { choice: SeparatorChoice; other: string }) {
    setSeparator(next);
    setProblem(null);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const character = separatorChoices.find(({ value }) => value === choice)?.character ?? other;
    const found = findSeparatorProblem(character);
    setProblem(found);
    if (found !== null) return;
    rememberSeparator(character);
    onChosen(character);
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
      <RadioCards
        legend="Field separator"
        autoFocus
        name="separator"
        value={choice}
        onChange={(next) => choose({ choice: next, other })}
        options={separatorChoices.map(({ value, label, character }) => ({
          value,
          label,
          mark: character === '\t' ? '⇥' : character,
        }))}
        className="grid-cols-2 *:last:col-span-2"
      />
      {choice === 'other' && (
        <Field
          label="Your separator"
          error={problem}
          hint="One character that is not a letter, a digit, a space or a quote."
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={other}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => choose({ choice, other: event.target.value })}
              className="font-mono"
            />
          )}
        </Field>
      )}
      <div className="flex justify-end gap-2 max-sm:*:grow">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary">
          OK
        </Button>
      </div>
    </form>
  );
}
