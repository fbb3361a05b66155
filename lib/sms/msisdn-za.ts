// Everything about numbers that needs no numbering plan but our own country's, so that a page in the browser
// can use it: msisdn.ts adds the rest of the world, and 145 kB of metadata.

import { groupNational } from './format-msisdn';

/** E.164 digits without the plus: "27821234567". */
export type Msisdn = string & { readonly __brand: 'Msisdn' };

export type MsisdnProblem =
  | 'empty'
  | 'not-a-number'
  | 'too-short'
  | 'too-long'
  | 'not-mobile'
  | 'unknown-country'
  | 'scientific-notation';

/** `message` is for the person who typed the number: what is wrong and what to do. */
export type MsisdnResult =
  | { ok: true; msisdn: Msisdn }
  | { ok: false; reason: MsisdnProblem; message: string };

/** Digits that are not South African; `explicit` when they were typed with a plus or 00. */
export interface ForeignNumber {
  foreign: { digits: string; explicit: boolean };
}

// As libphonenumber's metadata have it (the test compares): 06x, 07x and 081 to 085; 019, 050 and the
// internet numbers of 087 as far as they have been given to mobile networks; and the blocks of a thousand or
// more among the landlines that may be either. Like the numbers of countries where nothing tells the two
// apart, those are taken: refused, they could not be blocked.
const mobile =
  '(?:[67]\\d|8[1-5]|19[12]\\d|50[0-2]\\d|87(?:08[67]|158|28[5-9]|310)' +
  '|1049[2-4]|(?:12|[2-5]1)492|13492[0-25]|14495[0235]|15495[01]|154920|(?:1[6-8]|28|3[2-69]|4[025689]|5[36-8])4920' +
  '|4[34]492[01]|(?:2[27]|47|54)4950)';
const mobileNumber = new RegExp(`^(?=\\d{9}$)${mobile}`);
const commonForms = new RegExp(`^(?:\\+27|0027|27|0)?(?=\\d{9}$)(${mobile}\\d*)$`);

// Beyond this it is no number, and not worth normalising.
const maxInputLength = 100;
const example = '082 123 4567';

/**
 * Reads a South African mobile number in any form people type or spreadsheets export: 0821234567, 821234567,
 * 27821234567, +27 82 123 4567, 0027821234567, +27 (0)82 123 4567, 082-123-4567. Nothing is guessed. A number
 * of another country comes back as `foreign`, for parseMsisdn.
 */
export function parseSouthAfricanMsisdn(input: string): MsisdnResult | ForeignNumber {
  const common = commonForms.exec(input)?.[1];
  if (common !== undefined) return { ok: true, msisdn: `27${common}` as Msisdn };

  if (input.length > maxInputLength) {
    return refuseMsisdn(
      'too-long',
      `“${input.slice(0, 20)}…” is too long to be a phone number. Enter one number at a time.`,
    );
  }
  const typed = cleanInput(input);
  if (typed === '') return refuseMsisdn('empty', `Enter a mobile number, such as ${example}.`);
  if (/^[+-]?\d+(?:[.,]\d+)? ?e ?\+?\d+$/i.test(typed)) {
    return refuseMsisdn(
      'scientific-notation',
      `“${typed}” is a number that a spreadsheet has shortened, and its last digits are lost. ` +
        'Format the column as text and copy the numbers again.',
    );
  }
  if (!/^\(?\+?[\d\s()./-]+$/.test(typed) || !/\d/.test(typed)) {
    return refuseMsisdn('not-a-number', `“${typed}” is not a phone number. Enter one such as ${example}.`);
  }

  const digits = typed.replace(/\D/g, '');
  const explicit = typed.includes('+') || /^00[1-9]/.test(digits);
  if (explicit) {
    // +27 (0)82…: the zero in brackets is the one dialled within the country.
    const international = typed.replace(/\(0\)/, '').replace(/\D/g, '');
    const number = typed.includes('+') ? international : international.slice(2);
    return number.startsWith('27')
      ? judgeNational(dropTrunkZero(number.slice(2)), typed)
      : { foreign: { digits: number, explicit } };
  }
  if (digits.startsWith('0')) return judgeNational(digits.slice(1), typed);
  if (digits.startsWith('27') && digits.length > 9)
    return judgeNational(dropTrunkZero(digits.slice(2)), typed);
  if (digits.length <= 9) return judgeNational(digits, typed);
  return { foreign: { digits, explicit } };
}

const digitCount = 9;
/** What may stand before them, by its length. */
const plainPrefixes = ['', '0', '27', '+27', '0027'];
const zeroCode = 0x30;

/**
 * The number between two places of a text, where it is one of ours in the forms in which nearly all are
 * written: 0821234567, 821234567, 27821234567, +27821234567, 0027821234567. It makes no string, for lists of
 * a million. 0 for anything else, which may be a number all the same: {@link parseSouthAfricanMsisdn} knows.
 */
export function readPlainMsisdn(text: string, start: number, end: number): number {
  const prefix = plainPrefixes[end - digitCount - start];
  if (prefix === undefined) return 0;
  for (let index = 0; index < prefix.length; index++) {
    if (text.charCodeAt(start + index) !== prefix.charCodeAt(index)) return 0;
  }
  let national = 0;
  for (let at = end - digitCount; at < end; at++) {
    const digit = text.charCodeAt(at) - zeroCode;
    // also what is not there, which is NaN
    if (!(digit >= 0 && digit <= 9)) return 0;
    national = national * 10 + digit;
  }
  // 06, 07, and 081 to 085: of the rest only some are mobile numbers
  const isMobile =
    (national >= 600_000_000 && national < 800_000_000) ||
    (national >= 810_000_000 && national < 860_000_000);
  return isMobile ? 27_000_000_000 + national : 0;
}

export function refuseMsisdn(reason: MsisdnProblem, message: string): MsisdnResult {
  return { ok: false, reason, message };
}

function judgeNational(national: string, typed: string): MsisdnResult {
  if (national.length < 9) {
    return refuseMsisdn(
      'too-short',
      `${typed} is too short: a South African mobile number has ten digits, such as ${example}.`,
    );
  }
  if (national.length > 9) {
    return refuseMsisdn(
      'too-long',
      `${typed} is too long: a South African mobile number has ten digits, such as ${example}. ` +
        'For another country begin with + and the country code.',
    );
  }
  if (mobileNumber.test(national)) return { ok: true, msisdn: `27${national}` as Msisdn };
  return refuseMsisdn(
    'not-mobile',
    `0${groupNational(national)} is ${describeService(national)}; only mobile numbers can receive SMSs.`,
  );
}

function describeService(national: string): string {
  if (/^[1-5]/.test(national)) return 'a landline';
  if (national.startsWith('80')) return 'a toll-free number';
  if (/^86[01]/.test(national)) return 'a share-call number';
  if (national.startsWith('86')) return 'a fax or premium-rate number';
  if (national.startsWith('87')) return 'an internet (VoIP) number';
  return 'not a mobile number';
}

function dropTrunkZero(national: string): string {
  return national.length === 10 && national.startsWith('0') ? national.slice(1) : national;
}

// 27,821,234,000 and the like, in groups of three throughout; a number typed as 082 123 4567 has another last
// group.
const thousands =
  /^\+?\d{1,3}(?:(?:,\d{3}){2,4}|(?:\.\d{3}){2,4}|(?:'\d{3}){2,4}|(?: \d{3}){2,4})(?:[.,]00?)?$/;
// 2.7821234567E10: what programs write of a number when they mean to keep all of its digits.
const wholeScientific = /^(\+?\d)[.,](\d{8,14})e\+?0?(\d{1,2})$/i;
// "tel:", "p:", "Cell:": exports of contacts and of lead forms put what kind of number it is before it.
const label = /^\p{L}{1,12}: ?(?=[+(\d])/u;

// What Word, Excel and WhatsApp put around and into a number: invisible characters, other scripts' digits and
// dashes, a leading apostrophe, ="…", and what a column of numbers adds: ".0", ",00", separators of
// thousands.
function cleanInput(input: string): string {
  const text = input
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+/gu, '')
    .replace(/\p{Nd}/gu, toAsciiDigit)
    .replace(/[\p{Pd}\u2212]/gu, '-');
  const bare = text.replace(/^[\s='"`´‘’“”]+|[\s'"`´‘’“”]+$/gu, '').replace(label, '');
  return undoSpreadsheet(bare);
}

function undoSpreadsheet(typed: string): string {
  const grouped = typed.replaceAll('’', "'");
  if (thousands.test(grouped)) return grouped.replace(/[.,]00?$/, '').replace(/[,.' ]/g, '');
  const [, first, rest, exponent] = wholeScientific.exec(typed) ?? [];
  if (first !== undefined && rest?.length === Number(exponent)) return first + rest;
  return typed.replace(/^(\+?\d{9,})[.,]0+$/, '$1');
}

// Every script's ten digits stand together in order, so a digit's value is how many digits stand just before
// it.
function toAsciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0;
  if (codePoint < 0x80) return digit;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return String(value);
}
