import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const debianChromium = '/usr/bin/chromium';

/** A Chromium to test in: Playwright's own, or the system's; null when there is none. @returns {string | null} */
export function findChromium() {
  return [chromium.executablePath(), debianChromium, '/usr/bin/chromium-browser'].find(existsSync) ?? null;
}

/** Installs the system's Chromium where that is allowed: Debian and its kin, as root. @returns {Promise<boolean>} */
export async function installChromium() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const aptGet = (/** @type {string[]} */ ...parameters) =>
    new Promise((resolve) => {
      const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      spawn('apt-get', ['--quiet', ...parameters], { env: environment, stdio: 'ignore' })
        .on('error', () => resolve(1))
        .on('close', resolve);
    });
  const install = () => aptGet('install', '--yes', '--no-install-recommends', 'chromium');
  // The list of packages may be missing or old.
  return (await install()) === 0 || ((await aptGet('update')) === 0 && (await install()) === 0);
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
