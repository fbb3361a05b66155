'use client';

import { useEffect, useState } from 'react';
import type { Correction, Inspection, Preview } from '@/lib/number-lists/file/inspect';
import { maxFileBytes } from '@/lib/number-lists/schema';
import type { InspectionRequest } from './inspect-worker';

/** What was chosen: a file, or what was pasted. */
export interface ChosenFile {
  name: string;
  content: Blob;
  /** Of a workbook: the sheet that it is. */
  sheet?: string;
}

export type InspectionState =
  | { state: 'reading' }
  | { state: 'refused'; problem: string }
  /** `isCurrent`: the last correction has been looked into. */
  | { state: 'ready'; preview: Preview; isCurrent: boolean };

interface Answered {
  file: ChosenFile;
  correction: Correction;
  result: Exclude<InspectionState, { state: 'reading' }>;
}

/**
 * Looks into a file, in a worker. While a correction is looked into, what was seen before stays.
 *
 * @param correction what a person has corrected; the same object as long as nothing changes
 */
export function useInspection(file: ChosenFile | null, correction: Correction): InspectionState {
  const [answered, setAnswered] = useState<Answered | null>(null);
  const sizeProblem = file && findSizeProblem(file.content.size);

  useEffect(() => {
    if (!file || sizeProblem) return;
    const worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module' });
    const finish = (result: Answered['result']) => {
      worker.terminate();
      setAnswered({ file, correction, result });
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Inspection>) => finish(judge(data)));
    worker.addEventListener('error', () =>
      finish({
        state: 'refused',
        problem: 'This browser could not read the file. Reload the page and try again.',
      }),
    );
    worker.postMessage({ file: file.content, correction } satisfies InspectionRequest);
    return () => worker.terminate();
  }, [file, correction, sizeProblem]);

  if (sizeProblem) return { state: 'refused', problem: sizeProblem };
  if (answered?.file !== file) return { state: 'reading' };
  const { result } = answered;
  return result.state === 'ready' ? { ...result, isCurrent: answered.correction === correction } : result;
}

function findSizeProblem(bytes: number): string | null {
  if (bytes === 0) return 'There is nothing in this file.';
  if (bytes > maxFileBytes) return 'This file is larger than 200 MB. Split it, and hand in the parts.';
  return null;
}

function judge(inspection: Inspection): Answered['result'] {
  if (!inspection.ok) return { state: 'refused', problem: inspection.problem };
  return { state: 'ready', preview: inspection.preview, isCurrent: true };
}
