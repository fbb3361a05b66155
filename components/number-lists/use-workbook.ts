'use client';

import { useEffect, useState } from 'react';
import type { Sheet, Workbook } from '@/lib/number-lists/file/workbook';
import { isZip, maxWorkbookBytes } from '@/lib/number-lists/schema';
import type { ChosenFile } from './use-inspection';

/** A sheet of a workbook, and the file that is read and sent for it. */
export interface ChosenSheet extends Pick<Sheet, 'name' | 'isHidden' | 'numbers'> {
  /** Its CSV, under the name of the workbook. */
  file: ChosenFile;
}

export type WorkbookState =
  | { state: 'reading' }
  | { state: 'refused'; problem: string }
  /** It is text, or whatever else the inspection finds. */
  | { state: 'other' }
  | { state: 'ready'; sheets: readonly ChosenSheet[]; proposed: number };

const reading: WorkbookState = { state: 'reading' };

/** Makes CSV of the sheets of a workbook, in a worker; says so where a file is none. */
export function useWorkbook(file: ChosenFile | null): WorkbookState {
  const [answered, setAnswered] = useState<{ file: ChosenFile; result: WorkbookState } | null>(null);

  useEffect(() => {
    if (!file) return;
    let worker: Worker | null = null;
    let isWanted = true;
    const finish = (result: WorkbookState) => {
      worker?.terminate();
      if (isWanted) setAnswered({ file, result });
    };
    const read = (start: ArrayBuffer) => {
      if (!isWanted) return;
      if (!isZip(new Uint8Array(start))) return finish({ state: 'other' });
      if (file.content.size > maxWorkbookBytes) return finish({ state: 'refused', problem: tooLarge });
      worker = new Worker(new URL('./workbook-worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<Workbook>) => finish(judge(file, data)));
      worker.addEventListener('error', () => finish({ state: 'refused', problem: unreadable }));
      worker.postMessage(file.content);
    };
    // What cannot be read is refused by the inspection, in its words.
    file.content
      .slice(0, 4)
      .arrayBuffer()
      .then(read, () => finish({ state: 'other' }));
    return () => {
      isWanted = false;
      worker?.terminate();
    };
  }, [file]);

  return answered?.file === file && answered ? answered.result : reading;
}

const tooLarge = `This workbook is larger than ${maxWorkbookBytes / 1024 / 1024} MB. Open it, save the sheet as CSV, and choose that; or split it, and hand in the parts.`;
const unreadable =
  'This workbook could not be read here, and that may be our mistake: nothing says that the file is damaged. Open it, save the sheet as CSV, and choose that; and tell us of it.';

function judge({ name }: ChosenFile, workbook: Workbook): WorkbookState {
  if (!workbook.ok) return { state: 'refused', problem: workbook.problem };
  const { sheets, proposed } = workbook;
  return {
    state: 'ready',
    proposed,
    sheets: sheets.map(({ csv, ...sheet }) => ({
      ...sheet,
      file: { name, content: csv, sheet: sheet.name },
    })),
  };
}
