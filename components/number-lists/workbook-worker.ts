/** Reads a workbook beside the page; what it needs for that is fetched when somebody chooses one. */
import { readWorkbook, type Workbook } from '@/lib/number-lists/file/workbook';

addEventListener('message', (event: MessageEvent<Blob>) => {
  const problem = 'This file could not be read. Is it open in another program, or has it been moved?';
  const read = (bytes: ArrayBuffer) => postMessage(readWorkbook(new Uint8Array(bytes)) satisfies Workbook);
  event.data.arrayBuffer().then(
    // What is thrown here is our mistake. A promise would keep it: as an error of the worker it is in the
    // browser's log, and the page hears of it.
    (bytes) => void setTimeout(() => read(bytes)),
    () => postMessage({ ok: false, problem } satisfies Workbook),
  );
});
