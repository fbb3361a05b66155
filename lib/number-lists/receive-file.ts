import { respondProblem } from '@/lib/http/problem';
import { getPlaces } from '@/lib/http/shares';
import { readAsker, respondRefusal } from '@/lib/http/with-place';
import { maxFileBytes } from './schema';
import { UnreadableFileError } from './unreadable-file';
import { BrokenUploadError, drainUpload, readUpload } from './upload';

/**
 * Takes a file that is the body of a request, in one of the places for uploads. Answers with {id} once all of
 * it is kept, or with a problem and nothing kept.
 *
 * @param holder whose places those are
 * @param store keeps it and says under which id; throws an {@link UnreadableFileError} for what it refuses
 */
export async function receiveFile(
  request: Request,
  holder: string | null,
  store: (body: AsyncIterable<Uint8Array>) => Promise<string>,
): Promise<Response> {
  const size = Number(request.headers.get('content-length') ?? Number.NaN);
  if (!Number.isInteger(size)) return respondProblem(411, 'The size of the file must be said');
  if (size > maxFileBytes) return respondProblem(413, 'The file is too large', 'It may have up to 200 MB.');

  const upload = readUpload(request.body, size);
  const place = await getPlaces('upload').acquire(readAsker(request, holder), request.signal);
  if (!place.ok) {
    await drainUpload(upload);
    return respondRefusal('upload', place);
  }
  try {
    // not for await: that would cut the sender off when the file is refused
    const body = { [Symbol.asyncIterator]: () => ({ next: () => upload.next() }) };
    const id = await store(body);
    return Response.json({ id }, { status: 201, headers: { 'cache-control': 'no-store' } });
  } catch (err) {
    if (err instanceof BrokenUploadError) {
      return respondProblem(400, 'The file did not arrive whole', 'Try again.');
    }
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
    throw err;
  } finally {
    place.release();
  }
}
