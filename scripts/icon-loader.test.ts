import path from 'node:path';
import { expect, test } from 'vitest';
import { rewriteIcon } from './icon-loader.mjs';

const lucide = path.resolve('node_modules/lucide-react/dist/esm');
const rewrite = (name: string, source = '') => rewriteIcon(path.join(lucide, 'icons', `${name}.mjs`), source);

/** The line that an icon is drawn as. */
async function drawLine(name: string): Promise<string> {
  return JSON.parse(/draw\((".*")\)/.exec(await rewrite(name))?.[1] ?? 'null') as string;
}

test('an icon becomes one line, whatever shapes it is made of', async () => {
  // a line that begins with a relative point, after which more may follow, and a circle
  expect(await drawLine('search')).toBe('M0 0m21 21-4.34-4.34M3 11a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z');
  // a box with round corners, and lines
  expect(await drawLine('columns-3')).toBe(
    'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2zM9 3v18M15 3v18',
  );
  // a dot that is filled, which its outline fills as well
  expect(await drawLine('key-round')).toMatch(/M16 7\.5a0\.5 0\.5 0 1 0 1 0a0\.5 0\.5 0 1 0 -1 0z$/);
});

test('an older name of an icon hands on what the icon’s own module holds', async () => {
  expect(await rewrite('trash-2', 'as it was')).toBe('as it was');
});

test('what an outline cannot show is refused, rather than shown otherwise', async () => {
  await expect(rewrite('galaxy')).rejects.toThrow('An icon has a circle with fill.');
});
