import fc from 'fast-check';
import type { Pool } from 'pg';
import { listOutcomes, findRemovalViolations } from './removal-invariants';
import { RemovalWorld, type RemovalHistory } from './removal-world';
import { arbitraryRemovals, type RemovalSequenceStep } from './removal-steps';

export interface RemovalCheck {
  runs: number;
  seed: number;
  /** Look for the smallest sequence that fails (the default), or stop at the first. */
  shrinks?: boolean;
}

export interface RemovalReport {
  runs: number;
  violations: string[];
  /** With the seed and the sequence; empty when nothing is wrong. */
  explanation: string;
  /** How often what was worth testing came about, over all sequences. */
  seen: Record<string, number>;
  /** The smallest sequence found that fails; null when none does. {@link replayRemovals} runs it again. */
  sequence: RemovalSequenceStep[] | null;
}

class InvariantError extends Error {
  constructor(readonly violations: string[]) {
    super(violations.join('\n'));
  }
}

/**
 * The model-based test of removals: random sequences of opting out, asking, answering, deciding, expiring and
 * correcting, many of their steps at the same moment, on a real database, judged by the design's invariants
 * 5, 6 and 7.
 */
export async function checkRemovals({ pool }: { pool: Pool }, check: RemovalCheck): Promise<RemovalReport> {
  const seen: Record<string, number> = {};
  const details = await fc.check(
    fc.asyncProperty(arbitraryRemovals, async (steps) => {
      const history = await runSequence(pool, steps);
      const violations = await findRemovalViolations(pool, history);
      for (const name of await listOutcomes(pool, history)) seen[name] = (seen[name] ?? 0) + 1;
      if (violations.length > 0) throw new InvariantError(violations);
    }),
    { numRuns: check.runs, seed: check.seed, endOnFailure: check.shrinks === false },
  );
  if (!details.failed)
    return { runs: details.numRuns, violations: [], explanation: '', seen, sequence: null };
  const error: unknown = details.errorInstance;
  const violations = error instanceof InvariantError ? error.violations : [String(error)];
  const explanation = [
    `Seed ${details.seed}: ${violations.length} violations, the first of them:`,
    ...violations.slice(0, 5),
    'after',
    ...(details.counterexample?.[0] ?? []).map((one) => JSON.stringify(one)),
  ].join('\n');
  return {
    runs: details.numRuns,
    violations,
    explanation,
    seen,
    sequence: details.counterexample?.[0] ?? null,
  };
}

/** Runs one sequence again, in new accounts, and answers with its violations; see replayMainJob. */
export async function replayRemovals(
  { pool }: { pool: Pool },
  steps: readonly RemovalSequenceStep[],
): Promise<string[]> {
  return findRemovalViolations(pool, await runSequence(pool, steps));
}

async function runSequence(pool: Pool, steps: readonly RemovalSequenceStep[]): Promise<RemovalHistory> {
  const world = await RemovalWorld.create(pool);
  for (const one of steps) await world.perform(one);
  return world.history;
}
