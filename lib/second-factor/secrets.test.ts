import { describe, expect, test } from 'vitest';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes';
import { openSecret, sealSecret } from './sealed-secret';

describe('the secret of an app, as the database keeps it', () => {
  test('opens for its owner, and says nothing by itself', () => {
    const sealed = sealSecret('GEZDGNBVGY3TQOJQ', 7);
    expect(sealed).not.toContain('GEZDGNBV');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('GEZDGNBV');
    expect(sealSecret('GEZDGNBVGY3TQOJQ', 7)).not.toBe(sealed);
    expect(openSecret(sealed, 7)).toBe('GEZDGNBVGY3TQOJQ');
  });

  test('opens for nobody else, nor when it was changed, nor when it is none', () => {
    const sealed = sealSecret('GEZDGNBVGY3TQOJQ', 7);
    expect(openSecret(sealed, 8)).toBeNull();
    const bytes = Buffer.from(sealed, 'base64url');
    for (const place of [0, 12, 28, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] as number) ^ 1;
      expect(openSecret(changed.toString('base64url'), 7), String(place)).toBeNull();
    }
    expect(openSecret('', 7)).toBeNull();
    expect(openSecret('nonsense', 7)).toBeNull();
  });
});

describe('recovery codes', () => {
  test('are ten, of letters and digits that nobody mistakes', () => {
    const codes = makeRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[2-9a-hj-km-np-tv-z]{4}(-[2-9a-hj-km-np-tv-z]{4}){2}$/);
    expect(makeRecoveryCodes()).not.toEqual(codes);
  });

  test('are known however they are typed, each for its owner', () => {
    const hash = hashRecoveryCode(7, 'abcd-efgh-jkmn');
    for (const typed of ['ABCD EFGH JKMN', 'abcdefghjkmn', ' abcd-efgh-jkmn\n', 'abcd – efgh – jkmn']) {
      expect(hashRecoveryCode(7, typed)).toBe(hash);
    }
    expect(hashRecoveryCode(8, 'abcd-efgh-jkmn')).not.toBe(hash);
    expect(hashRecoveryCode(7, 'abcd-efgh-jkmp')).not.toBe(hash);
    expect(hash).not.toContain('abcd');
  });
});
