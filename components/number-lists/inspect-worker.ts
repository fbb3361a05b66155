/** Looks into a file beside the page, which stays quick however large the file is. */
import type { FileFormat } from '@/lib/number-lists/schema';
import { inspectFile, LineCounter, type Inspection } from './inspect';

export interface InspectionRequest {
  file: Blob;
  chosen: Partial<FileFormat>;
}

export interface InspectionAnswer {
  inspection: Inspection;
  /** Of the whole file, empty ones included. */
  lines: number;
}

const firstPartBytes = 256 * 1024;

async function inspect({ file, chosen }: InspectionRequest): Promise<InspectionAnswer> {
  const start = new Uint8Array(await file.slice(0, firstPartBytes).arrayBuffer());
  const inspection = inspectFile(start, file.size <= firstPartBytes, chosen);
  if (!inspection.ok) return { inspection, lines: 0 };
  const counter = new LineCounter(inspection.preview.format.encoding);
  const reader = file.stream().getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) counter.add(piece.value);
  return { inspection, lines: counter.lines };
}

addEventListener('message', (event: MessageEvent<InspectionRequest>) => {
  const unreadable = 'This file could not be read. Is it open in another program, or has it been moved?';
  inspect(event.data).then(postMessage, () =>
    postMessage({ inspection: { ok: false, problem: unreadable }, lines: 0 }),
  );
});
