import { expect, test } from 'vitest';
import { standardKeywords } from '@/lib/opt-outs/matcher';
import { composeReplyExamples } from './reply-examples';

test('the examples show each verdict, the certain ones first', () => {
  const verdicts = composeReplyExamples(standardKeywords).map(({ verdict }) => verdict);
  expect(verdicts).toEqual([
    ...verdicts.filter((verdict) => verdict === 'opt-out'),
    ...verdicts.filter((verdict) => verdict === 'review'),
    ...verdicts.filter((verdict) => verdict === 'none'),
  ]);
  for (const verdict of ['opt-out', 'review', 'none']) {
    expect(verdicts.filter((each) => each === verdict).length, verdict).toBeGreaterThan(1);
  }
});
