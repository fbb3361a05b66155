import { expect, test } from 'vitest';
import { composeBatchHref } from './compose-batch-href';

test('leads to the messages of a batch by the beginning of its text and its day where the account is', () => {
  const href = composeBatchHref(
    { about: `50% off & more 😀${'x'.repeat(200)}`, batchAt: '2026-11-22T22:30:00.000Z' },
    'Africa/Johannesburg',
  );
  const query = new URL(href ?? '', 'https://portal.example').searchParams;
  expect(query.get('from')).toBe('2026-11-23');
  expect(query.get('to')).toBe('2026-11-23');
  expect(query.get('q')).toMatch(/^50% off & more 😀x+$/u);
  expect(Array.from(query.get('q') ?? '')).toHaveLength(100);
});

test('leads nowhere from an entry of no batch', () => {
  expect(composeBatchHref({ about: 'Top-up', batchAt: null }, 'Africa/Johannesburg')).toBeNull();
});
