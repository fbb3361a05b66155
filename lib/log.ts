import { pino, stdSerializers } from 'pino';
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

interface SerialisedError {
  type: string;
  message: string;
  code?: unknown;
  constraint?: unknown;
  stack: string;
}

function serialiseError(error: unknown): SerialisedError | unknown {
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

/** The process's logger: one JSON object per line on standard output. Log ids, never numbers of people or texts. */
export const log = pino({
  level: env.LOG_LEVEL,
  base: { pid: process.pid },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (level) => ({ level }) },
  redact: { paths: personal.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  serializers: { err: serialiseError, error: serialiseError },
});
