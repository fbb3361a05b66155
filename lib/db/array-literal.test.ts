import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toArrayLiteral } from '@/lib/db/array-literal';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { propertyRuns } from '@/testing/property-runs';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it('gives PostgreSQL every text as it is, and null', async () => {
  // PostgreSQL's text holds no NUL, and no half of a surrogate pair.
  const text = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('null', 'NULL', '', '{}', '"', '\\', '\\n', '\n\t\\"', '\u2028', 'a,b', ' '),
    )
    .map((value) => value.replaceAll('\0', '').toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { maxLength: 20 }), async (values) => {
      const { rows } = await db.pool.query<{ values: (string | null)[] }>('select $1::text[] as values', [
        toArrayLiteral(values),
      ]);
      expect(rows[0]?.values).toEqual(values);
    }),
    propertyRuns(500),
  );
});

it('gives numbers and booleans', async () => {
  const { rows } = await db.pool.query(
    'select $1::int[] as numbers, $2::boolean[] as booleans, $3::bigint[] as empty',
    [toArrayLiteral([1, -2, null]), toArrayLiteral([true, false, null]), toArrayLiteral([])],
  );
  expect(rows[0]).toEqual({ numbers: [1, -2, null], booleans: [true, false, null], empty: [] });
});
