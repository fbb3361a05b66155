/** Finds Kannel, or gets it where that is allowed. */
import { existsSync } from 'node:fs';
import { installPackages } from './debian.mjs';

export const bearerbox = '/usr/sbin/bearerbox';
export const smsbox = '/usr/sbin/smsbox';

export const howToGetKannel =
  'There is no Kannel. Get it as root with "apt-get install kannel" (Debian, Ubuntu), so that /usr/sbin has bearerbox and smsbox.';

/** @returns {boolean} */
export function hasKannel() {
  return existsSync(bearerbox) && existsSync(smsbox);
}

/** Installs it, where that is allowed and it is missing. @returns {Promise<boolean>} whether it is there */
export async function installKannel() {
  if (hasKannel()) return true;
  await installPackages(['kannel']);
  return hasKannel();
}
