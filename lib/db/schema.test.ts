import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diffFromSchema } from '@/lib/db/schema-diff';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('the migrations say what prisma/schema.prisma says', async () => {
  expect(await diffFromSchema(db.url, await readFile('prisma/schema.prisma', 'utf8'))).toBe('');
});
