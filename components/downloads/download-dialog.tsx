'use client';

import { ChevronRight } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { RadioCards } from '@/components/ui/radio-cards';
import type { ListView } from '@/lib/lists/schema';
import { composeDownloadHref, findNarrowing, type DownloadChoice } from './compose-download';
import {
  describeNumbersAsText,
  describeSeparator,
  formatChoices,
  recallFormat,
  rememberFormat,
  workbookHint,
  type FileFormat,
} from './format';
import {
  findSeparatorProblem,
  recallSeparator,
  rememberSeparator,
  separatorChoices,
  type SeparatorChoice,
} from './separator';
import { startDownload } from './start-download';

export interface DownloadDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will be in the file when the list is not narrowed: "1 204 opt-outs". */
  contents: string;
  /** "Opt-outs" */
  noun: string;
  /** Without its ending. */
  fileName: string;
  path: string;
  list: ListView;
  /** The parameters of the page's URL. */
  shown: readonly (readonly [string, string])[];
}

/**
 * Asks for the kind of file and its field separator, then leaves the file to the browser, which shows its
 * progress and failures best.
 */
export function DownloadDialog(props: DownloadDialogProps) {
  const { open, onClose, title, contents, noun, fileName, path, list, shown } = props;
  const narrowed = findNarrowing(list, shown);
  const [everything, setEverything] = useState(false);
  const [format, setFormat] = useState(recallFormat);
  const search = narrowed.find(([name]) => name === 'q')?.[1];

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={
        <>
          {narrowed.length === 0 || everything
            ? contents
            : `${noun} that match ${narrowed.length === 1 && search ? `“${search}”` : 'the filters of the list'}`}
          <span className="block font-mono text-xs break-all">
            {fileName}.{format}
          </span>
        </>
      }
    >
      <DownloadForm
        columns={list.fileColumns}
        isNarrowed={narrowed.length > 0}
        everything={everything}
        onEverything={setEverything}
        format={format}
        onFormat={setFormat}
        onCancel={onClose}
        onChosen={(choice) => {
          void startDownload(composeDownloadHref(path, list, shown, choice), `${fileName}.${choice.format}`);
          onClose();
        }}
      />
    </Dialog>
  );
}

interface DownloadFormProps {
  /** What there is to choose from; none: the file has all that there is. */
  columns: ListView['fileColumns'];
  isNarrowed: boolean;
  everything: boolean;
  onEverything: (everything: boolean) => void;
  format: FileFormat;
  onFormat: (format: FileFormat) => void;
  onChosen: (choice: DownloadChoice) => void;
  onCancel: () => void;
}

function DownloadForm(props: DownloadFormProps) {
  const { columns, isNarrowed, everything, onEverything, format, onFormat, onChosen, onCancel } = props;
  const [{ choice, other }, setSeparator] = useState(recallSeparator);
  const [problem, setProblem] = useState<string | null>(null);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [numbersAsText, setNumbersAsText] = useState(false);

  const character = separatorChoices.find(({ value }) => value === choice)?.character ?? other;

  function choose(next: { choice: SeparatorChoice; other: string }) {
    setSeparator(next);
    setProblem(null);
  }

  function toggleColumn(id: string) {
    const next = new Set(leftOut);
    if (!next.delete(id)) next.add(id);
    setLeftOut(next);
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (format === 'csv') {
      const found = findSeparatorProblem(character);
      setProblem(found);
      if (found !== null) return;
      rememberSeparator(character);
    }
    rememberFormat(format);
    const kept = columns.filter(({ id }) => !leftOut.has(id)).map(({ id }) => id);
    onChosen({
      format,
      separator: character,
      everything: everything || !isNarrowed,
      columns: leftOut.size > 0 ? kept : null,
      numbersAsText,
    });
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
      <RadioCards
        legend="Format"
        autoFocus
        name="format"
        value={format}
        onChange={onFormat}
        options={formatChoices}
        className="grid-cols-2"
      />
      {format === 'csv' && (
        <RadioCards
          legend="Field separator"
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
      )}
      {format === 'csv' && choice === 'other' && (
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
      <p aria-live="polite" className="-mt-2 text-xs text-ink-faint empty:hidden">
        {format === 'xlsx' ? workbookHint : describeSeparator(character)}
      </p>
      {(columns.length > 0 || isNarrowed) && (
        <details className="group">
          <summary className="-mx-1.5 inline-flex items-center gap-1 rounded-md px-1.5 py-1 text-sm text-ink-soft select-none hover:text-ink [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden="true" className="size-3.5 transition-transform group-open:rotate-90" />
            More options
          </summary>
          <div className="mt-3 grid gap-4">
            {isNarrowed && (
              <RadioCards
                legend="Rows"
                name="rows"
                value={everything ? 'everything' : 'shown'}
                onChange={(value) => onEverything(value === 'everything')}
                options={[
                  { value: 'shown', label: 'What is filtered' },
                  { value: 'everything', label: 'Everything' },
                ]}
                className="grid-cols-2"
              />
            )}
            {columns.length > 0 && (
              <>
                <fieldset>
                  <legend className="mb-1 text-sm font-medium">Columns</legend>
                  <div className="grid grid-cols-2 gap-x-4">
                    {columns.map(({ id, label }) => (
                      <Checkbox
                        key={id}
                        checked={!leftOut.has(id)}
                        // A file without columns is none: the last one stays.
                        disabled={!leftOut.has(id) && leftOut.size === columns.length - 1}
                        onChange={() => toggleColumn(id)}
                      >
                        {label}
                      </Checkbox>
                    ))}
                  </div>
                </fieldset>
                {format === 'csv' && (
                  <fieldset>
                    <legend className="mb-1 text-sm font-medium">Numbers</legend>
                    <Checkbox
                      checked={numbersAsText}
                      onChange={(event) => setNumbersAsText(event.target.checked)}
                      hint={describeNumbersAsText(character)}
                    >
                      Keep numbers as text for Excel
                    </Checkbox>
                  </fieldset>
                )}
              </>
            )}
          </div>
        </details>
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
