'use client';

import { FileCheck } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { describeSeparator } from '@/components/downloads/format';
import { recallSeparator, rememberSeparator, separatorChoices } from '@/components/downloads/separator';
import { startDownload } from '@/components/downloads/start-download';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { RadioCards } from '@/components/ui/radio-cards';

interface EvidenceButtonProps {
  msisdn: string;
  /** The file's name without its ending. */
  name: string;
}

const formats = [
  { value: 'pdf', label: 'PDF', mark: '.pdf' },
  { value: 'csv', label: 'CSV', mark: '.csv' },
  { value: 'xlsx', label: 'Workbook', mark: '.xlsx' },
] as const;

type Format = (typeof formats)[number]['value'];

/** Those that have a name. */
const separators = separatorChoices.flatMap(({ label, character }) =>
  character === null ? [] : [{ label, character }],
);

/** Downloads all that is known of a number, for whoever complains or asks. */
export function EvidenceButton({ msisdn, name }: EvidenceButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [format, setFormat] = useState<Format>('pdf');
  const [separator, setSeparator] = useState<string>(',');

  function open() {
    const recalled = separatorChoices.find(({ value }) => value === recallSeparator().choice);
    setSeparator(recalled?.character ?? ',');
    setIsOpen(true);
  }

  function download(event: SubmitEvent) {
    event.preventDefault();
    const query = new URLSearchParams({ format, ...(format === 'csv' && { separator }) });
    void startDownload(`/api/evidence/${msisdn}?${query}`, `${name}.${format}`);
    if (format === 'csv') rememberSeparator(separator);
    setIsOpen(false);
  }

  return (
    <>
      <Button aria-haspopup="dialog" onClick={open}>
        <FileCheck aria-hidden="true" className="size-4" />
        Evidence pack
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Evidence pack"
        description={
          <>
            The state of this number, its opt-outs with their evidence, messages and replies word for word,
            and how long each opt-out took.
            <span className="mt-1 block font-mono text-xs break-all">
              {name}.{format}
            </span>
          </>
        }
      >
        <form onSubmit={download} className="grid gap-4 px-5 pt-1 pb-5">
          <RadioCards
            legend="Format"
            name="format"
            autoFocus
            value={format}
            onChange={setFormat}
            options={formats}
            className="sm:grid-cols-3"
          />
          {format === 'csv' && (
            <RadioCards
              legend="Field separator"
              name="separator"
              value={separator}
              onChange={setSeparator}
              options={separators.map(({ label, character }) => ({
                value: character,
                label,
                mark: character === '\t' ? '⇥' : character,
              }))}
              className="grid-cols-2"
            />
          )}
          {format === 'csv' && (
            <p aria-live="polite" className="-mt-2 text-xs text-ink-faint">
              {describeSeparator(separator)}
            </p>
          )}
          <div className="flex justify-end gap-2 max-sm:*:grow">
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button type="submit" variant="primary">
              Download
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
