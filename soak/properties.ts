import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Round, SoakPart } from './part';
import { runTests } from './run-tests';

/**
 * The test files with properties, which know fast-check, and those with a long form that `npm test` leaves
 * out. The two models have parts of their own; that they find what is put into them is `ofModels`.
 */
async function findPropertyTests(): Promise<{ usual: string[]; ofModels: string[] }> {
  const files = (
    await Promise.all(
      ['app', 'components', 'lib', 'prisma'].map(async (folder) =>
        (await readdir(folder, { recursive: true })).map((file) => path.join(folder, file)),
      ),
    )
  ).flat();
  const tests = files.filter((file) => /\.test\.tsx?$/.test(file));
  const contents = await Promise.all(tests.map((file) => readFile(file, 'utf8')));
  const long = tests.filter((_, index) => /from 'fast-check'|\bisLong\b/.test(contents[index] ?? ''));
  const isOfModel = (file: string) => file.endsWith('.mutation.test.ts');
  return { usual: long.filter((file) => !isOfModel(file)), ofModels: long.filter(isOfModel) };
}

/**
 * The property tests of `npm test`, which has fixed seeds, from another seed and in their long form; and all
 * mutations of the models.
 */
async function runPropertyTests(seed: number): Promise<Round> {
  const { usual, ofModels } = await findPropertyTests();
  const properties = await runTests(usual, { PROPERTY_SEED: String(seed), LONG_TESTS: 'true' });
  // Each has the seed from which it shows.
  const mutations = await runTests(ofModels, { LONG_TESTS: 'true' });
  const explanation = [properties, mutations].map((run) => run.explanation).join('');
  return {
    counts: { 'property tests': properties.tests, mutations: mutations.tests },
    failure: explanation === '' ? null : { explanation, replay: seed },
  };
}

export const properties: SoakPart = {
  run: (_context, seed) => runPropertyTests(seed),
  replay: async (_context, seed) => (await runPropertyTests(Number(seed))).failure?.explanation ?? null,
};
