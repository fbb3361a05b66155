/** Looks into a file beside the page, which stays quick however large the file is. */
import {
  firstPartBytes,
  inspectFile,
  type Correction,
  type Inspection,
} from '@/lib/number-lists/file/inspect';

export interface InspectionRequest {
  file: Blob;
  correction: Correction;
}

async function inspect({ file, correction }: InspectionRequest): Promise<Inspection> {
  const start = new Uint8Array(await file.slice(0, firstPartBytes).arrayBuffer());
  return inspectFile(start, readPieces(file), correction);
}

// Not every browser can iterate over a stream.
async function* readPieces(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

addEventListener('message', (event: MessageEvent<InspectionRequest>) => {
  const problem = 'This file could not be read. Is it open in another program, or has it been moved?';
  inspect(event.data).then(postMessage, () => postMessage({ ok: false, problem } satisfies Inspection));
});
