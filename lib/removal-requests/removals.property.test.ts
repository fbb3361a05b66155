import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { checkRemovals } from '@/lib/testing/removal-model';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const runs = Number(process.env['PROPERTY_RUNS'] ?? 60);
const seed = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31));

test(
  `invariants 5, 6 and 7 hold over ${runs} random sequences of removals (PROPERTY_SEED=${seed})`,
  { timeout: 60_000 + runs * 3_000 },
  async () => {
    const report = await checkRemovals(db, { runs, seed });
    expect(report.explanation).toBe('');
    expect(report.runs).toBe(runs);
    // all of it came about, so that the test cannot pass by nothing happening
    if (runs >= 60) {
      for (const name of ['REMOVED', 'REFUSED', 'REJECTED', 'CANCELLED', 'CORRECTED']) {
        expect([name, (report.seen[name] ?? 0) > 0]).toEqual([name, true]);
      }
    }
  },
);
