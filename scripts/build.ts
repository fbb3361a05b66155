import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle, productionPrograms } from './bundle.mjs';
import { run } from './prepare.mjs';

const mark = '.next/made-from';
const sources = ['app', 'components', 'lib', 'public', 'prisma/schema.prisma'];
const configuration = [
  'instrumentation.ts',
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'proxy.ts',
  'scripts/icon-loader.mjs',
  'tsconfig.json',
];

/**
 * Builds the pages and bundles the programs, unless those there are were made from the same sources; answers
 * whether it built.
 */
export async function buildIfChanged(): Promise<boolean> {
  const hasBundled = await bundle(productionPrograms);
  return (await buildPagesIfChanged()) || hasBundled;
}

async function buildPagesIfChanged(): Promise<boolean> {
  const fingerprint = await fingerprintSources();
  const made = await readFile(mark, 'utf8').catch(() => null);
  if (made === fingerprint) return false;
  await run(
    [process.execPath, 'node_modules/next/dist/bin/next', 'build'],
    { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    'The pages could not be built; see above.',
  );
  await writeFile(mark, fingerprint);
  return true;
}

/** A hash over every file that goes into the build, and this version of Node.js. */
async function fingerprintSources(): Promise<string> {
  const files = [...configuration];
  for (const source of sources) files.push(...(await listFiles(source)));
  const hash = createHash('sha256').update(process.version);
  for (const file of files.sort()) {
    const content = await readFile(file).catch(() => '');
    hash.update(`\0${file}\0`).update(content);
  }
  return hash.digest('hex');
}

async function listFiles(source: string): Promise<string[]> {
  const entries = await readdir(source, { withFileTypes: true, recursive: true }).catch(() => null);
  if (!entries) return [source];
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(path.join('lib', 'db', 'generated')));
}
