import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { checkMainJob } from '@/testing/main-job-model';
import { timeLimit } from '@/testing/one-server';
import { propertyRuns } from '@/testing/property-runs';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

// npm run soak -- --only main-job runs a hundred in each round.
const { numRuns: runs, seed } = propertyRuns(20);

test(
  `the invariants hold over ${runs} random sequences (PROPERTY_SEED=${seed})`,
  { timeout: timeLimit(60_000 + runs * 2_000) },
  async () => {
    const report = await checkMainJob(db, { runs, seed });
    expect(report.explanation).toBe('');
    expect(report.runs).toBe(runs);
  },
);
