/**
 * What has to be there before anything of ours can run: the packages, and Prisma's client. Plain JavaScript
 * without a dependency, since on a fresh clone nothing is installed yet.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { runStage, StageError } from './stage.mjs';

const generatedMark = 'lib/db/generated/.made-from';

/** Installs packages and generates the client, each only when needed. */
export async function prepare() {
  checkNode();
  await runStage('Installing packages', 'Packages installed', async () => {
    if (await isInstalled()) return false;
    const npm = process.env.npm_execpath?.endsWith('.js')
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
    await run(
      [...npm, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
      {},
      'npm ci failed.',
    );
    await setUpHook();
  });
  await runStage('Generating the database client', 'Database client generated', async () => {
    const schema = await readFile('prisma/schema.prisma', 'utf8');
    const { version } = JSON.parse(await readFile('package-lock.json', 'utf8')).packages[
      'node_modules/prisma'
    ];
    const mark = createHash('sha256').update(`${version}\n${schema}`).digest('hex');
    if ((await readOrNull(generatedMark)) === mark) return false;
    await run(
      [process.execPath, 'node_modules/prisma/build/index.js', 'generate'],
      // `generate` insists on a schema engine, downloads one otherwise, and does not use it: any program will
      // do.
      {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
      'Prisma could not generate its client.',
    );
    await writeFile(generatedMark, mark);
  });
}

/**
 * Has git run .githooks/pre-commit before each commit; done once, with the packages. Not by an install
 * script, since those do not run here (.npmrc). A checkout that has hooks of its own, or is none of git's, is
 * left as it is.
 */
async function setUpHook() {
  if (process.env.CI) return;
  const git = (/** @type {string[]} */ ...parameters) =>
    run(['git', ...parameters], {}, '').then(
      () => true,
      () => false,
    );
  if ((await git('rev-parse', '--git-dir')) && !(await git('config', 'core.hooksPath'))) {
    await git('config', 'core.hooksPath', '.githooks');
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new StageError(`Node.js 20.19 or later is needed; this is ${process.versions.node}.`);
  }
}

/** Whether node_modules holds what the lock file asks for; npm writes down there what it has installed. */
async function isInstalled() {
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map(async (file) => {
      const content = await readOrNull(file);
      return content === null ? {} : JSON.parse(content).packages;
    }),
  );
  const mayLackDevelopment = process.env.NODE_ENV === 'production';
  return Object.entries(wanted).every(([name, { version, integrity, optional, dev }]) => {
    const found = installed[name];
    // Optional packages are those of other platforms; '' is the project itself.
    if (!found) return name === '' || optional || (dev && mayLackDevelopment);
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * Runs a program out of sight; when it fails, its output comes with the error.
 * @param {string[]} command
 * @param {Record<string, string>} environment
 * @param {string} complaint
 * @returns {Promise<void>}
 */
export async function run([program = '', ...parameters], environment, complaint) {
  const child = spawn(program, parameters, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endChild = () => child.kill();
  process.once('exit', endChild);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (output += chunk));
  }
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  process.off('exit', endChild);
  if (code !== 0) throw new StageError(complaint, output);
}

/** @param {string} file */
async function readOrNull(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    throw error;
  }
}
