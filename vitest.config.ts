import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

const tests = ['app', 'components', 'lib', 'prisma', 'scripts', 'testing']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => /\.test\.tsx?$/.test(file));

/** Tests that start a database say so in their imports; `npm run check` runs the others alone. */
const needDatabase = tests.filter((file) =>
  /\/test-database'|db\/embedded\//.test(readFileSync(path.join(root, file), 'utf8')),
);
const needNone = tests.filter((file) => !needDatabase.includes(file));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${root}/` },
      { find: /^server-only$/, replacement: path.join(root, 'testing/empty-module.ts') },
    ],
  },
  test: {
    setupFiles: ['testing/fixed-seed.ts'],
    env: {
      AUTH_SECRET: 'a-secret-for-tests-that-guards-nothing',
      CARRIER_SECRET: 'a-secret-for-tests-that-guards-nothing',
      LOG_LEVEL: 'silent',
    },
    // Cloning a database waits its turn when many files begin at once.
    hookTimeout: 30_000,
    testTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'unit', include: needNone } },
      {
        extends: true,
        test: { name: 'database', include: needDatabase, globalSetup: ['testing/cluster.ts'] },
      },
    ],
  },
});
