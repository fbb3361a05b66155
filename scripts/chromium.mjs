import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

/**
 * A Chromium to test in: a headless shell before a whole browser, since it draws the same pages without
 * windows and services, for an eighth less; Playwright's own before the system's. Null when there is none.
 * @returns {string | null}
 */
export function findChromium() {
  const candidates = [
    findPlaywrightShell(),
    '/usr/bin/chromium-headless-shell',
    chromium.executablePath(),
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
  ];
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

/**
 * Installs the system's Chromium where that is allowed: Debian and its kin, as root. @returns
 * {Promise<boolean>}
 */
export async function installChromium() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const aptGet = async (/** @type {string[]} */ ...parameters) => {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const code = await new Promise((resolve) => {
      spawn('apt-get', ['--quiet', ...parameters], { env: environment, stdio: 'ignore' })
        .on('error', () => resolve(1))
        .on('close', resolve);
    });
    return code === 0;
  };
  const get = (/** @type {string} */ browser) =>
    aptGet('install', '--yes', '--no-install-recommends', browser);
  // Not every release has the headless shell as a package of its own.
  const install = async () => (await get('chromium-headless-shell')) || (await get('chromium'));
  // The list of packages may be missing or old.
  return (await install()) || ((await aptGet('update')) && (await install()));
}

/** What a browser needs that runs as root, without a screen, and should talk to nobody but us. */
export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
