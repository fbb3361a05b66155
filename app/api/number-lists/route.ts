import { customerRoute } from '@/lib/auth/make-route';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { respondProblem } from '@/lib/http/problem';
import { getPlaces } from '@/lib/http/shares';
import { readAsker, respondRefusal } from '@/lib/http/with-place';
import { storeNumberList } from '@/lib/number-lists/commands';
import { maxFileBytes } from '@/lib/number-lists/schema';
import { UnreadableFileError } from '@/lib/number-lists/unreadable-file';
import { BrokenUploadError, drainUpload, readUpload, uploadParameters } from '@/lib/number-lists/upload';
import { getUploadPool } from '@/lib/number-lists/upload-pool';

/**
 * Takes a file of numbers, as it is, to import or to check: the file is the body; what it is for and how it
 * is to be read stands in the query. Answers with {id} once all of it is kept, or with a problem and nothing
 * kept.
 */
export const POST = customerRoute(
  {
    may: 'lists.upload',
    query: uploadParameters,
    doing: 'Keeping a number list',
    invalid: 'This file cannot be taken',
    failed: 'The file could not be taken',
  },
  async ({ scope }, { request, query: list, holder }) => {
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
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      const id = await storeNumberList(getUploadPool(), scope, list, body, address);
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
  },
);
