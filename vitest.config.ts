import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${root}/` },
      { find: /^server-only$/, replacement: path.join(root, 'lib/db/testing/empty-module.ts') },
    ],
  },
  test: {
    include: ['{app,components,lib,prisma,scripts}/**/*.test.{ts,tsx}'],
    globalSetup: ['lib/db/testing/cluster.ts'],
    setupFiles: ['lib/testing/fixed-seed.ts'],
    env: {
      AUTH_SECRET: 'a-secret-for-tests-that-guards-nothing',
      CARRIER_SECRET: 'a-secret-for-tests-that-guards-nothing',
      LOG_LEVEL: 'silent',
    },
    // Cloning a database waits its turn when many files begin at once.
    hookTimeout: 30_000,
    testTimeout: 20_000,
  },
});
