import 'server-only';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { AppError } from '@/lib/http/app-error';
import { respondProblem } from '@/lib/http/problem';
import { isSameOrigin } from '@/lib/http/same-origin';
import { readSearch } from '@/lib/http/read-search';
import type { ScarceThing } from '@/lib/http/shares';
import { withPlace } from '@/lib/http/with-place';
import { log } from '@/lib/log';
import { ForbiddenError } from './forbidden';
import {
  findCustomer,
  findStaff,
  requireStaff,
  type CustomerSession,
  type ScopeOf,
  type StaffScopeOf,
  type StaffSession,
} from './gates';
import type { CustomerPermission, StaffPermission } from './permissions';

/** What a route is asked with, and what is said of it. */
interface RouteManner<Params, Query> {
  /** What the path names; when it cannot be read, nothing is there. */
  params?: z.ZodType<Params>;
  /** What stands behind the `?`; when it cannot be read, the schema's sentence says what to do. */
  query?: z.ZodType<Query>;
  /** What it does, for the log: "Making a file". */
  doing: string;
  /** For people, when nothing is there: "There is no such list." */
  missing?: string;
  /** For people, when the query cannot be read. */
  invalid?: string;
  /** For people, when it did not come to an answer. */
  failed?: string;
}

/** What a route answers. */
interface Asked<Params, Query> {
  request: Request;
  params: Params;
  query: Query;
  /** What stands behind the `?`, as it is, for lists, which read it as their page does. */
  search: Record<string, string | string[]>;
  /**
   * Answers with one of the places of something scarce (lib/http/shares.ts), or says that there is none for
   * who asks.
   */
  withPlace: (thing: ScarceThing, work: () => Promise<Response>) => Promise<Response>;
  /** Whose places those are. */
  holder: string | null;
}

/**
 * How a route is made for one kind of visitor; answered with null, what the path names is not there for them.
 */
type MakeRoute<Who> = <Params = undefined, Query = undefined>(
  manner: RouteManner<Params, Query>,
  answer: (who: Who, asked: Asked<Params, Query>) => Promise<Response | null> | Response | null,
) => (request: Request, context?: { params: Promise<unknown> }) => Promise<Response>;

/**
 * The same where the role of who asks decides. Without `may` it is for everybody in the account, and reads.
 */
type MakeCustomerRoute = <
  May extends CustomerPermission = 'account.read',
  Params = undefined,
  Query = undefined,
>(
  manner: RouteManner<Params, Query> & { may?: May },
  answer: (
    who: CustomerSession<ScopeOf<May>>,
    asked: Asked<Params, Query>,
  ) => Promise<Response | null> | Response | null,
) => (request: Request, context?: { params: Promise<unknown> }) => Promise<Response>;

/** The same of the staff. Without `may` it is for all of them, and reads. */
type MakeStaffRoute = <May extends StaffPermission = 'staff.read', Params = undefined, Query = undefined>(
  manner: RouteManner<Params, Query> & { may?: May },
  answer: (
    who: StaffSession<StaffScopeOf<May>>,
    asked: Asked<Params, Query>,
  ) => Promise<Response | null> | Response | null,
) => (request: Request, context?: { params: Promise<unknown> }) => Promise<Response>;

/** The same as of an action, which tells it by an argument. */
const switched =
  'You have switched to another account in another tab, and this page is of the one before. Reload the page, or switch back.';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Makes the wrapper of the routes of one gate: same origin, gate, address, answer, and one way to fail.
 * Whoever asks is a program in a browser, so all of it is answered with a problem body (RFC 9457).
 *
 * @param gate who asks, or the answer to whoever may not; throws a `ForbiddenError` for a role that may not
 * @param describe whose shares it takes (lib/http/shares.ts), and who asks, for the log
 * @param isOf whether the page that asks is of who asks; `shown` is the account that it shows
 */
export function makeRouteWrapper<Who extends object>(
  gate: (manner: object) => Promise<Who | Response>,
  describe: (who: Who) => { holder: string | null; ids: Record<string, string | number> },
  isOf: (who: Who, shown: string) => boolean = () => true,
): MakeRoute<Who> {
  return (manner, answer) => async (request, context) => {
    if (!safeMethods.includes(request.method) && !isSameOrigin(request.headers)) {
      return respondProblem(403, 'This came from another site');
    }
    const who = await gate(manner).catch(respondForbidden);
    if (who instanceof Response) return who;
    const { holder, ids } = describe(who);
    const failed = manner.failed ?? 'This could not be done';
    const params = manner.params?.safeParse(await context?.params);
    if (params && !params.success) return respondMissing(manner);
    const { shown, ...search } = readSearch(new URL(request.url).searchParams);
    if (typeof shown === 'string' && !isOf(who, shown)) {
      return respondProblem(409, 'You have switched to another account', switched);
    }
    const query = manner.query?.safeParse(search, { error: () => 'Reload the page and try again.' });
    if (query && !query.success) {
      return respondProblem(400, manner.invalid ?? failed, query.error.issues[0]?.message);
    }
    try {
      const answered = await answer(who, {
        request,
        params: params?.data as never,
        query: query?.data as never,
        search,
        withPlace: (thing, work) => withPlace(thing, request, holder, work),
        holder,
      });
      return answered ?? respondMissing(manner);
    } catch (err) {
      // Redirects and 404s are for Next.js.
      unstable_rethrow(err);
      // What is asked for may need more than the route does.
      if (err instanceof ForbiddenError) return respondForbidden(err);
      if (err instanceof AppError && err.userMessage !== undefined) {
        return respondProblem(400, failed, err.userMessage);
      }
      log.error({ err, ...ids }, `${manner.doing} failed`);
      const advice = 'Too much is going on just now. Try again in a minute.';
      return respondProblem(503, failed, advice, { 'retry-after': '60' });
    }
  };
}

function respondForbidden(err: unknown): Response {
  if (err instanceof ForbiddenError)
    return respondProblem(403, 'Your role does not allow this', err.userMessage);
  throw err;
}

function respondMissing({ missing }: { missing?: string }): Response {
  return respondProblem(404, 'Not found', missing ?? 'There is nothing at this address.');
}

/** Makes a route of the customers. */
export const customerRoute = makeRouteWrapper(
  async (manner) => (await findCustomer((manner as { may?: CustomerPermission }).may)) ?? respondNobody(),
  ({ scope: { accountId, actor } }) => ({ holder: String(accountId), ids: { accountId, actor } }),
  ({ scope }, shown) => String(scope.accountId) === shown,
) as MakeCustomerRoute;

/**
 * Makes a route of the staff. Nobody is led to the sign-in page, as by a page; to a customer there is nothing
 * here.
 */
export const staffRoute = makeRouteWrapper(
  (manner) => requireStaff((manner as { may?: StaffPermission }).may),
  ({ scope: { userId, actor } }) => ({ holder: `staff:${userId}`, ids: { actor } }),
) as MakeStaffRoute;

/**
 * The same for what connects again by itself: it is refused as one whose session has ended is, with no page
 * to lead to.
 */
export const staffStreamRoute: MakeRoute<StaffSession> = makeRouteWrapper(
  async () => (await findStaff()) ?? respondNobody(),
  ({ scope: { userId, actor } }) => ({ holder: `staff:${userId}`, ids: { actor } }),
);

function respondNobody(): Response {
  return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
}
