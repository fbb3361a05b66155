import { parseSouthAfricanMsisdn, type ForeignNumber, type MsisdnResult } from '@/lib/sms/msisdn-za';
import { readCell } from '@/lib/sms/recipients';

/** What a cell looks like, as far as can be told without other countries' numbering plans. */
export interface CellLook {
  /** How many numbers there are in it. */
  numbers: number;
  /** The first of them, as E.164 digits; null when there is none. */
  first: string | null;
  /** Nothing but numbers: none of its parts is something else. */
  isPure: boolean;
  /** Shortened by a spreadsheet: 2.78E+10. */
  isScientific: boolean;
}

const nothing: CellLook = { numbers: 0, first: null, isPure: false, isScientific: false };

/** The same parts of the same cells are numbers here and where the server reads them. */
export function judgeCell(cell: string): CellLook {
  if (!mayHoldNumber(cell)) return nothing;
  const parts = readCell(cell, parseSouthAfricanMsisdn);
  let numbers = 0;
  let first: string | null = null;
  for (const { result } of parts) {
    const digits = readDigits(result);
    if (digits === null) continue;
    numbers += 1;
    first ??= digits;
  }
  if (numbers > 0) return { numbers, first, isPure: numbers === parts.length, isScientific: false };
  const isScientific = parts.some(
    ({ result }) => 'ok' in result && !result.ok && result.reason === 'scientific-notation',
  );
  return isScientific ? { ...nothing, isScientific } : nothing;
}

const [zero, nine, smallE] = [0x30, 0x39, 0x65];

/**
 * Whether there are digits enough for a number, of any script, or an E behind a digit: 2.78E+10. Spares names
 * and words the rest, which takes ten times as long.
 */
function mayHoldNumber(cell: string): boolean {
  let digits = 0;
  let before = 0;
  let isForeign = false;
  for (let index = 0; index < cell.length; index++) {
    const code = cell.charCodeAt(index);
    if (code >= zero && code <= nine) digits += 1;
    else if (code > 0xff) isForeign = true;
    else if ((code | 0x20) === smallE && before >= zero && before <= nine) return true;
    if (code !== 0x20) before = code;
  }
  return digits >= 7 || (isForeign && /\p{Nd}/u.test(cell));
}

function readDigits(result: MsisdnResult | ForeignNumber): string | null {
  if (!('foreign' in result)) return result.ok ? result.msisdn : null;
  const { digits, explicit } = result.foreign;
  return explicit || isPlausible(digits) ? digits : null;
}

/**
 * Whether digits without a plus are as long as a number of their country can be, roughly: 1 and 7 are whole,
 * what begins with another is ten to fourteen digits long. A South African identity number is none, though it
 * may be as long.
 */
function isPlausible(digits: string): boolean {
  if (/^[17]/.test(digits)) return /^(?:1[2-9]\d{2}[2-9]\d{6}|7\d{10})$/.test(digits);
  return digits.length >= 10 && digits.length <= 14 && !isIdentityNumber(digits);
}

/**
 * Thirteen digits: a date of birth, a sequence, 0 to 2 for citizenship, and Luhn's check digit at the end.
 */
function isIdentityNumber(digits: string): boolean {
  if (!/^\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}[0-2]\d{2}$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < 13; index++) {
    const digit = Number(digits[index]) * (index % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
