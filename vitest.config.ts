import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

const resolve = {
  alias: [
    { find: /^@\//, replacement: `${root}/` },
    { find: /^server-only$/, replacement: path.join(root, 'testing/empty-module.ts') },
  ],
};

const tests = ['app', 'clients', 'components', 'lib', 'prisma', 'scripts', 'testing']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => /\.test\.tsx?$/.test(file));

const contentOf = new Map(tests.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

/** Tests that start a database say so in their imports; `npm run check` leaves them out. */
function needsDatabase(file: string): boolean {
  return /\/test-database'|db\/embedded\//.test(contentOf.get(file) ?? '');
}

/**
 * Tests that put something else in a module's or a global's place, or reach into Next.js, have a process of
 * their own. So have those that measure how time grows: the garbage collector looks through all that other
 * files have left whenever a long text is read. The others share what a process has imported: to import it
 * anew for each file takes as long again as all of the tests without a database.
 */
function standsAlone(file: string): boolean {
  return /\bvi\.(?:mock|hoisted|doMock|resetModules|stub\w+)\b|'next\/dist\/|'@\/testing\/growth'/.test(
    contentOf.get(file) ?? '',
  );
}

const chosen = process.env.WITHOUT_DATABASE ? tests.filter((file) => !needsDatabase(file)) : tests;

const common = {
  setupFiles: ['testing/each-file.ts'],
  env: {
    AUTH_SECRET: 'a-secret-for-tests-that-guards-nothing',
    CARRIER_SECRET: 'a-secret-for-tests-that-guards-nothing',
    LOG_LEVEL: 'silent',
  },
  // Only what hangs takes that long; a busy machine does not. On a cluster each statement is a trip more.
  hookTimeout: 120_000,
  testTimeout: process.env.CITUS_URL ? 600_000 : 120_000,
  expect: { poll: { timeout: 30_000 } },
};

function describeProject(name: string, belongs: (file: string) => boolean, isolate: boolean) {
  return { resolve, test: { ...common, name, include: chosen.filter(belongs), isolate } };
}

export default defineConfig({
  resolve,
  test: {
    // A worker for each core: the default leaves one free, and half of each test is the database's work.
    maxWorkers: '100%',
    // Projects inherit what it provides; were it theirs, each would have a database server of its own.
    globalSetup: ['testing/cluster.ts'],
    // Two, since each reads the program's files for itself.
    projects: [
      describeProject('shared', (file) => !standsAlone(file), false),
      describeProject('alone', standsAlone, true),
    ],
  },
});
