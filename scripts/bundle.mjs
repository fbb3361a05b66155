/**
 * Makes one file of a program of ours and of all it imports, which plain Node.js runs: see
 * docs/decisions/0052-bundled-programs.md. Plain JavaScript, since it runs before TypeScript can.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const folder = '.programs';

/** The worker. */
export const workerEntry = 'lib/worker/main.ts';

/** What runs where nobody develops, by the file it is made of. */
export const productionPrograms = [
  workerEntry,
  'scripts/add-administrator.ts',
  'scripts/build-command.ts',
  'scripts/part.ts',
  'scripts/seed.ts',
  'scripts/supervisor.ts',
];

/** What stays in node_modules, and is loaded when it is asked for. */
const external = [
  // Programs of the machine.
  '@node-rs/argon2',
  'esbuild',
  'pg-native',
  // WebAssembly, and what looks for it beside itself.
  '@prisma/client/runtime/query_compiler*',
  '@prisma/schema-engine-wasm/*',
  // Only where traces are sent.
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-node',
  // 9 MB with which a part of graphile-worker would read a configuration that there is not.
  'typescript',
];

/** What a bundle depends on, beside the sources. */
const configuration = ['scripts/bundle.mjs', 'package-lock.json', 'tsconfig.json'];

/**
 * Bundles programs unless their bundles were made of the same sources: a second, or a few on a busy machine.
 *
 * @param {string[]} entries the files they begin in
 * @returns {Promise<boolean>} whether one had to be made
 */
export function bundle(entries) {
  const made = last.then(() => bundleStale(entries));
  last = made.catch(() => undefined);
  return made;
}

/**
 * One after the other: whoever ends first stops the compiler, and a second one that it works for would wait
 * for good.
 *
 * @type {Promise<unknown>}
 */
let last = Promise.resolve();

/** @param {string[]} entries */
async function bundleStale(entries) {
  const isFresh = await Promise.all(entries.map(isMadeOfTheSame));
  const stale = entries.filter((_, index) => !isFresh[index]);
  if (stale.length === 0) return false;
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild
    .build({
      entryPoints: Object.fromEntries(stale.map((entry) => [nameOf(entry), entry])),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      write: false,
      metafile: true,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      // As Next.js reads what runs on the server alone.
      conditions: ['react-server'],
      mainFields: ['module', 'main'],
      external,
      // What packages of the older kind are loaded with.
      banner: {
        js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
      },
      sourcemap: 'linked',
      sourcesContent: false,
      // V8 keeps the source. Without comments it is half as long, and half of that again, since none of them
      // has a character beyond Latin 1 in it.
      minifyWhitespace: true,
      // Node.js shows the line that an error comes from.
      lineLimit: 200,
      legalComments: 'none',
      logLevel: 'silent',
    })
    // Its compiler is a process of its own, which would stay.
    .finally(() => esbuild.stop());
  await mkdir(folder, { recursive: true });
  for (const entry of stale) {
    const file = bundleOf(entry);
    for (const name of [`${file}.map`, file]) {
      await replace(name, outputFiles.find((output) => output.path === path.resolve(name))?.contents ?? '');
    }
    const sources = listSources(metafile, entry);
    await replace(markOf(file), JSON.stringify({ sources, hash: await hashFiles(sources) }));
  }
  return true;
}

/** Where the bundle of a program is. @param {string} entry */
export function bundleOf(entry) {
  return path.join(folder, `${nameOf(entry)}.mjs`);
}

/** @param {string} entry */
function nameOf(entry) {
  return entry.replace(/\.ts$/, '').replaceAll('/', '-');
}

/** @param {string} file */
function markOf(file) {
  return file.replace(/\.mjs$/, '.made-from.json');
}

/** @param {string} entry */
async function isMadeOfTheSame(entry) {
  try {
    /** @type {{ sources: string[], hash: string }} */
    const made = JSON.parse(await readFile(markOf(bundleOf(entry)), 'utf8'));
    return made.hash === (await hashFiles(made.sources));
  } catch (error) {
    // None has been made, or a source of it has gone.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return false;
    throw error;
  }
}

/** @param {string[]} sources */
async function hashFiles(sources) {
  const hash = createHash('sha256');
  for (const file of [...configuration, ...sources]) hash.update(`\0${file}\0`).update(await readFile(file));
  return hash.digest('hex');
}

/**
 * The files of ours that a program is made of; the packages' are as the lock file says.
 *
 * @param {import('esbuild').Metafile} metafile @param {string} entry
 */
function listSources({ inputs }, entry) {
  const found = new Set([entry]);
  for (const file of found) {
    for (const imported of inputs[file]?.imports ?? []) {
      if (imported.path in inputs && !imported.path.startsWith('node_modules/')) found.add(imported.path);
    }
  }
  return [...found].sort();
}

/**
 * Writes a file in one step: others may be starting it, or making it too.
 *
 * @param {string} file @param {string | Uint8Array} content
 */
async function replace(file, content) {
  const half = `${file}.${process.pid}`;
  await writeFile(half, content);
  await rename(half, file);
}
