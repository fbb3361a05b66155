import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintSample } from '@/testing/lint';
import { facePattern, publicFiles, rooms as roomNames } from '../rooms.mjs';
import rooms, { findForbidden, readCrossing } from './rooms-lint.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** What the rule says of a file, as message ids. */
const lint = (code: string, filename: string) =>
  lintSample(rooms.rules['import-public-files'], code, filename).map(({ messageId }) => messageId);

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

describe('who may import whom', () => {
  test.each([
    ['a page a component', 'app/page.tsx', '@/components/ui/badge'],
    ['a room one that stands above it', 'lib/replies/intake.ts', '../opt-outs/matcher'],
    ['a room a file above all rooms', 'lib/replies/intake.ts', '@/lib/env'],
    ['a component types of a feature', 'components/tulips/tulip.tsx', '@/lib/replies/schema'],
    ['a component how a file is read', 'components/tulips/tulip.tsx', '@/lib/number-lists/file/row-reader'],
    ['whoever a package', 'lib/replies/intake.ts', 'app'],
    ['a bench whatever it measures', 'bench/run.ts', '../lib/worker/main'],
  ])('%s', (_, from, specifier) => {
    expect(findForbidden(from, specifier)).toBeNull();
  });

  test.each([
    ['lib a page', 'lib/replies/intake.ts', '@/app/page', /knows no pages/],
    ['lib a component', 'lib/replies/intake.ts', '../../components/ui/badge', /knows no pages/],
    ['a component a page', 'components/tulips/tulip.tsx', '@/app/page', /know no pages/],
    ['a component a query', 'components/tulips/tulip.tsx', '@/lib/replies/queries', /types and words/],
    ['a component a query by the way there', 'components/a/b.tsx', '../../lib/sms', /types and words/],
    ['a page what tests need', 'app/page.tsx', '@/testing/people', /none of its tests/],
    ['the proxy what tests need', 'proxy.ts', './testing/people', /none of its tests/],
    ['a room one below it', 'lib/opt-outs/matcher.ts', '../replies/intake', /lib\/opt-outs is below/],
    ['a file above all rooms a room', 'lib/env.ts', './http/problem', /lib\/env.ts is below/],
    ['the ground a file above it', 'lib/sms/text.ts', '@/lib/env', /lib\/sms is below/],
  ])('%s not', (_, from, specifier, why) => {
    expect(findForbidden(from, specifier)).toMatch(why);
  });

  test('is said of the import', () => {
    const code = `import { read } from '@/lib/replies/intake'; export * from '@/lib/sms/text';`;
    expect(lintSample(rooms.rules['import-downwards'], code, 'lib/opt-outs/matcher.ts')).toEqual([
      { messageId: 'forbidden', line: 1 },
    ]);
  });
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
