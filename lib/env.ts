import { z } from 'zod';

/**
 * The configuration is wrong; the message is for the person who started the program, one line per mistake.
 */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

const port = (otherwise: number) =>
  z.coerce
    .number('must be a port number from 1 to 65535')
    .int('must be a port number from 1 to 65535')
    .min(1, 'must be a port number from 1 to 65535')
    .max(65535, 'must be a port number from 1 to 65535')
    .default(otherwise);

const wholeNumber = (from: number, to: number, otherwise: number) => {
  const message = `must be a whole number from ${from} to ${to}`;
  return z.coerce.number(message).int(message).min(from, message).max(to, message).default(otherwise);
};

const yesNoOrUnset = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((value) => value === 'true' || value === '1')
  .optional();
const yesOrNo = (otherwise: boolean) => yesNoOrUnset.transform((value) => value ?? otherwise);

const secret = z.string().min(32, 'must have at least 32 characters').optional();

const fields = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** The web's port, and the address web and worker listen on. */
  PORT: port(3000),
  HOST: z.string().default('127.0.0.1'),
  /** The port of the worker's listener. */
  WORKER_PORT: port(3001),
  /** What the program keeps: the embedded database, its secrets, its logs. */
  DATA_DIR: z.string().default('.data'),
  /** Not set: the start command runs the embedded database and passes its address on. */
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be an address like postgresql://user:password@host:5432/name',
    })
    .optional(),
  /**
   * Of the owner, for `npm run migrate` and the start command alone; not set: the program's user migrates,
   * and owns the tables.
   */
  MIGRATION_DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be an address like postgresql://owner:password@host:5432/name',
    })
    .optional(),
  /**
   * A standby of DATABASE_URL's, which answers lists and files where it has all that was written; not set:
   * there is none.
   */
  DATABASE_READ_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be an address like postgresql://user:password@standby:5432/name',
    })
    .optional(),
  /** Connections a process may hold; web and worker count separately. */
  DATABASE_POOL_SIZE: wholeNumber(2, 500, 10),
  /**
   * How many of each a web process does at once, and how many of them one account may have: others must get
   * through whatever one does (lib/http/shares.ts).
   */
  DOWNLOADS_AT_ONCE: wholeNumber(1, 100, 8),
  DOWNLOADS_PER_ACCOUNT: wholeNumber(1, 100, 2),
  UPLOADS_AT_ONCE: wholeNumber(1, 100, 4),
  UPLOADS_PER_ACCOUNT: wholeNumber(1, 100, 2),
  /** Open event streams; each browser has one, however many pages it shows. */
  STREAMS_AT_ONCE: wholeNumber(1, 100_000, 2_000),
  STREAMS_PER_ACCOUNT: wholeNumber(1, 100_000, 200),
  /** A download that nobody reads on ends after so long. */
  DOWNLOAD_UNREAD_SECONDS: wholeNumber(1, 3_600, 60),
  /** Requests a web process takes of one API key in a minute. */
  API_REQUESTS_PER_MINUTE: wholeNumber(1, 10_000_000, 3_000),
  /** What sends a file slower than this, in bytes a second, is cut off. */
  UPLOAD_LEAST_RATE: wholeNumber(1, 1_000_000, 8_000),
  /** The address people type, without a slash at the end. */
  APP_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address like https://client-zone.example' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  AUTH_SECRET: secret,
  /** The first carrier; others are added by staff (lib/carriers/registry.ts). */
  CARRIER: z.enum(['simulator', 'kannel'], 'must be simulator or kannel').default('simulator'),
  /** Kannel's sendsms service, and who we are there; with CARRIER=kannel they must be set. */
  KANNEL_SENDSMS_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address like http://127.0.0.1:13013/cgi-bin/sendsms' })
    .optional(),
  KANNEL_USERNAME: z.string().optional(),
  KANNEL_PASSWORD: z.string().optional(),
  /**
   * Where the first carrier's bearerbox takes its boxes (`smsbox-port`): the worker is one of them then, and
   * replies and receipts come from there; not set: by HTTP, from smsbox.
   */
  KANNEL_BOX_ADDRESS: z
    .string()
    .regex(/^(?:[^\s:/[\]]+|\[[\da-f:]+\]):\d{1,5}$/i, 'must be a host and a port, like 127.0.0.1:13015')
    .optional(),
  /** The networks of the Kannel that `npm run kannel` runs; not set: a fake one. */
  KANNEL_SMSC_URL: z.string().optional(),
  /** Where carriers reach the worker's listener, for the addresses of receipts; not set: on this machine. */
  CARRIER_LISTENER_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address like http://10.0.0.5:3001' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** What a carrier must show to hand us replies and receipts. */
  CARRIER_SECRET: secret,
  /** What Prometheus must show to read /metrics; not set: there is nothing there. */
  METRICS_TOKEN: secret,
  /** Where traces go, by OTLP over HTTP; not set: nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an address like http://127.0.0.1:4318' })
    .optional(),
  /** How long a process that is to stop still takes requests, while its /readyz says so to load balancers. */
  STOP_DELAY_SECONDS: wholeNumber(0, 300, 0),
  CARRIER_RATE_PER_SECOND: wholeNumber(1, 1_000_000, 500),
  /** How many messages may be with the first carrier at a time, without an answer. */
  CARRIER_WINDOW: wholeNumber(1, 1_000, 100),
  /** How long a sent message waits for the network's receipt before it ends as "no receipt". */
  RECEIPT_WAIT_HOURS: wholeNumber(1, 720, 72),
  /** How long after a message a reply still counts as an answer to it. */
  ATTRIBUTION_WINDOW_DAYS: wholeNumber(1, 3650, 30),
  /** The mail server; not set: e-mails are kept as files under DATA_DIR/outbox. */
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      hostname: /./,
      error: 'must be an address like smtp://user:password@mail.example:587',
    })
    .optional(),
  /** Whom e-mails come from. */
  SMTP_FROM: z
    .string()
    .regex(/@/, 'must be an e-mail address, or a name and one: Client Zone <zone@example.com>')
    .default('Client Zone <no-reply@localhost>'),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  /** Let webhooks go to this machine itself, for tests. */
  WEBHOOKS_ALLOW_LOOPBACK: yesOrNo(false),
  /** Let webhooks go to plain http; not set: in development and tests. */
  WEBHOOKS_ALLOW_HTTP: yesNoOrUnset,
  /** Behind a reverse proxy: take the visitor's address from X-Forwarded-For. */
  TRUST_PROXY: yesOrNo(false),
  /** Fill an empty database with the demo; not set: the embedded one, and none of your own. */
  SEED_DEMO: yesNoOrUnset,
  /**
   * Let everybody who reaches the web use the simulator's phones; not set: with the demo on this machine
   * alone.
   */
  SIMULATOR_OPEN: yesNoOrUnset,
  /**
   * Whether the provider's staff must have a second factor; not set: they must, but for the demo on this
   * machine alone.
   */
  STAFF_SECOND_FACTOR: yesNoOrUnset,
  /** For tests: an embedded database that is fast, unsafe and gone afterwards. */
  THROWAWAY_DATABASE: yesOrNo(false),
});

const schema = fields.superRefine((parsed, context) => {
  if (parsed.CARRIER !== 'kannel') return;
  for (const name of ['KANNEL_SENDSMS_URL', 'KANNEL_USERNAME', 'KANNEL_PASSWORD'] as const) {
    if (parsed[name] === undefined)
      context.addIssue({ code: 'custom', path: [name], message: 'must be set with CARRIER=kannel' });
  }
});

/**
 * @internal The names of all variables; a test compares them with .env.example, which shows those that are
 *   for people.
 */
export const envNames = Object.keys(fields.shape);

type Parsed = z.output<typeof schema>;
/** What is made of the others where it is not set. */
type Composed = 'APP_URL' | 'CARRIER_LISTENER_URL';
type Required = 'AUTH_SECRET' | 'CARRIER_SECRET' | 'DATABASE_URL';

/** The configuration. Reading a value that is needed but not set throws an {@link EnvError}. */
export type Env = Omit<Parsed, Required | Composed> &
  Record<Required | Composed, string> & {
    /** Whether a value whose reading would throw is set. */
    isSet(name: Required): boolean;
  };

/** Parses variables; empty ones count as not set. Throws an {@link EnvError} that names every bad value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success)
    throw new EnvError(result.error.issues.map((issue) => describeIssue(issue, given)).join('\n'));
  const parsed = result.data;

  // Secrets and the database are checked when used, not when read: `next build` and the tests of pure
  // functions need none of them.
  const need = (name: Required): string => {
    const value = parsed[name];
    if (value === undefined) {
      throw new EnvError(
        `${name} is not set. "npm start" sets it; for "npm run web" and "npm run worker" set it yourself.`,
      );
    }
    return value;
  };
  return {
    ...parsed,
    APP_URL: parsed.APP_URL ?? `http://localhost:${parsed.PORT}`,
    CARRIER_LISTENER_URL: parsed.CARRIER_LISTENER_URL ?? `http://127.0.0.1:${parsed.WORKER_PORT}`,
    isSet: (name) => parsed[name] !== undefined,
    get AUTH_SECRET() {
      return need('AUTH_SECRET');
    },
    get CARRIER_SECRET() {
      return need('CARRIER_SECRET');
    },
    get DATABASE_URL() {
      return need('DATABASE_URL');
    },
  };
}

/**
 * Whether anybody but the people at this machine can reach the web: by the address it listens on, or by the
 * one people type.
 */
export function isReachableByOthers({ HOST, APP_URL }: Pick<Env, 'HOST' | 'APP_URL'>): boolean {
  const { protocol, hostname } = new URL(APP_URL);
  return protocol === 'https:' || !isLoopback(HOST) || !isLoopback(hostname);
}

/** Whether an empty database is to be filled with the demo. */
export function wantsDemo(settings: Pick<Env, 'SEED_DEMO' | 'isSet'>): boolean {
  return settings.SEED_DEMO ?? !settings.isSet('DATABASE_URL');
}

/**
 * Whether each member of the staff must have a second factor: always where others than the people at this
 * machine reach the web. The start command leaves it out for the demo, and tells the web by
 * STAFF_SECOND_FACTOR.
 */
export function needsStaffSecondFactor(
  settings: Pick<Env, 'STAFF_SECOND_FACTOR' | 'HOST' | 'APP_URL'>,
): boolean {
  return (settings.STAFF_SECOND_FACTOR ?? true) || isReachableByOthers(settings);
}

/**
 * Whether this is the demo on its embedded database, on this machine alone: then STAFF_SECOND_FACTOR need not
 * be on.
 */
export function isDemoAlone(settings: Env): boolean {
  return wantsDemo(settings) && !settings.isSet('DATABASE_URL') && !isReachableByOthers(settings);
}

/**
 * Whether the simulator's phones are open to everybody: as set, or while this is the demo on its embedded
 * database and nobody else reaches it. The start command decides it; web and worker are told by
 * SIMULATOR_OPEN.
 */
export function isSimulatorOpen(settings: Env): boolean {
  return settings.SIMULATOR_OPEN ?? isDemoAlone(settings);
}

/**
 * Whether the e-mails that are kept for lack of a mail server can be read by whoever holds the simulator's
 * phones, at /simulator/mail: on a machine that nobody else reaches. They hold links that open accounts.
 */
export function isMailOpen(settings: Env): boolean {
  return (
    settings.CARRIER === 'simulator' &&
    settings.SMTP_URL === undefined &&
    isSimulatorOpen(settings) &&
    !isReachableByOthers(settings)
  );
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

function describeIssue(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  // A password may stand in an address, and a secret is a secret: those are not repeated.
  const isShown = name in given && !/SECRET|URL|PASSWORD/.test(name);
  const quoted = isShown ? `, not "${given[name]}"` : '';
  return `${name} ${issue.message}${quoted}.`;
}

/** The configuration of this process. The only place that reads process.env. */
export const env: Env = parseEnv(process.env);
