import { defineConfig, devices } from '@playwright/test';
import { chromiumFlags, findChromium } from './scripts/chromium.mjs';

const port = process.env.E2E_PORT ?? '3100';
const workerPort = process.env.E2E_WORKER_PORT ?? '3101';
const baseURL = `http://localhost:${port}`;

/** Tests the whole program, started as a person would start it, with the demo in a database of its own. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  expect: { timeout: 10_000 },
  use: {
    baseURL,
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
    command: 'node scripts/run.mjs supervisor.ts',
    url: `${baseURL}/healthz`,
    timeout: 300_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    stdout: 'pipe',
    env: {
      PORT: port,
      WORKER_PORT: workerPort,
      DATA_DIR: process.env.E2E_DATA_DIR ?? '.data/e2e',
      THROWAWAY_DATABASE: 'true',
      DATABASE_URL: '',
      APP_URL: '',
    },
  },
});
