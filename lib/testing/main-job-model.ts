import fc from 'fast-check';
import type { Pool } from 'pg';
import { findViolations } from './main-job-invariants';
import { arbitrarySequence } from './main-job-steps';
import { World } from './main-job-world';

export interface MainJobCheck {
  /** How many sequences. */
  runs: number;
  /** The same seed makes the same sequences; how their concurrent steps meet is the machine's choice. */
  seed: number;
  /** The most steps of a sequence; 30 unless told. */
  size?: number;
  /** Look for the smallest sequence that fails (the default), or stop at the first. */
  shrinks?: boolean;
}

export interface MainJobReport {
  failed: boolean;
  /** How many sequences were run, up to the one that failed. */
  runs: number;
  /** What failed, with the seed and the smallest sequence found; empty when nothing did. */
  explanation: string;
}

/**
 * The model-based test of the main job: random sequences of accepting, replying, dispatching, dying and recovering, many
 * of their steps at the same moment, on a real database, judged by the design's invariants. Every sequence has accounts and
 * recipients of its own, so any number of them share one database.
 */
export async function checkMainJob({ pool }: { pool: Pool }, check: MainJobCheck): Promise<MainJobReport> {
  const details = await fc.check(
    fc.asyncProperty(arbitrarySequence(check.size ?? 30), async ({ world: plan, steps }) => {
      const world = await World.create(pool, plan);
      for (const step of steps) await world.perform(step);
      await world.finish();
      const violations = await findViolations(pool, world.history);
      if (violations.length > 0) throw new Error(violations.join('\n'));
    }),
    { numRuns: check.runs, seed: check.seed, endOnFailure: check.shrinks === false },
  );
  return {
    failed: details.failed,
    runs: details.numRuns,
    explanation: details.failed ? ((await fc.asyncDefaultReportMessage(details)) ?? '') : '',
  };
}
