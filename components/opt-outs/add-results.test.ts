import { expect, test } from 'vitest';
import type { AddOptOutResult } from '@/lib/opt-outs/schema';
import { composeResultsText } from './add-results';

const results: AddOptOutResult[] = [
  { input: '082 123 4567', outcome: 'added', msisdn: '27821234567' },
  { input: '0831234567', outcome: 'already-there', msisdn: '27831234567', since: '2026-11-22T12:30:00Z' },
  { input: 'Thandi\t!', outcome: 'invalid', reason: 'Not a phone number.' },
  { input: '27821234567', outcome: 'duplicate', msisdn: '27821234567' },
];

test('what was typed is no formula where the results are pasted', () => {
  const copied = ['=1+1', ' @SUM(1)', '+27 (0)82 1', '+cmd|x'].map((input) =>
    composeResultsText([{ input, outcome: 'invalid', reason: 'No.' }], 'Etc/UTC')
      .split('\t')
      .at(0),
  );
  expect(copied).toEqual(["'=1+1", "'@SUM(1)", '+27 (0)82 1', "'+cmd|x"]);
});

test('results are copied as lines of a table', () => {
  expect(composeResultsText(results, 'Africa/Johannesburg').replaceAll('\u00a0', ' ').split('\n')).toEqual([
    '+27 82 123 4567\tAdded',
    '+27 83 123 4567\tAlready there\tSince 22 Nov 2026, 14:30.',
    'Thandi !\tNot usable\tNot a phone number.',
    '+27 82 123 4567\tTwice\tFurther up in what you pasted.',
  ]);
});
