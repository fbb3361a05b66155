import { createDatabase, type Database } from '@/lib/db/client';
import { programUser } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { applyMigrations } from '@/lib/db/migrate';
import { checkMainJob, replayMainJob } from '@/testing/main-job-model';
import { checkRemovals, replayRemovals } from '@/testing/removal-model';
import type { SoakContext, SoakPart } from './part';

/**
 * Runs `work` on a database of the models, which is kept from round to round: every sequence has accounts of
 * its own.
 */
async function withModelDatabase<Result>(
  context: SoakContext,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const server = await context.startDatabase('models');
  await applyMigrations(server.url(databaseName), { programUser });
  const database = createDatabase(server.programUrl(databaseName));
  try {
    return await work(database);
  } finally {
    await database.close();
    await server.stop();
  }
}

const tries = 50;

/** Concurrent steps meet differently each time: one sequence is tried often before it counts as sound. */
async function tryOften(replay: () => Promise<string[]>): Promise<string | null> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const violations = await replay();
    if (violations.length > 0) return [`At try ${attempt}:`, ...violations].join('\n');
  }
  return null;
}

/** Random histories of sending and replying, judged by the invariants 1 to 4, 7 and 8. */
export const mainJob: SoakPart = {
  run: (context, seed) =>
    withModelDatabase(context, async (database) => {
      const { runs, explanation, sequence } = await checkMainJob(database, { runs: 100, seed });
      return {
        counts: { sequences: runs },
        failure: explanation === '' ? null : { explanation, replay: sequence },
      };
    }),
  replay: (context, sequence) =>
    withModelDatabase(context, (database) =>
      tryOften(() => replayMainJob(database, sequence as Parameters<typeof replayMainJob>[1])),
    ),
};

/** Random histories of removal requests, judged by the invariants 5, 6 and 7. */
export const removals: SoakPart = {
  run: (context, seed) =>
    withModelDatabase(context, async (database) => {
      const { runs, explanation, seen, sequence } = await checkRemovals(database, { runs: 60, seed });
      return {
        counts: { sequences: runs, ...seen },
        failure: explanation === '' ? null : { explanation, replay: sequence },
      };
    }),
  replay: (context, sequence) =>
    withModelDatabase(context, (database) =>
      tryOften(() => replayRemovals(database, sequence as Parameters<typeof replayRemovals>[1])),
    ),
};
