import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

// cz_58324_ + 43 characters of chance (256 bits) + 6 of checksum, nothing but letters, digits and
// underscores: a double click selects all of it, and scanners of repositories find one that leaked and know
// that it is one before they ask anybody.
const form = /^cz_([1-9]\d{0,9})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** How much of the end of a secret is kept, so that its owner can tell keys apart. */
const shownCharacters = 6;

/** A new secret of this account. The account stands in it, so that the key is found within its account. */
export function makeSecret(accountId: number): string {
  const chance = encode(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
  const body = `cz_${accountId}_${chance}`;
  return body + computeChecksum(body);
}

/**
 * The account that a secret says it is of; null when it cannot be one of ours, by its form or its checksum.
 */
export function readSecret(secret: string): { accountId: number } | null {
  const match = form.exec(secret);
  if (!match?.[1] || computeChecksum(secret.slice(0, -6)) !== match[3]) return null;
  const accountId = Number(match[1]);
  return accountId <= 2_147_483_647 ? { accountId } : null;
}

/**
 * What is kept of a secret. It is 256 bits of chance, which no amount of guessing finds: one round of a fast
 * hash is enough.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function readSecretEnd(secret: string): string {
  return secret.slice(-shownCharacters);
}

function computeChecksum(body: string): string {
  return encode(BigInt(crc32(body)), 6);
}

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = `${digits[Number(rest % 62n)]}${text}`;
  return text.padStart(length, '0');
}
