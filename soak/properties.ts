import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Round, SoakPart } from './part';
import { runTests } from './run-tests';

/**
 * The test files with properties, which know fast-check, and those with a long form that `npm test` leaves
 * out. The two models have parts of their own.
 */
async function findPropertyTests(): Promise<string[]> {
  const files = (
    await Promise.all(
      ['app', 'components', 'lib'].map(async (folder) =>
        (await readdir(folder, { recursive: true })).map((file) => path.join(folder, file)),
      ),
    )
  ).flat();
  const tests = files.filter((file) => /(?<!\.mutation)\.test\.tsx?$/.test(file));
  const contents = await Promise.all(tests.map((file) => readFile(file, 'utf8')));
  return tests.filter((_, index) => /from 'fast-check'|\bisLong\b/.test(contents[index] ?? ''));
}

/** The property tests of `npm test`, which has fixed seeds, from another seed and in their long form. */
async function runPropertyTests(seed: number): Promise<Round> {
  const { tests, explanation } = await runTests(await findPropertyTests(), {
    PROPERTY_SEED: String(seed),
    LONG_TESTS: 'true',
  });
  return {
    counts: { 'property tests': tests },
    failure: explanation === '' ? null : { explanation, replay: seed },
  };
}

export const properties: SoakPart = {
  run: (_context, seed) => runPropertyTests(seed),
  replay: async (_context, seed) => (await runPropertyTests(Number(seed))).failure?.explanation ?? null,
};
