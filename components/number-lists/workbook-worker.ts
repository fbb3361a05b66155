/** Reads a workbook beside the page; what it needs for that is fetched when somebody chooses one. */
import { readWorkbook, type Workbook } from '@/lib/number-lists/file/workbook';

addEventListener('message', (event: MessageEvent<Blob>) => {
  const problem = 'This file could not be read. Is it open in another program, or has it been moved?';
  event.data.arrayBuffer().then(
    (bytes) => postMessage(readWorkbook(new Uint8Array(bytes)) satisfies Workbook),
    () => postMessage({ ok: false, problem } satisfies Workbook),
  );
});
