import { describe, expect, test } from 'vitest';
import { computeCode } from '@/testing/second-factors';
import { checkCode, composeAppSetup, explainClock, makeAppSecret, readStep } from './totp';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const now = new Date('2026-11-28T10:00:10Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('a code', () => {
  // RFC 6238, appendix B, SHA-1; the last six digits.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('of the standard’s own examples, at %d s', (seconds, code) => {
    const moment = new Date(seconds * 1000);
    expect(checkCode(secret, code, moment)).toEqual({ kind: 'right', step: Math.floor(seconds / 30) });
  });

  test('counts for its half minute, the one before and the one after', () => {
    for (const seconds of [-30, 0, 30]) {
      const verdict = checkCode(secret, computeCode(secret, at(seconds)), now);
      expect(verdict).toEqual({ kind: 'right', step: readStep(now) + seconds / 30 });
    }
    expect(checkCode(secret, computeCode(secret, at(60)), now).kind).toBe('clock');
    expect(checkCode(secret, computeCode(secret, at(-60)), now).kind).toBe('clock');
  });

  test.each([
    [300, 5, 'about 5 minutes fast'],
    [-300, -5, 'about 5 minutes slow'],
    [60, 1, 'about a minute fast'],
  ])('of a clock that is off by %d s is told apart', (seconds, minutesFast, words) => {
    const verdict = checkCode(secret, computeCode(secret, at(seconds)), now);
    expect(verdict).toMatchObject({ kind: 'clock', minutesFast });
    expect(explainClock(minutesFast)).toContain(`your phone’s clock seems to be ${words}`);
  });

  test('of a clock that is off by an hour is just wrong', () => {
    expect(checkCode(secret, computeCode(secret, at(3600)), now)).toEqual({ kind: 'wrong' });
  });

  test('may be typed as apps show it', () => {
    const code = computeCode(secret, now);
    expect(checkCode(secret, ` ${code.slice(0, 3)} ${code.slice(3)} `, now).kind).toBe('right');
    for (const typed of ['', '12345', '1234567', 'abcdef', '１２３４５６', `${code}\0`, 'x'.repeat(10_000)]) {
      expect(checkCode(secret, typed, now), typed.slice(0, 10)).toEqual({ kind: 'wrong' });
    }
  });
});

describe('what an app is given', () => {
  test('is a secret of 160 bits, another each time', () => {
    const secrets = new Set(Array.from({ length: 20 }, makeAppSecret));
    expect(secrets.size).toBe(20);
    for (const made of secrets) expect(made).toMatch(/^[A-Z2-7]{32}$/);
  });

  test('is shown in groups, and as a picture with a border', () => {
    const setup = composeAppSetup(secret, 'thandi');
    expect(setup.secret).toBe('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ');
    // 37 modules for some 120 characters, and four to each side.
    expect(setup.qr.size).toBeGreaterThanOrEqual(45);
    // The corner that every QR code has, behind the border.
    expect(setup.qr.path.startsWith('M4 4h1v1h-1z')).toBe(true);
    expect(composeAppSetup(secret, 'priya').qr.path).not.toBe(setup.qr.path);
  });
});
