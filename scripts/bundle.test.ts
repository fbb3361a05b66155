import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundle, bundleOf, workerEntry } from './bundle.mjs';
import { commandOf } from './children';
import { parseEnv } from '@/lib/env';

const folder = 'test-results/bundled';
const entry = `${folder}/program.ts`;
const imported = `${folder}/imported.ts`;

beforeEach(async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(entry, `import { answer } from './imported';\nconsole.log(answer());\n`);
  await writeFile(imported, `export const answer = (): string => 'first';\n`);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  const file = bundleOf(entry);
  for (const each of [file, `${file}.map`, file.replace('.mjs', '.made-from.json')])
    await rm(each, { force: true });
});

function run(): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--enable-source-maps', bundleOf(entry)], { encoding: 'utf8' });
}

test('two that ask for one at once both get it, made once', async () => {
  expect(await Promise.all([bundle([entry]), bundle([entry])])).toEqual([true, false]);
  expect(run().stdout).toBe('first\n');
});

test('a bundle is made again when something that it is made of has changed, and only then', async () => {
  expect(await bundle([entry])).toBe(true);
  expect(run().stdout).toBe('first\n');
  expect(await bundle([entry])).toBe(false);

  await writeFile(imported, `export const answer = (): string => 'second';\n`);
  expect(await bundle([entry])).toBe(true);
  expect(run().stdout).toBe('second\n');

  await rm(imported);
  await expect(bundle([entry])).rejects.toThrow('Could not resolve "./imported"');
});

test('where something went wrong is told by the line that somebody wrote', async () => {
  await writeFile(
    imported,
    `interface Nothing {\n  here: true;\n}\nexport function answer(): Nothing {\n  throw new Error('lost');\n}\n`,
  );
  await bundle([entry]);
  expect(run().stderr).toMatch(/at answer \(\S*imported\.ts:5:9\)/);
});

test('the worker of production is read by nothing but Node.js', async () => {
  const env = parseEnv({ AUTH_SECRET: 'x'.repeat(32), CARRIER_SECRET: 'x'.repeat(32) });
  const command = await commandOf('worker', 'production', env);
  expect(command).toContain(bundleOf(workerEntry));
  expect(command.join(' ')).not.toContain('tsx');
});
