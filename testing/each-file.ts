import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import { afterAll, vi } from 'vitest';
import { propertyRuns } from './property-runs';

// For every test file (vitest.config.ts): a property that says nothing of its runs has these.
fc.configureGlobal(propertyRuns(100));

// As Next.js has it in its own process before anything else: what of it is read first would make a stand-in
// that throws, for all files of this process (findings/next-headers-before-its-server.sh).
Object.assign(globalThis, { AsyncLocalStorage });

// The next file may have the same process.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
