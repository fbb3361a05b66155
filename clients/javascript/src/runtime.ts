import { ClientZoneConnectionError, ClientZoneError } from './errors.js';
import type { Problem } from './types.js';

export interface ClientOptions {
  /** An API key of the account: "cz_…". */
  key: string;
  /** Of the API: "https://client-zone.example/api/v2". */
  baseUrl: string;
  /** How often a request is tried again that may succeed later. Left out: 4. */
  retries?: number;
  /** How long one try may take, in milliseconds. Left out: 30 seconds. */
  timeoutMs?: number;
  /**
   * The longest wait between two tries, in milliseconds: who is asked to wait longer is told so at once. Left
   * out: a minute.
   */
  longestWaitMs?: number;
  /** What sends requests. Left out: the global fetch. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  /** Of a POST: the same again does nothing twice. Left out: one is drawn, and kept over all tries. */
  idempotencyKey?: string;
  /** Gives it up. */
  signal?: AbortSignal;
}

/** How an operation is sent: which fields of its input go where; what is left stands in its path. */
export interface OperationFacts {
  method: string;
  path: string;
  query: readonly string[];
  body: readonly string[];
  hasAnswer: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** What may be different in a moment. From 500 on nobody knows whether it was done: see {@link Runtime}. */
const passing = new Set([408, 429, 500, 502, 503, 504]);
const firstWaitMs = 500;

/**
 * Sends requests, and sends them again. That is harmless for all of them: what is not the same when it is
 * done twice is a POST, and has an idempotency key.
 */
export class Runtime {
  readonly #options: Required<ClientOptions>;

  constructor({
    key,
    baseUrl,
    retries = 4,
    timeoutMs = 30_000,
    longestWaitMs = 60_000,
    ...rest
  }: ClientOptions) {
    const send = rest.fetch ?? fetch;
    // Called as a method of something else, the fetch of a browser refuses.
    const own: typeof fetch = (input, init) => send(input, init);
    const trimmed = baseUrl.replace(/\/+$/, '');
    this.#options = { key, baseUrl: trimmed, retries, timeoutMs, longestWaitMs, fetch: own };
  }

  protected async call<Answer>(
    operation: OperationFacts,
    input: object,
    { idempotencyKey, signal }: CallOptions = {},
  ): Promise<Answer> {
    const fields = input as Fields;
    const isPost = operation.method === 'POST';
    const key = isPost ? (idempotencyKey ?? crypto.randomUUID()) : null;
    const url = composeUrl(this.#options.baseUrl, operation, fields);
    const init = this.#composeInit(operation, fields, key);
    // Whether an earlier try may have been done though its answer was lost.
    let isUnsure = false;
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt >= this.#options.retries;
      let response: Response;
      let text: string;
      try {
        response = await this.#send(url, init, signal);
        text = await response.text();
      } catch (cause) {
        signal?.throwIfAborted();
        isUnsure = true;
        if (isLast) {
          const message = `${operation.method} ${operation.path} got no answer: ${describeCause(cause)}`;
          throw new ClientZoneConnectionError(message, key, cause);
        }
        await this.pause(backOff(attempt), signal);
        continue;
      }
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer;
      const { status } = response;
      // It is gone: that is what was wanted.
      if (isUnsure && operation.method === 'DELETE' && !operation.hasAnswer && status === 404) {
        return undefined as Answer;
      }
      const retryAfterSeconds = readRetryAfter(response.headers.get('retry-after'));
      const error = new ClientZoneError({
        status,
        problem: readProblem(response, text),
        idempotencyKey: key,
        retryAfterSeconds,
      });
      const waitMs = retryAfterSeconds === null ? backOff(attempt) : retryAfterSeconds * 1000;
      const isPassing = passing.has(status) || error.code === 'idempotency-key-in-flight';
      if (!isPassing || isLast || waitMs > this.#options.longestWaitMs) throw error;
      isUnsure ||= status >= 500;
      await this.pause(waitMs, signal);
    }
  }

  /** Each item of a list, page after page. */
  protected async *each<One>(
    operation: OperationFacts,
    input: object,
    options?: CallOptions,
  ): AsyncGenerator<One, void> {
    let cursor: string | null | undefined;
    do {
      const asked = cursor === undefined ? input : { ...input, cursor };
      const page: { data: One[]; next: string | null } = await this.call(operation, asked, options);
      yield* page.data;
      cursor = page.next;
    } while (cursor !== null);
  }

  /** Waits between two tries. */
  protected pause(ms: number, signal?: AbortSignal): Promise<void> {
    return wait(ms, signal);
  }

  #composeInit({ method, body }: OperationFacts, fields: Fields, key: string | null): RequestInit {
    const sent = Object.fromEntries(
      body.filter((name) => name in fields).map((name) => [name, fields[name]]),
    );
    return {
      method,
      // Whoever leads elsewhere is not given the key.
      redirect: 'error',
      headers: {
        authorization: `Bearer ${this.#options.key}`,
        accept: 'application/json',
        ...(body.length > 0 && { 'content-type': 'application/json' }),
        ...(key !== null && { 'idempotency-key': key }),
      },
      ...(body.length > 0 && { body: JSON.stringify(sent) }),
    };
  }

  #send(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    const late = AbortSignal.timeout(this.#options.timeoutMs);
    return this.#options.fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, late]) : late });
  }
}

function composeUrl(base: string, { path, query }: OperationFacts, fields: Fields): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(fields[name] ?? '');
    // A path with a gap, or that leads elsewhere, would be another operation.
    if (value === '' || /^\.+$/.test(value)) throw new TypeError(`“${name}” is missing.`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const name of query) {
    const given = fields[name];
    for (const value of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (value !== undefined && value !== null) search.append(name, String(value));
    }
  }
  const end = search.toString();
  return `${base}${filled}${end === '' ? '' : `?${end}`}`;
}

function readProblem(response: Response, text: string): Problem | null {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return null;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    // Cut off on its way: the status says enough.
    return null;
  }
}

/** Seconds, or a date. Null: it says neither. */
function readRetryAfter(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/** Twice as long each time, and never the same for all who wait. */
function backOff(attempt: number): number {
  return firstWaitMs * 2 ** attempt * (0.5 + Math.random() / 2);
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', give);
      resolve();
    }, ms);
    if (signal?.aborted) give();
    else signal?.addEventListener('abort', give, { once: true });
  });
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
