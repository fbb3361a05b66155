import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs packages of the system where that is allowed: Debian and its kin, as root.
 * @param {...string[]} choices names of packages; the next ones are tried where a release has not the first
 * @returns {Promise<boolean>} whether one of the choices is installed
 */
export async function installPackages(...choices) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const install = async () => {
    for (const names of choices) {
      if (await aptGet('install', '--yes', '--no-install-recommends', ...names)) return true;
    }
    return false;
  };
  // The list of packages may be missing or old.
  return (await install()) || ((await aptGet('update')) && (await install()));
}

/** Where a system has its own, a headless shell first. */
export const systemChromiums = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
];

/** Installs the system's Chromium where that is allowed. @returns {Promise<boolean>} */
export function installChromium() {
  // Not every release has the headless shell as a package of its own.
  return installPackages(['chromium-headless-shell'], ['chromium']);
}

/** @param {...string} parameters @returns {Promise<boolean>} */
async function aptGet(...parameters) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const code = await new Promise((resolve) => {
    spawn('apt-get', ['--quiet', ...parameters], { env, stdio: 'ignore' })
      .on('error', () => resolve(1))
      .on('close', resolve);
  });
  return code === 0;
}
