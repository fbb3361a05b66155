import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Round, SoakPart } from './part';

/** The test files with properties: those that know fast-check. The two models have parts of their own. */
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
  return tests.filter((_, index) => contents[index]?.includes("from 'fast-check'"));
}

/** The property tests of `npm test`, whose seeds are fixed there, with another seed. */
async function runPropertyTests(seed: number): Promise<Round> {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', ...(await findPropertyTests())],
    {
      env: { ...process.env, PROPERTY_SEED: String(seed), NODE_ENV: 'test', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const start = output.indexOf('{"');
  if (start < 0) throw new Error(`The property tests did not run.\n${output}\n${complaints}`);
  const report = JSON.parse(output.slice(start)) as {
    numTotalTests: number;
    numFailedTests: number;
    testResults: { assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
  };
  const explanation = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`)
    .join('\n\n');
  return {
    counts: { 'property tests': report.numTotalTests },
    failure: report.numFailedTests === 0 ? null : { explanation, replay: seed },
  };
}

export const properties: SoakPart = {
  run: (_context, seed) => runPropertyTests(seed),
  replay: async (_context, seed) => (await runPropertyTests(Number(seed))).failure?.explanation ?? null,
};
