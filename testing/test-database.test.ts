import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database';

test('two databases of a process give out different ids', async () => {
  const databases = [await createTestDatabase(), await createTestDatabase()];
  try {
    const firstIds = await Promise.all(
      databases.map(async ({ owner }) => {
        const { rows } = await owner.query<{ id: string }>(`select nextval('api_key_id_seq') as id`);
        return Number(rows[0]?.id);
      }),
    );
    expect(Math.abs((firstIds[0] ?? 0) - (firstIds[1] ?? 0))).toBeGreaterThanOrEqual(100_000);
  } finally {
    for (const database of databases) await database.close();
  }
});
