import { createHmac, randomInt } from 'node:crypto';
import { deriveKey } from '@/lib/auth/derived-key';
import { recoveryCodeCount } from './schema';

/** No letter or digit that one takes for another on paper: no 0, 1, i, l, o, and no u. */
const alphabet = '23456789abcdefghjkmnpqrstvwxyz';
/**
 * 30 to the 12th: 58 bits, so that even without the key nobody goes through them all in a lifetime of tries
 * at the page.
 */
const length = 12;

/** Ten codes, "abcd-efgh-jkmn". */
export function makeRecoveryCodes(): string[] {
  const codes = new Set<string>();
  while (codes.size < recoveryCodeCount) {
    const letters = Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
    codes.add(letters.replace(/(.{4})(?=.)/g, '$1-'));
  }
  return [...codes];
}

/** What is kept of a code; however it is typed: with or without hyphens, in capitals. */
export function hashRecoveryCode(userId: number, typed: string): string {
  const letters = typed
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .slice(0, 40);
  return createHmac('sha256', deriveKey('recovery code')).update(`${userId}:${letters}`).digest('base64url');
}
