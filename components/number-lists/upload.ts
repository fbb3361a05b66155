import type { FileFormat, NumberListPurpose } from '@/lib/number-lists/schema';
import type { ChosenFile } from './use-inspection';

export type UploadResult = { ok: true; id: string } | { ok: false; problem: string };

const unreachable = 'The server could not be reached. Nothing was kept; try again.';

/**
 * Hands a file in. By XMLHttpRequest, as fetch cannot say how much has been sent.
 *
 * @param onProgress gets the sent part, 0 to 1
 * @returns `result` never rejects; `abort` ends it, with nothing kept
 */
export function uploadList(
  purpose: NumberListPurpose,
  file: ChosenFile,
  format: FileFormat,
  onProgress: (sent: number) => void,
): { result: Promise<UploadResult>; abort: () => void } {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({
    purpose,
    name: file.name,
    separator: format.separator,
    column: String(format.column),
    header: format.header ? 'yes' : 'no',
    encoding: format.encoding,
  });
  request.open('POST', `/api/number-lists?${query}`);
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    onProgress(total > 0 ? loaded / total : 0),
  );
  const result = new Promise<UploadResult>((resolve) => {
    request.addEventListener('load', () => resolve(readAnswer(request)));
    request.addEventListener('error', () => resolve({ ok: false, problem: unreachable }));
    request.addEventListener('abort', () => resolve({ ok: false, problem: 'Cancelled. Nothing was kept.' }));
  });
  request.send(file.content);
  return { result, abort: () => request.abort() };
}

function readAnswer(request: XMLHttpRequest): UploadResult {
  if (request.status === 401)
    return { ok: false, problem: 'Your session has ended. Reload the page and sign in.' };
  try {
    const answer = JSON.parse(request.responseText) as { id?: string; title?: string; detail?: string };
    if (request.status === 201 && answer.id) return { ok: true, id: answer.id };
    return { ok: false, problem: answer.detail ?? answer.title ?? unreachable };
  } catch {
    return { ok: false, problem: unreachable };
  }
}
