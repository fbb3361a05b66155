import type { Task, TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { z } from 'zod';
import { openJob } from '@/lib/auth/job-scope';
import { failImport, importNumberList } from '@/lib/number-lists/import-job';
import { removeOldLists } from '@/lib/number-lists/retention';
import { sumTallies } from '@/lib/opt-outs/tally';
import { pruneCarrierReceipts, pruneSimulatorMessages } from './pruning';
import { enqueueJob, type JobPayloads } from './enqueue';

const importPayload = z.object({ listId: z.string().regex(/^\d+$/) });

/** What the worker does for jobs, by name. */
export function createTaskList(pool: Pool): Record<keyof JobPayloads, Task> & TaskList {
  return {
    'import-number-list': async (payload, { job, abortSignal }) => {
      const scope = openJob(payload);
      const { listId } = importPayload.parse(payload);
      try {
        const ended = await importNumberList(pool, scope, listId, abortSignal);
        // The worker is stopping; whichever runs next goes on. A job of its own, as this did not fail.
        if (!ended) {
          const { accountId, userId } = scope;
          await enqueueJob(pool, 'import-number-list', { accountId, userId, listId });
        }
      } catch (error) {
        if (job.attempts >= job.max_attempts) await failImport(pool, scope, listId);
        throw error;
      }
    },
    'remove-old-lists': () => removeOldLists(pool),
    'sum-tallies': () => sumTallies(pool),
    'prune-carrier-receipts': () => pruneCarrierReceipts(pool),
    'prune-simulator-messages': () => pruneSimulatorMessages(pool),
  };
}

/** When the worker does it by itself, UTC; of many workers one does. At night in South Africa, when little is sent. */
export const crontab = `
0 0 * * * remove-old-lists
*/10 * * * * sum-tallies
20 0 * * * prune-carrier-receipts
40 0 * * * prune-simulator-messages
`;
