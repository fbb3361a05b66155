/** Finds Kannel, or gets it where that is allowed. */
import { existsSync } from 'node:fs';
import { installPackages } from './debian.mjs';

export const bearerbox = '/usr/sbin/bearerbox';
const smsbox = '/usr/sbin/smsbox';

export const howToGetKannel =
  'There is no Kannel. Get it as root with "apt-get install kannel" (Debian, Ubuntu), so that /usr/sbin has bearerbox and smsbox.';

/**
 * The command line of one of them. By default both write all that passes through them, texts, numbers of
 * people and secrets, to where their errors go: only why they cannot start is wanted there.
 *
 * @param {'bearerbox' | 'smsbox'} box
 * @param {string} configuration the file
 * @returns {[string, ...string[]]}
 */
export function commandOfBox(box, configuration) {
  return [box === 'smsbox' ? smsbox : bearerbox, '--verbosity', '4', configuration];
}

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
