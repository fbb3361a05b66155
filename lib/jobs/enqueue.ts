import { statement, type Connection } from '@/lib/db/statement';
import { composeImportFlags } from './import-turns';

/**
 * What each task is told. A job of an account says whose it is; lib/auth/job-scope.ts makes its scope of
 * that. Without a user it is the system's own.
 */
export interface JobPayloads {
  'import-number-list': { accountId: number; userId: number | null; listId: string };
  /** Of no account: the registry is everybody's. */
  'import-registry': { importId: string };
  'open-public-request': {
    /** As somebody typed it who passed no gate: there may be no such account, and no scope is made of it. */
    accountId: number;
    msisdn: string;
    /** Of the link (lib/notices/request-link.ts). */
    seed: string;
    /** When the form was sent, ISO 8601, and from where. */
    requestedAt: string;
    address: string | null;
  };
  /**
   * Forms of strangers: whether there is anybody whom they mean is for the job to find out. `secretId` is of
   * what it sends.
   */
  'open-registration': { registrationId: string; secretId: string; requestedAt: string };
  'send-recovery': { username: string; way: 'link' | 'code'; secretId: string; requestedAt: string };
  'send-usernames': { email: string; requestId: string };
  'expire-removal-request': { accountId: number; userId: null; requestId: string };
  'send-email': { accountId: number; userId: null; emailId: string };
  'warn-low-credits': { accountId: number; userId: null };
  'tell-person': {
    userId: number;
    /** Of lib/auth/person-events.ts. */
    event: string;
    details: Readonly<Record<string, string | number>>;
    /** When it happened, ISO 8601. */
    at: string;
  };
}

interface JobRules<Payload> {
  /**
   * A job that fails is tried again after longer and longer: e seconds, e² …, from the tenth time on six
   * hours.
   */
  maxAttempts: number;
  /**
   * Of a key there is one job: enqueued again it is moved, and one that runs already is followed by the new
   * one.
   */
  key?: (payload: Payload) => string;
  /** By which the runner holds jobs back (import-turns.ts). */
  flags?: (payload: Payload) => string[];
}

const jobRules: { [Name in keyof JobPayloads]: JobRules<JobPayloads[Name]> } = {
  'import-number-list': { maxAttempts: 10, flags: ({ accountId }) => composeImportFlags(accountId) },
  'import-registry': { maxAttempts: 10, key: ({ importId }) => `import-registry:${importId}` },
  'open-public-request': { maxAttempts: 10 },
  'open-registration': { maxAttempts: 10 },
  // A link or a code that comes much later is of no use.
  'send-recovery': { maxAttempts: 5 },
  'send-usernames': { maxAttempts: 5 },
  'expire-removal-request': {
    maxAttempts: 10,
    key: ({ accountId, requestId }) => `expire-removal-request:${accountId}:${requestId}`,
  },
  // For more than a day: a mail server may be away for a night.
  'tell-person': { maxAttempts: 10 },
  'warn-low-credits': { maxAttempts: 10 },
  'send-email': { maxAttempts: 14, key: ({ accountId, emailId }) => `send-email:${accountId}:${emailId}` },
};

export interface Job<Name extends keyof JobPayloads> {
  payload: JobPayloads[Name];
  /** Not before this; at once when it is left out. */
  runAt?: Date;
}

const addJobs = statement({
  name: 'enqueue-jobs',
  values: {
    task: 'text',
    maxAttempts: 'int2',
    job: { payload: 'json', flags: 'text?', runAt: 'timestamptz?', key: 'text?' },
  },
  sql: ($) => `
    select from graphile_worker.add_jobs(array(
      select row(${$.task}::text, payload, null, run_at, ${$.maxAttempts}::smallint, key, null,
        string_to_array(flags, ','))::graphile_worker.job_spec
      from ${$.job}
    ))`,
});

/** Enqueues a job; within a transaction of `client`, it runs once that has committed, and only then. */
export async function enqueueJob<Name extends keyof JobPayloads>(
  connection: Connection,
  name: Name,
  payload: JobPayloads[Name],
): Promise<void> {
  await enqueueJobs(connection, name, [{ payload }]);
}

/** Enqueues any number of jobs in one statement; as {@link enqueueJob}. */
export async function enqueueJobs<Name extends keyof JobPayloads>(
  connection: Connection,
  name: Name,
  jobs: readonly Job<Name>[],
): Promise<void> {
  if (jobs.length === 0) return;
  const { maxAttempts, key, flags } = jobRules[name];
  await addJobs.run(connection, {
    task: name,
    maxAttempts,
    job: jobs.map(({ payload, runAt }) => ({
      payload,
      flags: flags?.(payload).join(',') ?? null,
      runAt: runAt ?? null,
      key: key?.(payload) ?? null,
    })),
  });
}

/** How often a job is tried. */
export function readMaxAttempts(name: keyof JobPayloads): number {
  return jobRules[name].maxAttempts;
}

/** How long the queue waits after the attempt of this number has failed. */
export function computeRetryMs(attempt: number): number {
  return Math.round(Math.exp(Math.min(attempt, 10)) * 1000);
}
