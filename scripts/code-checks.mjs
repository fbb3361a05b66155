/** What is checked of the code without running it; `npm test` and `npm run check` share it. */
import { run } from './prepare.mjs';

const node = process.execPath;

/**
 * Derives the types that Next.js makes of the routes, which tsc reads, and checks types, code and format.
 * Each takes about a core, so they come one after the other.
 * @param {(doing: string, done: string, work: () => Promise<unknown>) => Promise<boolean>} attempt runs a
 *   stage; a failure is printed, and the next ones go on
 */
export async function checkCode(attempt) {
  await attempt('Deriving types', 'Types derived', () =>
    run([node, 'node_modules/next/dist/bin/next', 'typegen'], {}, 'next typegen failed.'),
  );
  await attempt('Checking the types', 'Types checked', () =>
    run(
      // Its usual four checkers each learn the same types anew: half as much work again.
      [node, 'node_modules/typescript-7/bin/tsc', '--noEmit', '--checkers', '1'],
      {},
      'tsc found mistakes.',
    ),
  );
  await attempt('Checking the code', 'Code checked', () =>
    run(
      [
        node,
        'node_modules/oxlint/bin/oxlint',
        ...['--type-aware', '--deny-warnings', '--report-unused-disable-directives', '.'],
      ],
      {},
      'oxlint found mistakes.',
    ),
  );
  await attempt('Looking for what nobody uses', 'Nothing unused', () =>
    run(
      [node, 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'],
      {},
      'Some files, exports or packages have no user. knip.json lists what is meant to stay.',
    ),
  );
  await attempt('Checking the format', 'Format checked', () =>
    run(
      [node, 'node_modules/oxfmt/bin/oxfmt', '--check', '.'],
      {},
      'Some files are not formatted. Run npm run format.',
    ),
  );
}
