import { expect, test } from 'vitest';
import { hashSecret, makeSecret, readSecret, readSecretEnd } from './secret';

test('a secret names its account, and no two are the same', () => {
  const secret = makeSecret(58324);
  expect(secret).toMatch(/^cz_58324_[0-9A-Za-z]{49}$/);
  expect(readSecret(secret)).toEqual({ accountId: 58324 });
  expect(makeSecret(58324)).not.toBe(secret);
  expect(secret.endsWith(readSecretEnd(secret))).toBe(true);
  expect(hashSecret(secret)).not.toContain(secret);
  expect(hashSecret(secret)).toBe(hashSecret(secret));
});

test('the checksum finds what was mistyped, cut short or made for another account', () => {
  const secret = makeSecret(58324);
  const changed = secret.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
  const swapped = secret.replace('58324', '58325');
  for (const wrong of [
    changed,
    swapped,
    secret.slice(0, -1),
    `${secret}x`,
    ` ${secret}`,
    '',
    'cz_',
    'Bearer',
  ]) {
    expect(readSecret(wrong), wrong).toBeNull();
  }
});

test('the checksum is CRC-32 of what stands before it, as scanners compute it', () => {
  // CRC-32 of "cz_1_000…0" (43 zeros), in base 62
  const body = `cz_1_${'0'.repeat(43)}`;
  let crc = 0xffffffff;
  for (const byte of Buffer.from(body)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let checksum = '';
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  for (; rest > 0; rest = Math.floor(rest / 62)) checksum = `${digits[rest % 62]}${checksum}`;
  expect(readSecret(body + checksum.padStart(6, '0'))).toEqual({ accountId: 1 });
});
