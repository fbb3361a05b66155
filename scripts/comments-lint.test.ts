import { expect, test } from 'vitest';
import { lintSample } from '@/testing/lint';
import comments, { commentColumns } from './comments-lint.mjs';

/** The lines of which the rule says that a comment is too long. */
const lint = (code: string) =>
  lintSample(comments.rules['within-columns'], code, 'tulip.tsx').map(({ line }) => line);

const fits = 'x'.repeat(commentColumns - 3);

test.each([
  ['beside nothing', `// ${fits}`, `// ${fits}x`],
  ['behind code', `f(); // ${fits.slice(5)}`, `f(); // ${fits.slice(4)}`],
  ['of documentation', `/**\n * ${fits}\n */`, `/**\n * ${fits}x\n */`],
  ['in markup', `f(<b>\n{/* ${fits.slice(4)} */}\n</b>);`, `f(<b>\n{/* ${fits.slice(3)} */}\n</b>);`],
])('a comment %s is as wide as code, and no wider', (_, right, wrong) => {
  expect(lint(right)).toEqual([]);
  expect(lint(wrong)).toHaveLength(1);
});

test('an address is not broken, and code is left to oxfmt', () => {
  expect(lint(`// https://example.com/${fits}\nf('${fits}${fits}');`)).toEqual([]);
});
