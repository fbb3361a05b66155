import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { systemChromiums } from './debian.mjs';

/**
 * A Chromium to test in: a headless shell before a whole browser, since it draws the same pages without
 * windows and services, for an eighth less; Playwright's own before the system's. Null when there is none.
 * @returns {string | null}
 */
export function findChromium() {
  const [systemShell = null, ...systemBrowsers] = systemChromiums;
  const candidates = [findPlaywrightShell(), systemShell, chromium.executablePath(), ...systemBrowsers];
  return candidates.find((file) => file !== null && existsSync(file)) ?? null;
}

/** Playwright has no word for where its headless shell is: beside its Chromium, with the same revision. */
function findPlaywrightShell() {
  const [browsers, revision] = chromium.executablePath().split(/[\\/]chromium-(\d+)[\\/]/);
  const folder = path.join(browsers ?? '', `chromium_headless_shell-${revision}`);
  if (!revision || !existsSync(folder)) return null;
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    /^(chrome-headless-shell|headless_shell)(\.exe)?$/.test(path.basename(name)),
  );
  return file ? path.join(folder, file) : null;
}

/** What a browser needs that runs as root, without a screen, and should talk to nobody but us. */
export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  // What puts a page together runs within the browser's process: a twentieth less in all.
  '--in-process-gpu',
  // The pages of a test share a process: to begin one costs an eighth of what a page costs.
  '--renderer-process-limit=1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
