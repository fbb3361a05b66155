import type { NextRequest } from 'next/server';
import { findCustomer } from '@/lib/auth/gates';
import { respondProblem } from '@/lib/http/problem';
import { readAsker, respondRefusal } from '@/lib/http/with-place';
import { log } from '@/lib/log';
import { storeNumberList } from '@/lib/number-lists/commands';
import { maxFileBytes } from '@/lib/number-lists/schema';
import {
  BrokenUploadError,
  drainUpload,
  isSameOrigin,
  readUpload,
  readUploadParameters,
} from '@/lib/number-lists/upload';
import { getUploadPool } from '@/lib/number-lists/upload-pool';
import { UnreadableFileError } from '@/lib/number-lists/unreadable-file';
import { getPlaces } from '@/lib/http/shares';

/**
 * Takes a file of numbers, as it is, to import or to check: the file is the body; what it is for and how it is to be read
 * stands in the query. Answers with {id} once all of it is kept, or with a problem and nothing kept.
 */
export async function POST(request: NextRequest): Promise<Response> {
  if (!isSameOrigin(request.headers)) return respondProblem(403, 'This came from another site');
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const list = readUploadParameters(request.nextUrl.searchParams);
  if (!list) return respondProblem(400, 'This file cannot be taken', 'Reload the page and try again.');
  const size = Number(request.headers.get('content-length') ?? Number.NaN);
  if (!Number.isInteger(size)) return respondProblem(411, 'The size of the file must be said');
  if (size > maxFileBytes) return respondProblem(413, 'The file is too large', 'It may have up to 200 MB.');

  const upload = readUpload(request.body, size);
  const { accountId } = session.scope;
  const place = await getPlaces('upload').acquire(readAsker(request, String(accountId)), request.signal);
  if (!place.ok) {
    await drainUpload(upload);
    return respondRefusal('upload', place);
  }
  try {
    // not for await: that would cut the sender off when the file is refused
    const body = { [Symbol.asyncIterator]: () => ({ next: () => upload.next() }) };
    const id = await storeNumberList(getUploadPool(), session.scope, list, body);
    return Response.json({ id }, { status: 201, headers: { 'cache-control': 'no-store' } });
  } catch (err) {
    if (err instanceof BrokenUploadError)
      return respondProblem(400, 'The file did not arrive whole', 'Try again.');
    // What is still to come needs no place any more.
    place.release();
    await drainUpload(upload);
    if (err instanceof UnreadableFileError) {
      return respondProblem(422, 'This file cannot be read', err.userMessage);
    }
    if ((err as { code?: unknown }).code === '57014') {
      const advice = 'It may take 15 minutes. Send it over a faster connection, or in parts.';
      return respondProblem(408, 'The file took too long to arrive', advice);
    }
    log.error({ err, accountId, purpose: list.purpose }, 'A number list could not be kept');
    return respondProblem(
      503,
      'The file could not be taken',
      'Too much is going on just now. Try again in a minute.',
      {
        'retry-after': '60',
      },
    );
  } finally {
    place.release();
  }
}
