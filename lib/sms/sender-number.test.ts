import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '@/testing/property-runs';
import { readSenderNumber } from './sender-number';

describe('one number in all its writings', () => {
  test.each([
    ['27871234567', '27871234567'],
    ['+27871234567', '27871234567'],
    ['+27 87 123 4567', '27871234567'],
    ['+27(0)871234567', '27871234567'],
    ['+27 (0)87 123-4567', '27871234567'],
    ['+270871234567', '27871234567'],
    ['270871234567', '27871234567'],
    ['0027871234567', '27871234567'],
    ['0027 (0)87 123 4567', '27871234567'],
    ['+0027871234567', '27871234567'],
    ['0871234567', '27871234567'],
    ['(0)87 123 4567', '27871234567'],
    ['+0871234567', '27871234567'],
    ['087.123.4567', '27871234567'],
    ['871234567', '27871234567'],
    ['２７８７１２３４５６７', '27871234567'],
    ['\u200e27871234567\u202c', '27871234567'],
    ['31023', '31023'],
    ['+31023', '31023'],
    ['031023', '31023'],
    ['27 31023', '31023'],
    ['2731023', '31023'],
    ['+27 31023', '31023'],
    ['+27(0)31023', '31023'],
    ['002731023', '31023'],
    ['27031023', '31023'],
    ['310 23', '31023'],
    ['141', '141'],
    ['+27 141', '141'],
    ['400123', '400123'],
    ['27400123', '400123'],
  ])('%j is %j', (written, number) => {
    expect(readSenderNumber(written)).toBe(number);
  });
});

describe('what only looks alike', () => {
  test.each([
    ['a short code of another country', '+264 31023', '26431023'],
    ['the same without its plus', '26431023', '26431023'],
    ['the same with 00', '0026431023', '26431023'],
    ['a national number that begins like a short code', '0310231234', '27310231234'],
    ['the same without its zero', '310231234', '27310231234'],
    ['a national number that begins like our country code', '0271234567', '27271234567'],
    ['the same without its zero', '271234567', '27271234567'],
    ['a short code that begins like our country code', '27310', '27310'],
    ['the same with the country code', '2727310', '27310'],
    ['a long code of another country', '+44 (0)7700 900123', '447700900123'],
    ['the same without its plus', '447700900123', '447700900123'],
    ['one with as many digits as a national number keeps its plus', '+298 123456', '+298123456'],
    ['too long for our country', '+2787123456789', '2787123456789'],
    ['too short for our country', '08712345', '08712345'],
    ['a name', 'MTN', 'MTN'],
    ['a name with a digit', 'Bank24', 'Bank24'],
    ['a name between spaces', ' Vodacom\u00a0', 'Vodacom'],
    ['nothing', '', ''],
    ['signs without a digit', '+ (-)', '+ (-)'],
    ['zeros', '000', '000'],
  ])('%s: %j is %j', (_, written, number) => {
    expect(readSenderNumber(written)).toBe(number);
  });
});

describe('for all numbers', () => {
  const long = fc.stringMatching(/^[1-9]\d{8}$/);
  // from seven digits on, a number with our country code before it is no longer a short code itself
  const short = fc.stringMatching(/^[1-9]\d{4}$/);
  const gap = fc.constantFrom('', ' ', '-', '.', '\u00a0');

  test('every writing of a long code is that long code', () => {
    fc.assert(
      fc.property(
        long,
        gap,
        fc.constantFrom('', '0', '27', '+27', '0027', '270', '+27(0)', '27 (0)', '+27 0', '+0027', '(0)'),
        (national, gap, start) => {
          const written = `${start}${gap}${national.slice(0, 2)}${gap}${national.slice(2, 5)}${gap}${national.slice(5)}`;
          expect(readSenderNumber(written)).toBe(`27${national}`);
        },
      ),
      propertyRuns(1000),
    );
  });

  test('every writing of a short code is that short code, and no long code becomes one', () => {
    fc.assert(
      fc.property(
        short,
        gap,
        fc.constantFrom('', '0', '27', '+27', '0027', '270', '+27(0)', '+'),
        (code, gap, start) => {
          expect(readSenderNumber(`${start}${gap}${code}`)).toBe(code);
          expect(readSenderNumber(`0${code}1234`)).toBe(`27${code}1234`);
        },
      ),
      propertyRuns(1000),
    );
  });

  test('its own result is left as it is, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom(...'0123456789 +()-./27') }),
          fc.stringMatching(/^(\+|0|00)?(27)?0?\d{0,12}$/),
        ),
        (written) => {
          const number = readSenderNumber(written);
          expect(readSenderNumber(number)).toBe(number);
        },
      ),
      propertyRuns(5000),
    );
  });
});
