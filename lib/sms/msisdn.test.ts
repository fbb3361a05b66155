import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { formatMsisdn, parseMsisdn } from './msisdn';
import { parseSouthAfricanMsisdn, readPlainMsisdn } from './msisdn-za';

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
    '082/123/4567',
    '+27 082 123 4567',
    '(+27) 82 123 4567',
    '0821234567\u200b',
    '082\u2011123\u20114567',
    '‘0821234567',
    '="0821234567"',
    '27821234567.0',
    '27821234567,00',
    '27,821,234,567',
    '27.821.234.567,00',
    '27 821 234 567,0',
    '27’821’234’567.00',
    '2.7821234567E10',
    '2,7821234567E+10',
    "'0821234567",
    'tel:+27821234567',
    'p:+27821234567',
    'Cell: 082 123 4567',
    '082\u00a0123\u00a04567',
    '０８２ １２３ ４５６７',
    '٠٨٢١٢٣٤٥٦٧',
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
    ['0800 123 456', 'not-mobile'],
    ['086 654 3210', 'not-mobile'],
    ['087 123 4567', 'not-mobile'],
    ['+44 20 7183 8750', 'not-mobile'],
    ['30123', 'too-short'],
    ['08212345678', 'too-long'],
    ['8212345678', 'too-long'],
    ['2782123456', 'too-short'],
    ['+44 7911 12345', 'not-a-number'],
    ['+0821234567', 'unknown-country'],
    ['082 123 4567, 083 123 4567', 'not-a-number'],
    ['+27+82', 'not-a-number'],
    ['+', 'not-a-number'],
    ['00', 'too-short'],
    ['MTN', 'not-a-number'],
    ['1e9', 'scientific-notation'],
    ['x'.repeat(1_000_000), 'too-long'],
    ['082 123', 'too-short'],
    ['082 123 4567 89012345', 'too-long'],
    ['2.78E+10', 'scientific-notation'],
    ['2,78E+10', 'scientific-notation'],
    ['+2.78212E+10', 'scientific-notation'],
    ['+2,78212E+010', 'scientific-notation'],
    ['2.78212E10', 'scientific-notation'],
    // of nine digits only eight are there
    ['2.782123456E+10', 'scientific-notation'],
    ['0821234567,5', 'not-a-number'],
    ['+999 123 456 789', 'unknown-country'],
  ])('%j is refused: %s', (typed, reason) => {
    const result = parseMsisdn(typed);
    expect(result).toMatchObject({ ok: false, reason });
    expect(result.ok || result.message.length).toBeGreaterThan(10);
  });
});

test('a landline is refused in words that help', () => {
  expect(parseMsisdn('0112345678')).toEqual({
    ok: false,
    reason: 'not-mobile',
    message: '011 234 5678 is a landline; only mobile numbers can receive SMSs.',
  });
});

describe('the South African ranges are those of libphonenumber', () => {
  const blocks = (prefixes: string[], from: number, to: number, digits: number) =>
    prefixes.flatMap((prefix) =>
      Array.from({ length: to - from }, (_, index) => prefix + String(from + index).padStart(digits, '0')),
    );
  const areas = Array.from({ length: 49 }, (_, index) => String(10 + index));

  test.each([
    ['every hundredth of the whole', blocks([''], 100, 1000, 3)],
    // where the metadata know smaller blocks of mobile networks
    ['087, internet numbers', blocks(['87'], 0, 1000, 3)],
    ['019 and 050', blocks(['19', '50'], 0, 100, 2)],
    [
      'landlines that begin with 49 after the area',
      blocks(
        areas.map((area) => `${area}49`),
        0,
        100,
        2,
      ),
    ],
  ])('%s', (_, prefixes) => {
    const wrong = prefixes.filter((prefix) => {
      const number = prefix.padEnd(9, '1');
      const type = parsePhoneNumberFromString(`+27${number}`)?.getType();
      return parseMsisdn(`0${number}`).ok !== (type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE');
    });
    expect(wrong).toEqual([]);
  });

  test.each(['087 086 1234', '087 158 1234', '087 285 0000', '087 310 9999', '010 492 1234', '0214921234'])(
    '%s can receive an SMS',
    (typed) => {
      expect(parseMsisdn(typed)).toEqual({ ok: true, msisdn: `27${typed.replaceAll(' ', '').slice(1)}` });
    },
  );
});

test('numbers of other countries are left to the server', () => {
  expect(parseSouthAfricanMsisdn('+44 7911 123456')).toEqual({
    foreign: { digits: '447911123456', explicit: true },
  });
  expect(parseSouthAfricanMsisdn('447911123456')).toEqual({
    foreign: { digits: '447911123456', explicit: false },
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

  test('the plain ways are read where they stand in a text, and nothing is that another reading refuses', () => {
    const plain = fc
      .tuple(fc.constantFrom('0', '27', '+27', '0027', ''), subscriber)
      .map((parts) => parts.join(''));
    const nearly = fc.tuple(
      fc.constantFrom('0', '27', '+27', '0027', '', '00', '+', '28', '+26', ' '),
      fc.stringMatching(/^\d{7,10}$/),
      fc.constantFrom('', '', ' ', 'x', '٣'),
    );
    const around = fc.string({ unit: fc.constantFrom(...'0278,;"') });
    const readWithin = (before: string, typed: string, after: string) =>
      readPlainMsisdn(before + typed + after, before.length, before.length + typed.length);
    fc.assert(
      fc.property(around, plain, around, (before, typed, after) => {
        expect(parseMsisdn(typed)).toEqual({ ok: true, msisdn: String(readWithin(before, typed, after)) });
      }),
    );
    fc.assert(
      fc.property(around, nearly, around, (before, parts, after) => {
        const typed = parts.join('');
        const number = readWithin(before, typed, after);
        if (number !== 0) expect(parseMsisdn(typed)).toEqual({ ok: true, msisdn: String(number) });
      }),
    );
    expect(readPlainMsisdn('0821234567', 0, 11)).toBe(0);
    expect(readPlainMsisdn('', 0, 0)).toBe(0);
  });

  test.each(getCountries())('a mobile number of %s, and its display form', (country) => {
    const msisdn = getExampleNumber(country, examples)?.number.slice(1) ?? '';
    expect(parseMsisdn(`+${msisdn}`)).toEqual({ ok: true, msisdn });
    // Seven digits (Tokelau, Tristan da Cunha) are shown as they are: they may as well be a short code.
    if (msisdn.length > 7) expect(parseMsisdn(formatMsisdn(msisdn))).toEqual({ ok: true, msisdn });
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
    ['447911123456', '+44 791 112 3456'],
    ['12015550123', '+1 201 555 0123'],
    ['264811234567', '+264 811 234 567'],
    ['MTN', 'MTN'],
    ['30123', '30123'],
    ['', 'Erased number'],
  ])('%j reads %j', (stored, shown) => {
    expect(formatMsisdn(stored)).toBe(shown);
  });
});
