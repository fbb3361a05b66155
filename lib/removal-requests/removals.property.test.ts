import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { checkRemovals } from '@/testing/removal-model';
import { timeLimit } from '@/testing/one-server';
import { propertyRuns } from '@/testing/property-runs';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

// npm run soak -- --only removals runs sixty in each round.
const { numRuns: runs, seed } = propertyRuns(8);

test(
  `invariants 5, 6 and 7 hold over ${runs} random sequences of removals (PROPERTY_SEED=${seed})`,
  { timeout: timeLimit(120_000 + runs * 6_000) },
  async () => {
    // all of it must come about, so that the test cannot pass by nothing happening; now and then that takes a
    // few more
    const missing = new Set(['REMOVED', 'REFUSED', 'REJECTED', 'CANCELLED', 'CORRECTED']);
    for (let round = 0; round === 0 || (missing.size > 0 && round < 30); round++) {
      const report = await checkRemovals(db, { runs, seed: seed + round });
      expect(report.explanation).toBe('');
      expect(report.runs).toBe(runs);
      for (const name of missing) if ((report.seen[name] ?? 0) > 0) missing.delete(name);
    }
    expect([...missing]).toEqual([]);
  },
);
