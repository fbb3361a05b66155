/**
 * Runs one of the TypeScript programs beside it, also on a fresh clone:
 * `node scripts/run.mjs supervisor.ts --dev`. What is missing is installed first, so this file and what it
 * imports have no dependency.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, bundleOf, productionPrograms } from './bundle.mjs';
import { prepare } from './prepare.mjs';
import { printFailure } from './stage.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (existsSync('.env')) process.loadEnvFile('.env');

const [program = '', ...parameters] = process.argv.slice(2);
const entry = path.posix.join('scripts', program);
const isBundled = productionPrograms.includes(entry);
try {
  await prepare();
  if (isBundled) await bundle([entry]);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
if (isBundled) {
  // In this process: one more that only waits for it would take 50 MB.
  process.argv = [process.execPath, entry, ...parameters];
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(bundleOf(entry)).href);
} else {
  runByLoader();
}

/** Tools of whoever develops, whose packages cannot all be bundled. */
function runByLoader() {
  const child = spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', entry, ...parameters],
    // The channel tells the program when this process is killed.
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  // The program decides when everything has ended. Ctrl-C reaches it directly as well; it counts the two as
  // one.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code) => process.exit(code ?? 1));
}
