import { parseSouthAfricanMsisdn } from './msisdn-za';
import type { ForeignNumber, MsisdnResult } from './msisdn-za';

/** What never stands within a number. Contacts of Google have " ::: " between the numbers of a person. */
const between = /[\n\r\t\v\f\u0085\u2028\u2029;|]+|:::/;
/** A comma, but not that of 27821234000,00. */
const comma = /,(?!00? *(?:,|$))/;
/** They may stand within a number (082/1234567), or between two. */
const stroke = / *[/&] *| +(?:or|and|of|en) +/i;

/**
 * Splits what a person typed or pasted, or what stands in a cell of a file, into single numbers, as typed:
 * one to a line, or separated by commas, semicolons, tabs, pipes or ":::"; by strokes, "&", "or" or spaces
 * where each part is a number of its own. Else spaces stay: "082 123 4567" is one number. Linear in what was
 * typed.
 */
export function splitRecipients(typed: string): string[] {
  return typed.split(between).flatMap(splitAtCommas);
}

function splitAtCommas(part: string): string[] {
  const trimmed = part.trim();
  if (trimmed === '') return [];
  // 27,821,234,000
  if (!trimmed.includes(',') || canBeNumber(trimmed)) return splitLoosely(trimmed);
  return trimmed.split(comma).flatMap((piece) => splitLoosely(piece.trim()));
}

function splitLoosely(piece: string): string[] {
  if (piece === '') return [];
  if (!/[\s/&]/.test(piece) || canBeNumber(piece)) return [piece];
  for (const separator of [stroke, / +/]) {
    const parts = piece.replace(/\s/g, ' ').split(separator);
    if (parts.length > 1 && parts.every(canBeNumber)) return parts;
  }
  return [piece];
}

/** The digits in an E.164 number; fewer, and it is none that a message could go to. */
const foreignDigits = { min: 8, max: 15 };

/** Whether it is one mobile number, as far as can be told without other countries' numbering plans. */
function isNumber(result: MsisdnResult | ForeignNumber): boolean {
  if (!('foreign' in result)) return result.ok;
  const { length } = result.foreign.digits;
  return length >= foreignDigits.min && length <= foreignDigits.max;
}

/** Whether a text is one mobile number, as far as can be told without other countries' numbering plans. */
export function canBeNumber(text: string): boolean {
  return isNumber(parseSouthAfricanMsisdn(text));
}

/** One of the numbers of a cell, as it stands there, and what was made of it. */
export interface CellNumber<Result> {
  input: string;
  result: Result;
}

/**
 * The numbers of a cell: one as a rule, none in an empty one. A cell of which no part is a number is given
 * back whole, with what is wrong with it; where one part is a number, so are the others, with what is wrong
 * with them: nothing is dropped.
 *
 * @param parse `parseMsisdn`, or in a browser `parseSouthAfricanMsisdn`
 */
export function readCell<Result extends MsisdnResult | ForeignNumber>(
  cell: string,
  parse: (input: string) => Result,
): CellNumber<Result>[] {
  const whole = parse(cell);
  if (isNumber(whole)) return [{ input: cell, result: whole }];
  const parts = splitRecipients(cell);
  if (parts.length === 0) return [];
  if (parts.length > 1) {
    const numbers = parts.map((input) => ({ input, result: parse(input) }));
    if (numbers.some(({ result }) => isNumber(result))) return numbers;
  }
  return [{ input: cell, result: whole }];
}
