import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { checkMainJob } from '@/lib/testing/main-job-model';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const runs = Number(process.env['PROPERTY_RUNS'] ?? 100);
const seed = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31));

test(
  `the invariants hold over ${runs} random sequences (PROPERTY_SEED=${seed})`,
  { timeout: 60_000 + runs * 2_000 },
  async () => {
    const report = await checkMainJob(db, { runs, seed });
    expect(report.explanation).toBe('');
    expect(report.runs).toBe(runs);
  },
);
