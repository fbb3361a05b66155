import 'server-only';
import { createHash } from 'node:crypto';
import {
  ApiRefusal,
  makeApi,
  type ApiForm,
  type Asked,
  type Operation,
  type ServedOperation,
} from '@/lib/api-keys/make-api';
import { env } from '@/lib/env';
import type { Answers, ApiOperation, Reply } from './declare';
import { describeFault, problemKinds, type DescribedProblem } from './problems';

const maxBytes = 1_000_000;

/** Answers of the API as JSON, what is wrong as a problem body (RFC 9457). */
const form: ApiForm = {
  maxBytes,
  keepsAnswers: true,
  answer: (body) => respond(200, body),
  fail: (fault) => respondProblem(describeFault(fault)),
  finish: (response, { allowance }) => {
    if (!allowance) return response;
    const { limit, remaining, resetSeconds } = allowance;
    // draft-ietf-httpapi-ratelimit-headers
    response.headers.set('ratelimit-policy', `"key";q=${limit};w=60`);
    response.headers.set('ratelimit', `"key";r=${remaining};t=${resetSeconds}`);
    return response;
  },
};

const { operate, path } = makeApi(form);

/** Makes the handlers of a path of the API of the operations that it has. */
export const apiRoute: (...operations: ServedOperation[]) => ReturnType<typeof path> = path;

/** An operation with what does it. */
export function serve<Params, Query, Body, Given extends Answers>(
  operation: ApiOperation<Params, Query, Body, Given>,
  answer: (asked: Asked<Params, Query, Body>) => Promise<Reply<Given> | ApiRefusal>,
): ServedOperation {
  const { method, scope, doing, params, query, body, isSecret } = operation;
  const asked = {
    method,
    scope,
    doing,
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { body }),
    ...(isSecret && { isSecret }),
  } as Operation<Params, Query, Body>;
  return operate(asked, async (given) => {
    const answered = await answer(given);
    if (answered instanceof ApiRefusal) return answered;
    const { status, body: replied } = answered as { status: number; body: object | null };
    return operation.hasEtag && status === 200
      ? respondTagged(given.request, replied)
      : respond(status, replied);
  });
}

/** What an operation answers with, of one of its statuses. */
export function reply<const Status extends number, Body>(
  status: Status,
  body: Body,
): { status: Status; body: Body } {
  return { status, body };
}

/** The answer to whoever asks for what is no path of this API. */
export function respondNoPath(): Response {
  return respondProblem({ code: 'no-such-path', detail: problemKinds['no-such-path'].advice });
}

function respond(status: number, body: object | null, headers: Record<string, string> = {}): Response {
  const init = { status, headers: { 'cache-control': 'no-store', ...headers } };
  return body === null ? new Response(null, init) : Response.json(body, init);
}

/** With a tag of what it says: who has it already is told that it is the same. */
function respondTagged(request: Request, body: object | null): Response {
  const tag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;
  const headers = { etag: tag, 'cache-control': 'private, no-cache' };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  const isSame = known.some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')));
  return isSame ? new Response(null, { status: 304, headers }) : respond(200, body, headers);
}

function respondProblem({ code, detail, more, headers }: DescribedProblem): Response {
  const { status, title } = problemKinds[code];
  const type = `${env.APP_URL}/docs/api/problems#${code}`;
  return Response.json(
    { type, title, status, detail, ...more },
    {
      status,
      headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    },
  );
}
