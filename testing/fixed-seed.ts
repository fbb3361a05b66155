import fc from 'fast-check';
import { afterAll, vi } from 'vitest';
import { propertyRuns } from './property-runs';

// For every test file (vitest.config.ts): a property that says nothing of its runs has these.
fc.configureGlobal(propertyRuns(100));

// The next file may have the same process.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
