import fc from 'fast-check';
import type { Pool } from 'pg';
import { findViolations } from './main-job-invariants';
import { arbitrarySequence, type Sequence } from './main-job-steps';
import { World, type History } from './main-job-world';

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
  /** How many sequences were run, up to the one that failed. */
  runs: number;
  /** What was wrong in the smallest sequence found that fails; empty when nothing is. */
  violations: string[];
  /** The violations with the seed and that sequence, for people; empty when nothing is wrong. */
  explanation: string;
  /** The smallest sequence found that fails; null when none does. {@link replayMainJob} runs it again. */
  sequence: Sequence | null;
}

class InvariantError extends Error {
  constructor(readonly violations: string[]) {
    super(violations.join('\n'));
  }
}

/**
 * The model-based test of the main job: random sequences of accepting, replying, dispatching, dying and
 * recovering, many of their steps at the same moment, on a real database, judged by the design's invariants.
 * Every sequence has accounts and recipients of its own, so any number of them share one database.
 */
export async function checkMainJob({ pool }: { pool: Pool }, check: MainJobCheck): Promise<MainJobReport> {
  const details = await fc.check(
    fc.asyncProperty(arbitrarySequence(check.size ?? 30), async (sequence) => {
      const violations = await findViolations(pool, await runSequence(pool, sequence));
      if (violations.length > 0) throw new InvariantError(violations);
    }),
    { numRuns: check.runs, seed: check.seed, endOnFailure: check.shrinks === false },
  );
  if (!details.failed) return { runs: details.numRuns, violations: [], explanation: '', sequence: null };

  const error: unknown = details.errorInstance;
  const violations = error instanceof InvariantError ? error.violations : [String(error)];
  const [sequence] = details.counterexample ?? [];
  return {
    runs: details.numRuns,
    violations,
    explanation: explain(details.seed, violations, sequence),
    sequence: sequence ?? null,
  };
}

/**
 * Runs one sequence again, in new accounts, and answers with its violations. How its concurrent steps meet is
 * the machine's choice: what fails only now and then wants several tries.
 */
export async function replayMainJob({ pool }: { pool: Pool }, sequence: Sequence): Promise<string[]> {
  return findViolations(pool, await runSequence(pool, sequence));
}

async function runSequence(pool: Pool, { world: plan, steps }: Sequence): Promise<History> {
  const world = await World.create(pool, plan);
  for (const step of steps) await world.perform(step);
  await world.finish();
  return world.history;
}

function explain(seed: number, violations: readonly string[], sequence: Sequence | undefined): string {
  return [
    `Seed ${seed}: ${violations.length} violations, the first of them:`,
    ...violations.slice(0, 5),
    'in the world',
    JSON.stringify(sequence?.world),
    'after',
    ...(sequence?.steps ?? []).map((step) => JSON.stringify(step)),
  ].join('\n');
}
