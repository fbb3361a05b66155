'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { FileUpload } from '@/components/number-lists/file-upload';
import { uploadConsents } from '@/components/number-lists/upload';
import { proposeConsentColumns, readGivenAt } from '@/lib/number-lists/file/consent-cells';
import type { Preview } from '@/lib/number-lists/file/inspect';
import { maxFileLines, type ConsentColumns } from '@/lib/number-lists/schema';
import { ConsentColumnChoice } from './consent-column-choice';
import { ConsentFields, composeTypedConsent } from './consent-fields';

const nothingWrong = {};

/** A file of numbers that have consented: all in one way, or when and how the file says of each. */
export function ConsentUpload({ today }: { today: string }) {
  const router = useRouter();
  const [value, setValue] = useState(composeTypedConsent(today));
  /** What a person has chosen of a file with columns of these names; of another it means nothing. */
  const [chosen, setChosen] = useState<{ names: string; columns: ConsentColumns } | null>(null);
  // of one moment for all that is shown; the server looks at its own clock
  const [nowMs] = useState(() => Date.now());
  const findColumns = (preview: Preview): ConsentColumns => {
    const { columns, rows, format } = preview;
    return chosen?.names === nameColumns(preview)
      ? chosen.columns
      : proposeConsentColumns(columns, rows, format.columns, nowMs);
  };
  return (
    <FileUpload
      button="Record these consents"
      note="Blocks stay as they are, and whoever has opted out or withdrawn since is left out."
      most={maxFileLines}
      send={(file, format, onProgress, preview) =>
        uploadConsents(value, findColumns(preview), file, format, onProgress)
      }
      onStored={(id) => router.push(`/messages/opt-outs/lists/${id}`)}
    >
      {(preview) => {
        const columns = findColumns(preview);
        const hasOwn = columns.date !== null || columns.source !== null;
        return (
          <div className="grid gap-4 border-t border-line pt-4">
            <ConsentColumnChoice
              preview={preview}
              chosen={columns}
              readDate={(cell) => readGivenAt(cell, nowMs)}
              onChoose={(next) => setChosen({ names: nameColumns(preview), columns: next })}
            />
            <p className="text-sm text-ink-soft">
              {hasOwn ? 'What a line does not say itself is so:' : 'All numbers of this file consented so:'}
            </p>
            <ConsentFields
              value={value}
              onChange={(change) => setValue({ ...value, ...change })}
              problems={nothingWrong}
              today={today}
            />
          </div>
        );
      }}
    </FileUpload>
  );
}

function nameColumns({ columns }: Preview): string {
  return JSON.stringify(columns.map(({ name }) => name));
}
