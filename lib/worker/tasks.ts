import type { Task, TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { z } from 'zod';
import { warnOfLowCredits } from '@/lib/accounts/low-credits';
import { pruneApiAnswers } from '@/lib/api-keys/answer-once';
import { recordSetAsideReplies } from '@/lib/carriers/set-aside-commands';
import { openJob } from '@/lib/auth/job-scope';
import { personEvents } from '@/lib/auth/person-events';
import { pruneSessions } from '@/lib/auth/sessions';
import { failImport } from '@/lib/number-lists/import-job';
import { takeImportTurn } from '@/lib/number-lists/import-turn';
import { pruneTimeToHonour } from '@/lib/metrics/time-to-honour';
import { refreshStatusIndex } from '@/lib/messages/status-index';
import { endUnreported } from '@/lib/messages/unreported';
import { enqueueLostEmails, sendEmail, type MailTransport } from '@/lib/notices/outbox';
import { emailPersonEvent } from '@/lib/notices/person-event-email';
import { removeOldLists } from '@/lib/number-lists/retention';
import { sumTallies } from '@/lib/opt-outs/tally';
import { failRegistryImport, importRegistry } from '@/lib/registry/import-job';
import { remindMarketers } from '@/lib/registry/reminders';
import { expireRequest, expireRequests } from '@/lib/removal-requests/commands';
import { sendRecovery, sendUsernames } from '@/lib/people/recovery';
import { openRegistration, pruneRegistrations } from '@/lib/people/registration';
import { applyRetention } from '@/lib/privacy/commands';
import { openPublicRequest } from '@/lib/removal-requests/public-form';
import { pruneSecrets } from '@/lib/secrets/commands';
import { pruneChallenges } from '@/lib/second-factor/challenges';
import { pruneWebhooks } from '@/lib/webhooks/retention';
import { pruneCarrierReceipts, pruneFailedJobs, pruneRateLimits, pruneSimulatorMessages } from './pruning';
import { enqueueJob, type JobPayloads } from '@/lib/jobs/enqueue';
import { ImportTurns } from '@/lib/jobs/import-turns';

const id = z.string().regex(/^\d+$/);
const importPayload = z.object({ listId: id });
const registryPayload = z.object({ importId: id });
const publicRequestPayload = z.object({
  accountId: z.int().positive(),
  msisdn: z.string().regex(/^\d+$/),
  seed: z.string(),
  requestedAt: z.iso.datetime().transform((at) => new Date(at)),
  address: z.string().nullable(),
});
const requestedAt = z.iso.datetime().transform((at) => new Date(at));
const registrationPayload = z.object({ registrationId: z.uuid(), secretId: z.uuid(), requestedAt });
const recoveryPayload = z.object({
  username: z.string(),
  way: z.enum(['link', 'code']),
  secretId: z.uuid(),
  requestedAt,
});
const usernamesPayload = z.object({ email: z.string(), requestId: z.uuid() });
const expiryPayload = z.object({ requestId: id });
const emailPayload = z.object({ emailId: id });
const personPayload = z.object({
  userId: z.int().positive(),
  event: z.enum(personEvents),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  at: z.iso.datetime().transform((at) => new Date(at)),
});

const expiriesAtATime = 100;

/** What jobs need of the world outside the database. */
export interface JobTools {
  mail: MailTransport;
  clock: () => Date;
  /** Of the process; left out, one of its own. */
  turns?: ImportTurns;
}

/** What the worker does for jobs, by name. */
export function createTaskList(
  pool: Pool,
  { mail, clock, turns = new ImportTurns() }: JobTools,
): Record<keyof JobPayloads, Task> & TaskList {
  return {
    'import-number-list': async (payload, { job, abortSignal }) => {
      const scope = openJob(payload);
      const { listId } = importPayload.parse(payload);
      // When the worker stops, whichever runs next goes on. A job of its own, as this did not fail.
      const goOn = () => {
        const { accountId, userId } = scope;
        return enqueueJob(pool, 'import-number-list', { accountId, userId, listId });
      };
      try {
        const hadTurn = await turns.take(scope.accountId, async () => {
          if (!(await takeImportTurn(pool, scope, listId, abortSignal))) await goOn();
        });
        if (!hadTurn) await goOn();
      } catch (error) {
        if (job.attempts >= job.max_attempts) await failImport(pool, scope, listId);
        throw error;
      }
    },
    'import-registry': async (payload, { job, abortSignal }) => {
      const { importId } = registryPayload.parse(payload);
      try {
        // When the worker stops, whichever runs next goes on; a job of its own, as this did not fail.
        if (!(await importRegistry(pool, importId, abortSignal))) {
          await enqueueJob(pool, 'import-registry', { importId });
        }
      } catch (error) {
        if (job.attempts >= job.max_attempts) await failRegistryImport(pool, importId);
        throw error;
      }
    },
    'open-public-request': async (payload) => {
      await openPublicRequest(pool, publicRequestPayload.parse(payload));
    },
    'open-registration': async (payload) => {
      await openRegistration(pool, registrationPayload.parse(payload));
    },
    'send-recovery': async (payload) => {
      await sendRecovery(pool, recoveryPayload.parse(payload));
    },
    'send-usernames': async (payload) => {
      await sendUsernames(pool, usernamesPayload.parse(payload));
    },
    'expire-removal-request': async (payload) => {
      const { requestId } = expiryPayload.parse(payload);
      await expireRequest(pool, openJob(payload), requestId, clock());
    },
    'send-email': async (payload) => {
      const { emailId } = emailPayload.parse(payload);
      await sendEmail(pool, mail, openJob(payload), emailId, clock());
    },
    'warn-low-credits': async (payload) => {
      await warnOfLowCredits(pool, openJob(payload));
    },
    'tell-person': async (payload, { job }) => {
      await emailPersonEvent(pool, { ...personPayload.parse(payload), eventKey: `person:${job.id}` });
    },
    'expire-left-requests': async () => {
      while ((await expireRequests(pool, clock(), expiriesAtATime)) === expiriesAtATime);
    },
    'enqueue-lost-emails': () => enqueueLostEmails(pool, clock()),
    'remind-marketers': () => remindMarketers(pool, clock()),
    'remove-old-lists': () => removeOldLists(pool),
    'apply-retention': (_, { abortSignal }) => applyRetention(pool, clock(), { signal: abortSignal }),
    'record-set-aside': (_, { abortSignal }) => recordSetAsideReplies(pool, abortSignal),
    'sum-tallies': () => sumTallies(pool),
    'end-unreported': async (_, { abortSignal }) => {
      await endUnreported(pool, clock(), { signal: abortSignal });
    },
    'refresh-status-index': () => refreshStatusIndex(pool),
    'prune-carrier-receipts': () => pruneCarrierReceipts(pool),
    'prune-simulator-messages': () => pruneSimulatorMessages(pool),
    'prune-failed-jobs': () => pruneFailedJobs(pool),
    'prune-rate-limits': () => pruneRateLimits(pool, clock()),
    'prune-api-answers': () => pruneApiAnswers(pool, clock()),
    'prune-sessions': () => pruneSessions(pool, clock()),
    'prune-registrations': () => pruneRegistrations(pool, clock()),
    'prune-secrets': () => pruneSecrets(pool, clock()),
    'prune-webhooks': () => pruneWebhooks(pool),
    'prune-passkey-challenges': () => pruneChallenges(pool, clock()),
    'prune-time-to-honour': () => pruneTimeToHonour(pool),
  };
}

/**
 * When the worker does it by itself, UTC; of many workers one does. What is large, at night in South Africa,
 * when little is sent. The two that look after what jobs have left behind find nothing nearly always, through
 * a small index of their own.
 */
export const crontab = `
0 0 * * * remove-old-lists
*/10 * * * * record-set-aside
*/10 * * * * sum-tallies
*/10 * * * * expire-left-requests
*/10 * * * * enqueue-lost-emails
*/10 * * * * prune-rate-limits
*/30 * * * * prune-api-answers
5 * * * * prune-sessions
15 * * * * prune-secrets
*/10 * * * * prune-passkey-challenges
25 * * * * prune-registrations
35 * * * * end-unreported
20 0 * * * prune-carrier-receipts
40 0 * * * prune-simulator-messages
50 0 * * * prune-failed-jobs
10 1 * * * prune-webhooks
20 1 * * * prune-time-to-honour
30 1 * * * refresh-status-index
0 5 * * * remind-marketers
0 22 * * * apply-retention
`;
