import { trace } from '@opentelemetry/api';
import { pino, stdSerializers, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { env } from '@/lib/env';

// What people wrote and who they are never reaches a log, whoever forgets it: neither by name of a field …
const personal = [
  'msisdn',
  'msisdns',
  'text',
  'replyText',
  'recipients',
  'password',
  'secret',
  'authorization',
  'cookie',
  'email',
  'username',
];
// … nor inside an error's words (PostgreSQL quotes the values of a violated key).
const phoneNumber = /\+?\d{9,15}/g;

function serialiseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type,
    message: message.replaceAll(phoneNumber, '[number]'),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    stack: stack.replaceAll(phoneNumber, '[number]'),
  };
}

/** Makes a logger that writes one JSON object per line, to standard output unless told otherwise. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    // While there are traces (lib/metrics/tracing.ts), so that a line leads to the trace that it belongs to.
    mixin: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { traceId: span.traceId, spanId: span.spanId } : {};
    },
    redact: { paths: personal.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: serialiseError, error: serialiseError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The process's logger. Log ids, never numbers of people or what they wrote. */
export const log = createLog(env.LOG_LEVEL);
