import 'server-only';
import { env } from '@/lib/env';
import { describeRefusal, getPlaces, type Asker, type Refusal, type ScarceThing } from './shares';
import { guardStream } from './guarded-stream';
import { respondProblem } from './problem';
import { readNetwork, readVisitorAddress } from './visitor-address';

/** However it is read, a file is done by then. */
const longestFileMs = 3_600_000;

/** Who asks, as shares count them. */
export function readAsker(request: Request, account: string | null): Asker {
  return { account, address: readNetwork(readVisitorAddress(request.headers.get('x-forwarded-for'))) };
}

/**
 * Takes a place (lib/http/shares.ts) for a request, or answers it: with a refusal in words; or with 204 when
 * it only asks, by `?try=1`, whether there is a place. A browser that is sent for a file shows no words when
 * it does not come, so a page asks first. To HEAD nothing is begun either, as nobody would read it.
 *
 * @param account whose share it is; null: of nobody signed in
 */
export async function enterPlace(
  thing: ScarceThing,
  request: Request,
  account: string | null,
): Promise<Response | { release: () => void }> {
  const place = await getPlaces(thing).acquire(readAsker(request, account), request.signal);
  if (!place.ok) return respondRefusal(thing, place);
  const isHead = request.method === 'HEAD';
  if (!isHead && !new URL(request.url).searchParams.has('try')) return place;
  place.release();
  return new Response(null, { status: isHead ? 200 : 204, headers: { 'cache-control': 'no-store' } });
}

/**
 * Answers a request that needs a place with `work`'s answer; the place is free once its body has been read,
 * has failed or ran out of time.
 */
export async function withPlace(
  thing: ScarceThing,
  request: Request,
  account: string | null,
  work: () => Promise<Response>,
): Promise<Response> {
  const place = await enterPlace(thing, request, account);
  if (place instanceof Response) return place;
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

/**
 * The answer to whoever gets no place: 429 within their own share, 503 when all are taken; both say when to
 * come again.
 */
export function respondRefusal(thing: ScarceThing, refusal: Refusal): Response {
  const { status, title, detail, retryAfterSeconds } = describeRefusal(thing, refusal);
  return respondProblem(status, title, detail, { 'retry-after': String(retryAfterSeconds) });
}
