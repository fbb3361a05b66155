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
import { answerOnce, hashRequest, isIdempotencyKey, type OnceFault } from './answer-once';
import { findApiKey, type FoundKey, type KeyFault } from './find-key';
import type { ApiScope } from './schema';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Why a request is not answered with what it asked for. Each API says it in a form of its own. */
export type ApiFault =
  | KeyFault
  | { code: 'no-key' }
  /** `wanted`: the methods that the path has, as in `Allow`. */
  | { code: 'method'; wanted: string; given: string }
  | { code: 'content-type'; given: string }
  /** `bytes` is null when the request did not say how long it is. */
  | { code: 'too-large'; bytes: number | null; maxBytes: number }
  | { code: 'not-json' }
  | { code: 'invalid'; issues: readonly { path: readonly PropertyKey[]; message: string }[] }
  /** A command said no, in words for the program's people; `more` is for the program itself. */
  | { code: 'refused'; reason: string; message: string; more?: Record<string, unknown> }
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
  /** Whether what a POST is answered under an `Idempotency-Key` is kept. */
  keepsAnswers?: true;
  /** What every answer gets, whatever it is. */
  finish?(response: Response, context: AnswerContext): Response;
}

/** `timeZone` is the account's; null as long as nobody knows who asks. */
export interface AnswerContext {
  now: Date;
  timeZone: string | null;
  /** How often the key may still ask; null as long as nobody knows which it is. */
  allowance?: Allowance | null;
}

/** How many requests a key has left, and in how many seconds it has all of them again. */
export interface Allowance {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

/** What an operation asks for, and what is said of it. */
export interface Operation<Params, Query, Body> {
  method: Method;
  scope: ApiScope;
  /** What the path names. */
  params?: z.ZodType<Params>;
  /** What stands behind the `?`. */
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** What it answers has a secret, and is kept encrypted where it is kept. */
  isSecret?: true;
  /** What it does, for the log and for who asks: "reading the credit balance". */
  doing: string;
}

export interface Asked<Params, Query, Body> {
  request: Request;
  scope: AccountScope;
  timeZone: string;
  /** The only number that its key may send from; null: whichever suits. */
  senderNumber: string | null;
  params: Params;
  query: Query;
  body: Body;
  now: Date;
}

type Answer = object | Response | ApiRefusal;
type Handler = (request: Request, context?: { params: Promise<unknown> }) => Promise<Response>;
/** The handlers of a path, its own methods and the others, which are refused. */
export type PathHandlers = Record<Method, Handler>;

/** Of this process alone; others have the same each. */
const limiter = new RateLimiterMemory({ points: env.API_REQUESTS_PER_MINUTE, duration: 60 });

/** An operation with what does it. */
export interface ServedOperation {
  method: Method;
  handler: Handler;
}

/**
 * Makes the wrapper of the operations of one API: key, scope, limit, place, content type, size, JSON, schema,
 * command, answer, and one line in the log, with ids alone. What makes the APIs differ is how they say it.
 *
 * @returns `operate` makes an operation, `path` the handlers of a path that has some: other methods are
 *   refused
 */
export function makeApi(form: ApiForm) {
  const operate = <Params = undefined, Query = undefined, Body = undefined>(
    operation: Operation<Params, Query, Body>,
    answer: (asked: Asked<Params, Query, Body>) => Promise<Answer>,
  ): ServedOperation => ({
    method: operation.method,
    handler: async (request, route) => {
      const now = new Date();
      const passed = await enter(request, operation.scope, now);
      const key = passed instanceof ApiRefusal ? null : passed;
      const turn = key && (await takeTurn(key.keyId));
      const context = { now, timeZone: key?.timeZone ?? null, allowance: turn?.allowance ?? null };
      const answered =
        passed instanceof ApiRefusal
          ? passed
          : (turn?.refusal ?? (await ask({ request, route, key: passed, context }, form, operation, answer)));
      const rendered = render(form, answered, context);
      const response = form.finish?.(rendered, context) ?? rendered;
      const fault = answered instanceof ApiRefusal ? { fault: answered.fault.code } : {};
      const { accountId, keyId } = key ?? {};
      const { status } = response;
      const ms = Date.now() - now.getTime();
      log.info({ accountId, keyId, status, ms, ...fault }, `API: ${operation.doing}`);
      return response;
    },
  });
  const path = (...operations: readonly ServedOperation[]): PathHandlers => {
    const wanted = operations.map(({ method }) => method).join(', ');
    const refuse: Handler = async (request) => {
      const fault = { code: 'method', wanted, given: request.method } as const;
      return form.fail(fault, { now: new Date(), timeZone: null });
    };
    const own = Object.fromEntries(operations.map(({ method, handler }) => [method, handler]));
    return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, ...own };
  };
  return { operate, path };
}

/** The same where every path has one operation. */
export function makeApiWrapper(form: ApiForm) {
  const { operate, path } = makeApi(form);
  return <Params = undefined, Query = undefined, Body = undefined>(
    operation: Operation<Params, Query, Body>,
    answer: (asked: Asked<Params, Query, Body>) => Promise<Answer>,
  ): PathHandlers => path(operate(operation, answer));
}

function render(form: ApiForm, answered: Answer, context: AnswerContext): Response {
  if (answered instanceof ApiRefusal) return form.fail(answered.fault, context);
  return answered instanceof Response ? answered : form.answer(answered, context);
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

const searchWaitSeconds = 15;

/** A request that takes so long before its work begins shows its key twice. */
const askedAgainAfterMs = 1_000;

interface Entered {
  request: Request;
  route: { params: Promise<unknown> } | undefined;
  key: FoundKey;
  context: AnswerContext;
}

async function ask<Params, Query, Body>(
  { request, route, key, context }: Entered,
  form: ApiForm,
  operation: Operation<Params, Query, Body>,
  answer: (asked: Asked<Params, Query, Body>) => Promise<Answer>,
): Promise<Answer> {
  const { accountId, keyId, timeZone } = key;
  const { now } = context;
  try {
    const params = operation.params?.safeParse(await route?.params);
    if (params && !params.success) return refuseInvalid(params.error);
    const { searchParams } = new URL(request.url);
    const query = operation.query?.safeParse(readSearch(searchParams));
    if (query && !query.success) return refuseInvalid(query.error);
    const sent = operation.body ? await readJson(request, form.maxBytes) : undefined;
    if (sent instanceof ApiRefusal) return sent;
    const body = operation.body?.safeParse(sent?.json);
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
      // A body may drip, and a place take its time: what became of the key meanwhile counts.
      const isLate = Date.now() - now.getTime() > askedAgainAfterMs;
      const current = isLate ? await enter(request, operation.scope, new Date()) : key;
      if (current instanceof ApiRefusal) return current;
      const work = () =>
        answer({
          request,
          scope: openKey(key),
          timeZone,
          senderNumber: current.senderNumber,
          params: params?.data as Params,
          query: query?.data as Query,
          body: body?.data as Body,
          now,
        });
      const idempotencyKey = request.headers.get('idempotency-key');
      if (!form.keepsAnswers || operation.method !== 'POST' || idempotencyKey === null) return await work();
      if (!isIdempotencyKey(idempotencyKey)) return refuseOnce('idempotency-key-unreadable');
      const path = new URL(request.url).pathname;
      const requestHash = hashRequest(path, searchParams.toString(), sent?.bytes ?? new Uint8Array());
      const once = { accountId, keyId, idempotencyKey, requestHash, isSecret: operation.isSecret ?? false };
      const answered = await answerOnce(getPool(), once, now, async () =>
        render(form, await work(), context),
      );
      return typeof answered === 'string' ? refuseOnce(answered) : answered;
    } finally {
      place.release();
    }
  } catch (err) {
    unstable_rethrow(err);
    if (err instanceof AppError && err.userMessage !== undefined) {
      // A list that is searched in a place of its own: the same request may be answered in a moment.
      if (err.code === 'search-busy') {
        return new ApiRefusal({ code: 'busy', waitSeconds: searchWaitSeconds, message: err.userMessage });
      }
      return new ApiRefusal({ code: 'refused', reason: err.code, message: err.userMessage });
    }
    log.error({ err, accountId, keyId }, `API: ${operation.doing} failed`);
    return new ApiRefusal({ code: 'failed', doing: operation.doing });
  }
}

const onceMessages: Record<OnceFault, string> = {
  'idempotency-key-unreadable':
    'An Idempotency-Key has 1 to 255 visible ASCII characters and no spaces, such as a UUID.',
  'idempotency-key-reused':
    'This Idempotency-Key was used within the last 24 hours for another request. Use a new one for each request.',
  'idempotency-key-in-flight':
    'A request with this Idempotency-Key is under way. Ask again in a second to get its answer.',
};

function refuseOnce(reason: OnceFault): ApiRefusal {
  return new ApiRefusal({ code: 'refused', reason, message: onceMessages[reason] });
}

interface Turn {
  allowance: Allowance;
  refusal?: ApiRefusal;
}

async function takeTurn(keyId: number): Promise<Turn> {
  const limit = env.API_REQUESTS_PER_MINUTE;
  const describe = ({ remainingPoints, msBeforeNext }: RateLimiterRes): Allowance => ({
    limit,
    remaining: Math.max(0, remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  });
  try {
    return { allowance: describe(await limiter.consume(keyId)) };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const allowance = describe(error);
    const { resetSeconds: waitSeconds } = allowance;
    const most = limit.toLocaleString('en-ZA');
    const message = `This API key has made ${most} requests in a minute. Try again in ${waitSeconds} seconds.`;
    return { allowance, refusal: new ApiRefusal({ code: 'throttled', waitSeconds, message }) };
  }
}

async function readJson(
  request: Request,
  maxBytes: number,
): Promise<{ json: unknown; bytes: Uint8Array } | ApiRefusal> {
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
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return { json, bytes };
  } catch {
    return new ApiRefusal({ code: 'not-json' });
  }
}

function refuseInvalid({ issues }: z.ZodError): ApiRefusal {
  return new ApiRefusal({ code: 'invalid', issues });
}
