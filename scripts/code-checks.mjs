/** What is checked of the code without running it; `npm test` and `npm run check` share it. */
import { run } from './prepare.mjs';

const node = process.execPath;

/**
 * Derives the types that Next.js makes of the routes, which eslint and tsc read, and checks format, code and
 * types.
 * @param {(doing: string, done: string, work: () => Promise<unknown>) => Promise<boolean>} attempt runs a
 *   stage; a failure is printed, and the next ones go on
 */
export async function checkCode(attempt) {
  await attempt('Deriving types', 'Types derived', () =>
    run([node, 'node_modules/next/dist/bin/next', 'typegen'], {}, 'next typegen failed.'),
  );
  await attempt('Looking for circles of imports', 'No circles of imports', () =>
    run(
      [
        node,
        'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
        ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long'],
        ...[
          'app',
          'bench',
          'clients',
          'components',
          'e2e',
          'lib',
          'prisma',
          'scripts',
          'soak',
          'testing',
          'proxy.ts',
        ],
      ],
      {},
      'Some files import each other in a circle.',
    ),
  );
  await attempt('Looking for what nobody uses', 'Nothing unused', async () => {
    const knip = [node, 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'];
    await run(
      knip,
      {},
      'Some files, exports or packages have no user. knip.json lists what is meant to stay.',
    );
  });
  await attempt('Checking the format', 'Format checked', () =>
    run(
      [node, 'node_modules/oxfmt/bin/oxfmt', '--check', '.'],
      {},
      'Some files are not formatted. Run npm run format.',
    ),
  );
  await Promise.all([
    attempt('Checking the code', 'Code checked', () =>
      run([node, 'node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'], {}, 'eslint found mistakes.'),
    ),
    // After each other they take about as long as eslint does.
    checkTypes(attempt),
  ]);
}

/** @param {(doing: string, done: string, work: () => Promise<unknown>) => Promise<boolean>} attempt */
async function checkTypes(attempt) {
  await attempt('Checking the types', 'Types checked', () =>
    run([node, 'node_modules/typescript-7/bin/tsc', '--noEmit'], {}, 'tsc found mistakes.'),
  );
  await attempt('Checking the code by its types', 'Code checked by its types', () =>
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
}
