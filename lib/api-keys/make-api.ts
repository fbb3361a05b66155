import 'server-only';
import { unstable_rethrow } from 'next/navigation';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { z } from 'zod';
import { openKey } from '@/lib/auth/key-scope';
import type { AccountScope } from '@/lib/auth/scope';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { AppError } from '@/lib/http/app-error';
import { readBody } from '@/lib/http/read-body';
import { readSearch } from '@/lib/http/read-search';
import { describeRefusal, getPlaces } from '@/lib/http/shares';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { log } from '@/lib/log';
import { findApiKey, type FoundKey, type KeyFault } from './find-key';
import type { ApiScope } from './schema';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Why a request is not answered with what it asked for. Each API says it in a form of its own. */
export type ApiFault =
  | KeyFault
  | { code: 'no-key' }
  | { code: 'method'; wanted: Method; given: string }
  | { code: 'content-type'; given: string }
  /** `bytes` is null when the request did not say how long it is. */
  | { code: 'too-large'; bytes: number | null; maxBytes: number }
  | { code: 'not-json' }
  | { code: 'invalid'; issues: readonly { path: readonly PropertyKey[]; message: string }[] }
  /** A command said no, in words for the program's people. */
  | { code: 'refused'; reason: string; message: string }
  | { code: 'throttled'; waitSeconds: number; message: string }
  | { code: 'busy'; waitSeconds: number; message: string }
  | { code: 'failed'; doing: string };

/** What an operation answers when it was not done. */
export class ApiRefusal {
  constructor(readonly fault: ApiFault) {}
}

/** How an API puts what it answers. */
export interface ApiForm {
  /** The largest body it takes. */
  maxBytes: number;
  answer(body: object, context: AnswerContext): Response;
  fail(fault: ApiFault, context: AnswerContext): Response;
}

/** `timeZone` is the account's; null as long as nobody knows who asks. */
export interface AnswerContext {
  now: Date;
  timeZone: string | null;
}

/** What an operation asks for, and what is said of it. */
interface Operation<Query, Body> {
  method: 'GET' | 'POST';
  scope: ApiScope;
  /** What stands behind the `?`. */
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** What it does, for the log and for who asks: "reading the credit balance". */
  doing: string;
}

interface Asked<Query, Body> {
  scope: AccountScope;
  timeZone: string;
  query: Query;
  body: Body;
  now: Date;
}

type Answer = object | Response | ApiRefusal;
type Handler = (request: Request) => Promise<Response>;

/** Of this process alone; others have the same each. */
const limiter = new RateLimiterMemory({ points: env.API_REQUESTS_PER_MINUTE, duration: 60 });

/**
 * Makes the wrapper of the operations of one API: key, scope, limit, place, content type, size, JSON, schema,
 * command, answer, and one line in the log, with ids alone. What makes the APIs differ is how they say it.
 *
 * @returns makes the handlers of a path: its own method, and the others, which are refused
 */
export function makeApiWrapper(form: ApiForm) {
  return <Query = undefined, Body = undefined>(
    operation: Operation<Query, Body>,
    answer: (asked: Asked<Query, Body>) => Promise<Answer>,
  ): Record<Method, Handler> => {
    const serve: Handler = async (request) => {
      const now = new Date();
      const passed = await enter(request, operation.scope, now);
      const key = passed instanceof ApiRefusal ? null : passed;
      const context = { now, timeZone: key?.timeZone ?? null };
      const answered = key ? await ask(request, key, form.maxBytes, operation, answer, now) : passed;
      const response =
        answered instanceof ApiRefusal
          ? form.fail(answered.fault, context)
          : answered instanceof Response
            ? answered
            : form.answer(answered, context);
      const fault = answered instanceof ApiRefusal ? { fault: answered.fault.code } : {};
      const { accountId, keyId } = key ?? {};
      const { status } = response;
      const ms = Date.now() - now.getTime();
      log.info({ accountId, keyId, status, ms, ...fault }, `API: ${operation.doing}`);
      return response;
    };
    const refuse: Handler = async (request) => {
      const fault = { code: 'method', wanted: operation.method, given: request.method } as const;
      return form.fail(fault, { now: new Date(), timeZone: null });
    };
    return {
      GET: refuse,
      POST: refuse,
      PUT: refuse,
      PATCH: refuse,
      DELETE: refuse,
      [operation.method]: serve,
    };
  };
}

/** The gate: who asks, and whether they may. */
async function enter(request: Request, needed: ApiScope, now: Date): Promise<FoundKey | ApiRefusal> {
  const shown = request.headers.get('authorization')?.trim() ?? '';
  // Some libraries put the word of OAuth before whatever key they are given.
  const secret = shown.replace(/^Bearer\s+/i, '');
  if (secret === '') return new ApiRefusal({ code: 'no-key' });
  try {
    const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
    const found = await findApiKey(getPool(), secret, needed, address, now);
    return found.ok ? found.key : new ApiRefusal(found.fault);
  } catch (err) {
    log.error({ err }, 'looking up an API key failed');
    return new ApiRefusal({ code: 'failed', doing: 'authorising API Key' });
  }
}

async function ask<Query, Body>(
  request: Request,
  key: FoundKey,
  maxBytes: number,
  operation: Operation<Query, Body>,
  answer: (asked: Asked<Query, Body>) => Promise<Answer>,
  now: Date,
): Promise<Answer> {
  const { accountId, keyId, timeZone } = key;
  const throttled = await takeTurn(keyId);
  if (throttled) return throttled;
  try {
    const query = operation.query?.safeParse(readSearch(new URL(request.url).searchParams));
    if (query && !query.success) return refuseInvalid(query.error);
    const json = operation.body ? await readJson(request, maxBytes) : undefined;
    if (json instanceof ApiRefusal) return json;
    const body = operation.body?.safeParse(json);
    if (body && !body.success) return refuseInvalid(body.error);

    const place = await getPlaces('api-request').acquire(
      { account: String(accountId), address: null },
      request.signal,
    );
    if (!place.ok) {
      const { detail: message, retryAfterSeconds: waitSeconds } = describeRefusal('api-request', place);
      return new ApiRefusal({ code: 'busy', waitSeconds, message });
    }
    try {
      const scope = openKey(key);
      return await answer({ scope, timeZone, query: query?.data as Query, body: body?.data as Body, now });
    } finally {
      place.release();
    }
  } catch (err) {
    unstable_rethrow(err);
    if (err instanceof AppError && err.userMessage !== undefined) {
      return new ApiRefusal({ code: 'refused', reason: err.code, message: err.userMessage });
    }
    log.error({ err, accountId, keyId }, `API: ${operation.doing} failed`);
    return new ApiRefusal({ code: 'failed', doing: operation.doing });
  }
}

async function takeTurn(keyId: number): Promise<ApiRefusal | null> {
  try {
    await limiter.consume(keyId);
    return null;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const waitSeconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const most = env.API_REQUESTS_PER_MINUTE.toLocaleString('en-ZA');
    const message = `This API key has made ${most} requests in a minute. Try again in ${waitSeconds} seconds.`;
    return new ApiRefusal({ code: 'throttled', waitSeconds, message });
  }
}

async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const given = request.headers.get('content-type') ?? '';
  if (given.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return new ApiRefusal({ code: 'content-type', given });
  }
  const bytes = await readBody(request, maxBytes);
  if (bytes === null) {
    const length = Number(request.headers.get('content-length') ?? 0);
    return new ApiRefusal({ code: 'too-large', bytes: length > maxBytes ? length : null, maxBytes });
  }
  try {
    // Some libraries begin a body with a byte-order mark, which the decoder leaves out.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return new ApiRefusal({ code: 'not-json' });
  }
}

function refuseInvalid({ issues }: z.ZodError): ApiRefusal {
  return new ApiRefusal({ code: 'invalid', issues });
}
