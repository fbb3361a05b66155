import 'server-only';
import { env } from '@/lib/env';
import { describeRefusal, getPlaces, type Refusal, type ScarceThing } from '@/lib/shares';
import { guardStream } from './guarded-stream';
import { respondProblem } from './problem';
import { readVisitorAddress } from './visitor-address';

/** However it is read, a file is done by then. */
const longestFileMs = 3_600_000;

/**
 * Answers a request that needs a place (lib/shares.ts): with `work`'s answer, whose place is free once its body has been
 * read, has failed or ran out of time; or with a refusal in words.
 *
 * `?try=1` asks whether there is a place, before a browser is sent for the file: it shows the words of a page, not those of a
 * file that does not come. 204: there is one. To HEAD no file is made either: nobody would read it.
 *
 * @param account whose share it is; null: of nobody signed in
 */
export async function withPlace(
  thing: ScarceThing,
  request: Request,
  account: string | null,
  work: () => Promise<Response>,
): Promise<Response> {
  const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
  const place = await getPlaces(thing).acquire({ account, address }, request.signal);
  if (!place.ok) return respondRefusal(thing, place);
  const isHead = request.method === 'HEAD';
  if (isHead || new URL(request.url).searchParams.has('try')) {
    place.release();
    return new Response(null, { status: isHead ? 200 : 204, headers: { 'cache-control': 'no-store' } });
  }
  try {
    const response = await work();
    if (!response.ok || response.body === null) {
      place.release();
      return response;
    }
    const deadlines = { unreadMs: env.DOWNLOAD_UNREAD_SECONDS * 1000, longestMs: longestFileMs };
    const body = guardStream(response.body, deadlines, place.release);
    return new Response(body, { status: response.status, headers: response.headers });
  } catch (error) {
    place.release();
    throw error;
  }
}

/** The answer to whoever gets no place: 429 within their own share, 503 when all are taken; both say when to come again. */
export function respondRefusal(thing: ScarceThing, refusal: Refusal): Response {
  const { status, title, detail, retryAfterSeconds } = describeRefusal(thing, refusal);
  return respondProblem(status, title, detail, { 'retry-after': String(retryAfterSeconds) });
}
