/**
 * `npm run check`: in about a minute what can be said without a database and a browser: format, circles of
 * imports, lint, types, and the tests of pure functions. For the hand, before a commit; `npm test` is
 * everything.
 */
import { fileURLToPath } from 'node:url';
import { checkCode } from './code-checks.mjs';
import { prepare, run } from './prepare.mjs';
import { Stages } from './stage.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

const stages = new Stages();

console.log('');
await stages.attempt('Preparing', 'Prepared', prepare);
if (stages.sound) {
  await Promise.all([
    checkCode(stages.attempt),
    stages.attempt('Running unit tests', 'Unit tests passed', () =>
      run(
        [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=dot'],
        { WITHOUT_DATABASE: 'true' },
        'Unit tests failed.',
      ),
    ),
  ]);
}
console.log(stages.sound ? '\n  All in order. npm test checks the rest.\n' : '');
process.exit(stages.sound ? 0 : 1);
