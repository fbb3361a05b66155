import type { z } from 'zod';
import type { Method } from '@/lib/api-keys/make-api';
import type { ApiScope } from '@/lib/api-keys/schema';
import type { ProblemCode } from './problems';

/** What an operation answers, by status; null: no body. */
export type Answers = Readonly<Record<number, z.ZodType | null>>;

/** An operation of the API: what is checked, typed, published and shown is all made of this. */
export interface ApiOperation<Params, Query, Body, Given extends Answers> {
  /** Of the OpenAPI document, and of the methods of clients made of it. */
  id: string;
  method: Method;
  /** Below /api/v2, with the names of what it names: "/opt-outs/{number}". */
  path: string;
  scope: ApiScope;
  summary: string;
  /** For whoever reads the page: sentences. */
  description: string;
  /** For the log: "reading opt-outs". */
  doing: string;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  answers: Given;
  /** Beside those that any operation may answer with. */
  problems: readonly ProblemCode[];
  /** It has an ETag; asked with If-None-Match, it is answered with 304 while it is the same. */
  hasEtag?: true;
  /** Its answer has a secret: kept for an idempotency key, it is encrypted. */
  isSecret?: true;
  /** What the examples of the page ask for. */
  example: { params?: Record<string, string>; query?: Record<string, string>; body?: object };
}

/** One of them, whatever it takes. */
export type AnyOperation = ApiOperation<unknown, unknown, unknown, Answers>;

/** What does an operation answers with one of these. */
export type Reply<Given extends Answers> = {
  [Status in keyof Given & number]: {
    status: Status;
    body: Given[Status] extends z.ZodType ? z.input<Given[Status]> : null;
  };
}[keyof Given & number];

/** Declares an operation. */
export function declareOperation<
  Params = undefined,
  Query = undefined,
  Body = undefined,
  const Given extends Answers = Answers,
>(operation: ApiOperation<Params, Query, Body, Given>): ApiOperation<Params, Query, Body, Given> {
  return operation;
}
