import { isOffline } from '@/components/actions/is-offline';
import { describeFailure } from '@/components/actions/describe-failure';
import { withShownAccount } from '@/components/actions/shown-account';
import type { ConsentColumns, FileFormat, NumberListPurpose } from '@/lib/number-lists/schema';
import type { Preview } from '@/lib/number-lists/file/inspect';
import type { ChosenFile } from './use-inspection';

export type UploadResult =
  | { ok: true; id: string }
  | {
      ok: false;
      problem: string;
      /** To hand it in again may help: after signing in, or when the server is there again. */
      mayTryAgain: boolean;
      hasSessionEnded?: boolean;
    };

const words = {
  undone: 'Nothing was kept.',
  unsure:
    'We do not know whether the file arrived; if it did, it is under the earlier lists below. To hand it in twice does no harm.',
};

type FileArguments = [file: ChosenFile, format: FileFormat, onProgress: (sent: number) => void];

/**
 * Hands a file in.
 *
 * @param onProgress gets the sent part, 0 to 1
 * @param preview what has been seen of it, with the columns that are chosen
 * @returns `result` never rejects; `abort` ends it, with nothing kept
 */
export type SendFile = (...given: [...FileArguments, preview: Preview]) => {
  result: Promise<UploadResult>;
  abort: () => void;
};

/** A list of numbers. */
export function uploadList(
  purpose: Exclude<NumberListPurpose, 'CONSENT'>,
  ...given: FileArguments
): ReturnType<SendFile> {
  return sendFile((query) => withShownAccount(`/api/number-lists?${query}`), { purpose }, ...given);
}

/** A list of numbers that have consented to marketing, in the way that is said or in that of their line. */
export function uploadConsents(
  said: Record<string, string>,
  { date, source }: ConsentColumns,
  ...given: FileArguments
): ReturnType<SendFile> {
  return sendFile(
    (query) => withShownAccount(`/api/number-lists?${query}`),
    {
      purpose: 'CONSENT',
      ...said,
      ...(date !== null && { dateColumn: String(date) }),
      ...(source !== null && { sourceColumn: String(source) }),
    },
    ...given,
  );
}

/** An answer file of the registry. */
export function uploadAnswer(
  said: { answeredOn: string; source: string; account: string },
  ...given: FileArguments
): ReturnType<SendFile> {
  return sendFile((query) => `/api/admin/registry?${query}`, said, ...given);
}

/** An answer file of the registry for the account itself. */
export function uploadCleansing(answeredOn: string, ...given: FileArguments): ReturnType<SendFile> {
  return sendFile((query) => withShownAccount(`/api/cleansing?${query}`), { answeredOn }, ...given);
}

/** By XMLHttpRequest, as fetch cannot say how much has been sent. */
function sendFile(
  compose: (query: URLSearchParams) => string,
  said: Record<string, string>,
  ...[file, format, onProgress]: FileArguments
): ReturnType<SendFile> {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({
    ...said,
    name: file.name,
    ...(file.sheet !== undefined && { sheet: file.sheet }),
    separator: format.separator,
    header: String(format.headerRows),
    encoding: format.encoding,
  });
  for (const column of format.columns) query.append('column', String(column));
  request.open('POST', compose(query));
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    onProgress(total > 0 ? loaded / total : 0),
  );
  // Until the last of it has left, the server cannot have made a list of it.
  let hasLeft = false;
  request.upload.addEventListener('load', () => (hasLeft = true));
  const result = new Promise<UploadResult>((resolve) => {
    request.addEventListener('load', () => resolve(readAnswer(request)));
    request.addEventListener('error', () => {
      const kind = isOffline() ? 'offline' : 'unreachable';
      resolve({
        ok: false,
        problem: describeFailure({ kind, isUndone: !hasLeft }, words),
        mayTryAgain: true,
      });
    });
    request.addEventListener('abort', () =>
      resolve({ ok: false, problem: 'Cancelled. Nothing was kept.', mayTryAgain: false }),
    );
  });
  request.send(file.content);
  return { result, abort: () => request.abort() };
}

function readAnswer(request: XMLHttpRequest): UploadResult {
  if (request.status === 401) {
    const problem =
      'Your session has ended; nothing was kept. Sign in in another tab, then try again here: the file is still chosen.';
    return { ok: false, problem, mayTryAgain: true, hasSessionEnded: true };
  }
  try {
    const answer = JSON.parse(request.responseText) as { id?: string; title?: string; detail?: string };
    if (request.status === 201 && answer.id) return { ok: true, id: answer.id };
    const problem = answer.detail ?? answer.title;
    // What the server refuses it refuses again; what it could not do just now it may do later.
    if (problem !== undefined) return { ok: false, problem, mayTryAgain: request.status >= 500 };
  } catch {
    // A proxy on the way may answer with a page of its own: no JSON, and no word of ours.
  }
  return {
    ok: false,
    problem: describeFailure({ kind: 'broken', isUndone: false }, words),
    mayTryAgain: true,
  };
}
