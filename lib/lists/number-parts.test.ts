import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { propertyRuns } from '@/testing/property-runs';
import { readNumberPart } from './number-parts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function listParts(accountId: number, msisdn: string): Promise<string[] | null> {
  const { rows } = await db.pool.query<{ parts: string[] | null }>('select number_parts($1, $2) as parts', [
    accountId,
    msisdn,
  ]);
  return rows[0]?.parts ?? null;
}

test('the fives of a number, the account before them', async () => {
  expect(await listParts(58324, '27821234567')).toEqual(
    ['34567', '23456', '12345', '21234', '82123', '78212', '27821'].map((five) => `58324${five}`),
  );
  expect(await listParts(2_147_483_647, '00000')).toEqual(['214748364700000']);
  expect(await listParts(1, '999999999999999')).toHaveLength(11);
});

test.each(['', '1234', '1234567890123456', 'MTN', '12 345', '27821234567\n', '１２３４５'])(
  'what is no number has none: %j',
  async (msisdn) => {
    expect(await listParts(1, msisdn)).toBeNull();
  },
);

test('whatever part of a number is sought, its fives lead to the number', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[1-9]\d{7,14}$/),
      fc.nat({ max: 12 }),
      fc.integer({ min: 3, max: 15 }),
      async (msisdn, start, length) => {
        const part = msisdn.slice(start, start + length);
        fc.pre(part.length >= 3 && !part.startsWith('0'));
        const read = readNumberPart(part);
        expect(read).toMatchObject({ pattern: `%${part}%`, isIndexed: true });
        const has = new Set((await listParts(0, msisdn))?.map((five) => five.padStart(5, '0')));
        const { digits, need } = read?.fives ?? { digits: [], need: 'all' };
        expect(digits.length).toBeGreaterThan(0);
        expect(
          need === 'all' ? digits.every((five) => has.has(five)) : digits.some((five) => has.has(five)),
        ).toBe(true);
      },
    ),
    propertyRuns(200),
  );
});
