import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { facePattern, publicFiles, rooms as roomNames } from '../rooms.mjs';
import { readCrossing, rooms } from './rooms-lint.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** What the rule says of a file, as message ids. */
function lint(code: string, filename: string): (string | undefined)[] {
  return new Linter({ cwd: root })
    .verify(
      code,
      {
        files: ['**/*.ts', '**/*.tsx'],
        plugins: { rooms },
        languageOptions: { parser },
        rules: { 'rooms/import-public-files': 'error' },
      },
      { filename: path.join(root, filename) },
    )
    .map(({ messageId, message }) => messageId ?? message);
}

describe('of another room', () => {
  test.each([
    ['its face', `import { read } from '@/lib/replies/queries';`],
    ['a part of its face', `import { read } from '@/lib/replies/review-queries';`],
    ['a file it shows to all', `import { matcher } from '@/lib/opt-outs/matcher';`],
    ['the whole of a room that is a file', `import { env } from '@/lib/env';`],
  ])('%s may be imported', (_, code) => {
    expect(lint(code, 'lib/tulips/plant.ts')).toEqual([]);
    expect(lint(code, 'app/tulips/page.tsx')).toEqual([]);
  });

  test.each([
    ['by its name', `import { attribute } from '@/lib/replies/attribution';`],
    ['by the way there', `import { attribute } from '../replies/attribution';`],
    ['as a type', `import type { Attributed } from '@/lib/replies/attribution';`],
    ['late', `const { attribute } = await import('@/lib/replies/attribution');`],
    ['to hand it on', `export { attribute } from '@/lib/replies/attribution';`],
    ['to hand all of it on', `export * from '@/lib/replies/attribution';`],
    ['below a folder', `import { row } from '@/lib/number-lists/file/header-words';`],
  ])('a file of its own may not be imported %s', (_, code) => {
    expect(lint(code, 'lib/tulips/plant.ts')).toEqual(['private']);
    expect(lint(code.replace("'..", "'../../lib"), 'app/tulips/page.tsx')).toEqual(['private']);
  });
});

test('a room knows all of itself', () => {
  const code = `import { attribute } from '@/lib/replies/attribution'; import { hash } from './content-hash';`;
  expect(lint(code, 'lib/replies/commands.ts')).toEqual([]);
});

test('the rule is on for the product, and off for tests', async () => {
  const eslint = new ESLint({ cwd: root });
  const isOn = async (file: string) => {
    const { rules } = (await eslint.calculateConfigForFile(path.join(root, file))) as Linter.Config;
    return JSON.stringify(rules?.['rooms/import-public-files'] ?? [0]).startsWith('[2');
  };
  for (const file of ['proxy.ts', 'app/page.tsx', 'components/ui/badge.tsx', 'lib/replies/commands.ts']) {
    expect(await isOn(file), file).toBe(true);
  }
  expect(await isOn('lib/replies/commands.test.ts')).toBe(false);
});

test('each public file is there, is none of the face, and is imported from outside', () => {
  const sources = ['app', 'components', 'lib', 'proxy.ts']
    .flatMap((place) =>
      place.includes('.')
        ? [place]
        : readdirSync(path.join(root, place), { recursive: true }).map((file) =>
            path.posix.join(place, String(file)),
          ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));
  const used = new Set<string>();
  for (const file of sources) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\(|import) ?'([^']+)'/g)) {
      const crossing = readCrossing(file, specifier);
      if (crossing) used.add(`${crossing.room}/${crossing.file}`);
    }
  }
  expect(used.size).toBeGreaterThan(100);

  const listed = Object.entries(publicFiles).flatMap(([room, files]) =>
    files.map((file) => `${room}/${file}`),
  );
  expect(Object.keys(publicFiles).filter((room) => !roomNames.includes(room))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed.filter((file) => facePattern.test(file.slice(file.indexOf('/') + 1)))).toEqual([]);
  expect(listed.filter((file) => !used.has(file))).toEqual([]);
  // The generated client is there once it is generated.
  expect(
    listed.filter(
      (file) => !file.startsWith('db/generated/') && !existsSync(path.join(root, 'lib', `${file}.ts`)),
    ),
  ).toEqual([]);
});
