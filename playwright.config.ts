import { defineConfig, devices } from '@playwright/test';
import { baseURL, startCommand, startEnvironment } from './e2e/instance';
import { chromiumFlags, findChromium } from './scripts/chromium.mjs';

/** Tests the whole program, started as a person would start it, with the demo in a database of its own. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  // Only what hangs takes that long; a busy machine does not.
  timeout: 60_000,
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    // Nothing is measured or pictured halfway.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findChromium() ?? undefined, args: chromiumFlags },
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
