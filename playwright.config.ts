import { defineConfig, devices } from '@playwright/test';
import { baseURL, startCommand, startEnvironment } from './e2e/instance';
import { chromiumFlags, findChromium } from './scripts/chromium.mjs';

const isCi = Boolean(process.env.CI);

/**
 * What one page has compiled is there for the next, however little of it was used in between. (Without the
 * compilers for code that runs often, a page takes a twentieth less still, and axe twice as long.)
 */
const quickPages = '--js-flags=--no-flush-bytecode';

/** Tests the whole program, started as a person would start it, with the demo in a database of its own. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  fullyParallel: true,
  forbidOnly: isCi,
  // A shared machine can stand still for longer than any wait. What passed only then is counted, and named,
  // as flaky.
  retries: isCi ? 1 : 0,
  workers: 2,
  // Only what hangs takes that long; a busy machine does not.
  timeout: 60_000,
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    // Nothing is measured or pictured halfway.
    contextOptions: { reducedMotion: 'reduce' },
    // A trace costs a sixth more, also of what passes. By hand: npx playwright test --trace=retain-on-failure
    trace: isCi ? 'on-first-retry' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findChromium() ?? undefined, args: [...chromiumFlags, quickPages] },
  },
  projects: [
    {
      name: 'desktop',
      grepInvert: /@phone/,
      use: { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } },
    },
    {
      name: 'phone',
      grep: /@phone/,
      use: { ...devices['Pixel 7'], viewport: { width: 360, height: 740 } },
    },
  ],
  webServer: {
    command: startCommand.join(' '),
    url: `${baseURL}/healthz`,
    timeout: 300_000,
    // One that runs already, while one works on the tests.
    reuseExistingServer: !process.env.CI,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    stdout: 'pipe',
    env: startEnvironment,
  },
});
