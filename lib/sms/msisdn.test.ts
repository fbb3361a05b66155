import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMsisdn, parseMsisdn } from './msisdn';

describe('what people type', () => {
  test.each([
    '0821234567',
    '821234567',
    '27821234567',
    '+27 82 123 4567',
    '0027821234567',
    '+27 (0)82 123 4567',
    '082-123-4567',
    ' 082 123 4567 ',
    "'0821234567",
    '082\u00a0123\u00a04567',
    '\u202a+27\u202c82 123 4567',
    '(082) 123-4567',
    '082.123.4567',
  ])('%j is one number', (typed) => {
    expect(parseMsisdn(typed)).toEqual({ ok: true, msisdn: '27821234567' });
  });

  test.each([
    ['+44 7400 123456', '447400123456'],
    ['+1 201 555 0123', '12015550123'],
    ['+264 81 123 4567', '264811234567'],
  ])('%j is a number of another country', (typed, msisdn) => {
    expect(parseMsisdn(typed)).toEqual({ ok: true, msisdn });
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['hello', 'not-a-number'],
    ['011 234 5678', 'not-mobile'],
    ['+27 11 234 5678', 'not-mobile'],
    ['0860 123 456', 'not-mobile'],
    ['082 123', 'too-short'],
    ['082 123 4567 89012345', 'too-long'],
    ['2.78E+10', 'scientific-notation'],
    ['2,78E+10', 'scientific-notation'],
    ['+999 123 456 789', 'unknown-country'],
  ])('%j is refused: %s', (typed, reason) => {
    const result = parseMsisdn(typed);
    expect(result).toMatchObject({ ok: false, reason });
    expect(result.ok || result.message.length).toBeGreaterThan(10);
  });
});

/** South African mobile numbers, as digits after the 0. */
const subscriber = fc
  .tuple(
    fc.constantFrom('82', '83', '84', '72', '73', '74', '76', '78', '79', '71', '61', '60'),
    fc.integer({ min: 0, max: 9_999_999 }),
  )
  .map(([prefix, rest]) => `${prefix}${String(rest).padStart(7, '0')}`);

describe('round trips', () => {
  test('every way of writing a number leads to the same one, and its display form back to it', () => {
    fc.assert(
      fc.property(
        subscriber,
        fc.constantFrom('0', '27', '+27', '0027', '+27 (0)', ''),
        fc.constantFrom('', ' ', '-', '.'),
        (digits, start, gap) => {
          const typed = `${start}${digits.slice(0, 2)}${gap}${digits.slice(2, 5)}${gap}${digits.slice(5)}`;
          const parsed = parseMsisdn(typed);
          expect(parsed).toEqual({ ok: true, msisdn: `27${digits}` });
          expect(parseMsisdn(formatMsisdn(`27${digits}`))).toEqual(parsed);
          expect(parseMsisdn(`27${digits}`)).toEqual(parsed);
        },
      ),
    );
  });

  test('anything at all is answered, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789 +()-E.') })),
        (typed) => {
          const result = parseMsisdn(typed);
          if (result.ok) expect(parseMsisdn(`+${result.msisdn}`)).toEqual(result);
          else expect(result.message).not.toBe('');
        },
      ),
    );
  });
});

describe('on screen', () => {
  test.each([
    ['27821234567', '+27 82 123 4567'],
    ['MTN', 'MTN'],
    ['30123', '30123'],
    ['', ''],
  ])('%j reads %j', (stored, shown) => {
    expect(formatMsisdn(stored)).toBe(shown);
  });
});
