/**
 * `npm run check`: in about a minute what can be said without a database and a browser: format, circles of imports, lint, types,
 * and the tests of pure functions. For the hand, before a commit; `npm test` is everything.
 */
import { fileURLToPath } from 'node:url';
import { checkCode } from './code-checks.mjs';
import { prepare, run } from './prepare.mjs';
import { printFailure, runStage } from './stage.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

let sound = true;

/**
 * Runs a stage. If it fails, that is printed, and the next ones go on.
 * @param {string} doing
 * @param {string} done
 * @param {() => Promise<unknown>} work
 */
async function attempt(doing, done, work) {
  try {
    await runStage(doing, done, work);
    return true;
  } catch (error) {
    sound = false;
    printFailure(error);
    return false;
  }
}

console.log('');
await attempt('Preparing', 'Prepared', prepare);
if (sound) {
  await Promise.all([
    checkCode(attempt),
    attempt('Running unit tests', 'Unit tests passed', () =>
      run(
        [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=dot'],
        {},
        'Unit tests failed.',
      ),
    ),
  ]);
}
console.log(sound ? '\n  All in order. npm test checks the rest.\n' : '');
process.exit(sound ? 0 : 1);
