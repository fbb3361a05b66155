'use client';

import { clsx } from 'clsx';
import { FileUp } from 'lucide-react';
import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { formatCount } from '@/components/ui/format-count';
import { composePaste } from './compose-paste';
import type { ChosenFile } from './use-inspection';

/** Beyond this a field on a page becomes slow: what is pasted goes its way without appearing in it. */
const shownPasteLength = 100_000;

interface FileChoiceProps {
  /** Lines that it may have. */
  most: number;
  onChosen: (file: ChosenFile) => void;
}

/** A file, dropped or chosen, or numbers pasted. */
export function FileChoice({ most, onChosen }: FileChoiceProps) {
  const [isOver, setIsOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const pasted = useRef<HTMLTextAreaElement>(null);

  function choose(file: File | undefined) {
    if (file) onChosen({ name: file.name, content: file });
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    choose(event.dataTransfer.files[0]);
  }

  function takePasted(text: string) {
    if (text.trim() === '') {
      setProblem('Paste at least one number.');
      pasted.current?.focus();
      return;
    }
    onChosen({ name: 'Pasted numbers', content: new Blob([composePaste(text)]) });
  }

  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData('text/plain');
    if (text.length < shownPasteLength) return;
    event.preventDefault();
    takePasted(text);
  }

  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <label
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={clsx(
          'flex min-h-56 flex-col items-center justify-center rounded-lg border border-dashed px-6 py-8 text-center transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text',
          isOver
            ? 'border-accent-text bg-accent-soft'
            : 'border-control bg-surface hover:border-ink-faint hover:bg-hover',
        )}
      >
        <span className="mb-3 flex size-11 items-center justify-center rounded-full border border-line bg-canvas text-ink-faint">
          <FileUp aria-hidden="true" className="size-5" strokeWidth={1.75} />
        </span>
        <span className="text-base font-semibold">Choose a file, or drop it here</span>
        <span className="mt-1 max-w-xs text-sm text-balance text-ink-soft">
          An Excel workbook (.xlsx, up to 50&nbsp;MB), CSV or text (200&nbsp;MB), up to {formatCount(most)}{' '}
          lines. It can have other columns beside the numbers.
        </span>
        <input
          type="file"
          accept=".xlsx,.xlsm,.csv,.txt,.tsv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv,text/plain,text/tab-separated-values"
          className="sr-only"
          onChange={(event) => {
            choose(event.target.files?.[0]);
            // so that the same file, mended, can be chosen again
            event.target.value = '';
          }}
        />
      </label>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          takePasted(pasted.current?.value ?? '');
        }}
        className="grid content-start gap-3 rounded-lg border border-line bg-surface p-4"
      >
        <Field
          label="Or paste numbers"
          error={problem}
          hint="One to a line, or separated by commas, semicolons or tabs."
        >
          {(control) => (
            <Textarea
              {...control}
              ref={pasted}
              rows={5}
              placeholder={'082 123 4567\n+27 83 765 4321'}
              autoComplete="off"
              spellCheck={false}
              onPaste={onPaste}
              onChange={() => setProblem(null)}
              className="tabular-nums"
            />
          )}
        </Field>
        <Button type="submit" className="justify-self-start max-sm:w-full">
          Read the numbers
        </Button>
      </form>
    </div>
  );
}
