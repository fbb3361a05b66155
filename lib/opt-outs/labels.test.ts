import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { labelSql } from '@/lib/lists/label-sql';
import { inlineValues } from '@/lib/lists/file-query';
import { statusLabels } from '@/lib/messages/labels';
import { verdictLabels } from '@/lib/replies/labels';
import { describeRule, ruleLabelSql, kindLabels } from './labels';
import { classifyReply } from './matcher';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test.each([
  ['exact:stop', 'Exactly “stop”'],
  ['prefix:stop send', 'Starts with “stop send”'],
  ['prefix:opt_out', 'Starts with “opt_out”'],
  ['extra:unsub', 'Also counts: “unsub”'],
  ['own:exact:genoeg', 'Your keyword “genoeg”'],
  ["own:prefix:o'clock", "Starts with your keyword “o'clock”"],
  ['review:keyword-alone', 'Keyword on a line or in a sentence of its own'],
  ['review:keyword-with-words', 'Keyword among other words'],
  ['review:phrase', 'Reads like an opt-out'],
  ['review:stop-sign', 'A stop sign'],
  ['review:slip', 'One slip away from a keyword'],
  ['something new', 'something new'],
])('the rule %s reads the same on the screen and in the file', async (rule, words) => {
  expect(describeRule(rule)).toBe(words);
  const { rows } = await db.pool.query<object>(
    inlineValues(`select ${ruleLabelSql('$1::text')} as words`, [rule]),
  );
  expect(rows).toEqual([{ words }]);
});

test('every rule the matcher gives has words', () => {
  const texts = [
    'Stop',
    'stop send',
    'opt out',
    'opt-out',
    'unsub',
    'stop please',
    'Regards\nPieter\n\nSTOP',
    'take me off',
    '🛑',
    'sotp',
  ];
  for (const text of texts) {
    const { rule } = classifyReply(text);
    expect(rule, text).not.toBeNull();
    expect(describeRule(rule as string), text).not.toBe(rule);
  }
});

test.each([
  ['opt_out_kind', kindLabels],
  ['message_status', statusLabels],
  ['verdict', verdictLabels],
])('every value of %s has a label, in the file too', async (type, labels) => {
  const { rows } = await db.pool.query<{ value: string; label: string }>(
    `select value::text as value, ${labelSql('value', labels)} as label from unnest(enum_range(null::${type})) as value`,
  );
  expect(rows.length).toBeGreaterThan(2);
  expect(Object.fromEntries(rows.map(({ value, label }) => [value, label]))).toEqual(labels);
});
