import { createHmac } from 'node:crypto';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import { env } from '@/lib/env';
import { findArrival, type Arrived, type Received } from './time-to-honour';

// On globalThis, as the API's own state: Next.js may load a module more than once.
const kept = globalThis as typeof globalThis & { clientZoneIsTracing?: boolean };

/** Whether traces go anywhere; while they do not, everything here costs one look at this. */
export function isTracing(): boolean {
  return kept.clientZoneIsTracing === true;
}

/** Called once traces go somewhere (start-tracing.ts). */
export function setTracing(isOn: boolean): void {
  kept.clientZoneIsTracing = isOn;
}

const getTracer = () => trace.getTracer('client-zone');

interface SpanOptions {
  /** Ids and counts; never a number of a person or a text. */
  attributes?: Attributes;
  links?: Link[];
}

/** Does work within a span, as a part of the trace that it is called in. */
export function inSpan<Result>(
  name: string,
  { attributes = {}, links = [] }: SpanOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!isTracing()) return work();
  return getTracer().startActiveSpan(name, { attributes, links }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Calls `go` as a part of the trace that a request's `traceparent` names, if it has one. */
export function continueTrace(headers: Record<string, unknown>, go: () => void): void {
  if (isTracing()) context.with(propagation.extract(ROOT_CONTEXT, headers), go);
  else go();
}

const origins = new WeakMap<object, SpanContext>();

/** Keeps with a reply the trace that it came in, as many come together into one transaction. */
export function keepOrigin(reply: object): void {
  const origin = isTracing() ? trace.getActiveSpan()?.spanContext() : undefined;
  if (origin) origins.set(reply, origin);
}

/** Links to the traces that these came in; to as many as a span may have. */
export function linkOrigins(replies: readonly object[]): Link[] {
  if (!isTracing()) return [];
  return replies.slice(0, 128).flatMap((reply) => {
    const origin = origins.get(reply);
    return origin ? [{ context: origin }] : [];
  });
}

/**
 * Where an opt-out and its confirmation are told of: a trace whose id follows from account and number,
 * so that whoever takes the confirmation to the network, in whatever process, finds it without anything being
 * stored for it (docs/decisions/0049-metrics-and-readiness.md). By a key, lest the id tell the number.
 */
function findStory(accountId: number, msisdn: string): SpanContext {
  const id = createHmac('sha256', env.AUTH_SECRET).update(`trace ${accountId} ${msisdn}`).digest('hex');
  return {
    traceId: id.slice(0, 32),
    spanId: id.slice(32, 48),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
}

interface StoryPart {
  name: string;
  accountId: number;
  msisdn: string;
  startedAt: Date;
  attributes: Attributes;
  links?: Link[];
}

function tell({ name, accountId, msisdn, startedAt, attributes, links = [] }: StoryPart): void {
  const parent = trace.setSpanContext(ROOT_CONTEXT, findStory(accountId, msisdn));
  const own = { ...attributes, 'client_zone.account_id': accountId };
  getTracer().startSpan(name, { startTime: startedAt, attributes: own, links }, parent).end();
}

/** Tells of the opt-outs of a transaction that has committed: each began with the arrival of its reply. */
export function traceOptOuts(
  replies: readonly (Arrived & { from: string })[],
  outcomes: readonly Received[],
): void {
  if (!isTracing()) return;
  replies.forEach((reply, index) => {
    const { verdict, accountIds = [] } = outcomes[index] ?? {};
    if (verdict !== 'opt-out') return;
    for (const accountId of accountIds) {
      tell({
        name: 'opt-out in force',
        accountId,
        msisdn: reply.from,
        startedAt: findArrival(reply),
        attributes: {},
        links: linkOrigins([reply]),
      });
    }
  });
}

/** Tells of confirmations that were handed to a carrier. */
export function traceConfirmations(
  carrier: string,
  messages: readonly { accountId: number; id: string; msisdn: string; kind: string }[],
  results: readonly { status: string }[],
  startedAt: Date,
): void {
  if (!isTracing()) return;
  const handOver = trace.getActiveSpan()?.spanContext();
  messages.forEach(({ accountId, id, msisdn, kind }, index) => {
    if (kind !== 'CONFIRMATION') return;
    tell({
      name: 'confirmation handed over',
      accountId,
      msisdn,
      startedAt,
      attributes: {
        'client_zone.message_id': id,
        'client_zone.carrier': carrier,
        'client_zone.outcome': results[index]?.status ?? 'none',
      },
      links: handOver ? [{ context: handOver }] : [],
    });
  });
}
