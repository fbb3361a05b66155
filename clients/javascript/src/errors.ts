import type { Problem } from './types.js';

interface Facts {
  status: number;
  problem: Problem | null;
  idempotencyKey: string | null;
  retryAfterSeconds: number | null;
}

/** The API answered that something was not done. */
export class ClientZoneError extends Error {
  override readonly name = 'ClientZoneError';
  readonly status: number;
  /** What is wrong, by a name that never changes: "not-opted-out"; "unknown" when something else answered. */
  readonly code: string;
  /** The whole body; null when something else than the API answered, such as a proxy. */
  readonly problem: Problem | null;
  /** Of a POST. Asked again with it, the same request does nothing twice. */
  readonly idempotencyKey: string | null;
  /** When to ask again, where the answer says so. */
  readonly retryAfterSeconds: number | null;

  constructor({ status, problem, idempotencyKey, retryAfterSeconds }: Facts) {
    super(problem?.detail ?? `The answer was ${status}, and not from the API.`);
    this.status = status;
    this.code = problem?.type.split('#')[1] ?? 'unknown';
    this.problem = problem;
    this.idempotencyKey = idempotencyKey;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** There was no answer: nobody knows whether it was done. */
export class ClientZoneConnectionError extends Error {
  override readonly name = 'ClientZoneConnectionError';
  /** Of a POST. Asked again with it, the same request does nothing twice. */
  readonly idempotencyKey: string | null;

  constructor(message: string, idempotencyKey: string | null, cause: unknown) {
    super(message, { cause });
    this.idempotencyKey = idempotencyKey;
  }
}
