/** What the cells of a workbook (Office Open XML, ECMA-376) hold, as the text of a CSV. */

/** The day after the last that Excel knows, 31 December 9999. */
const endOfDates = 2_958_466;
const dayMs = 86_400_000;
/** Days from 30 December 1899, where serial numbers begin, to 1970; from there to 1904, where some begin. */
const daysTo1970 = 25_569;
const daysTo1904 = 1462;

/**
 * A number as its digits, however it is written or shown: 2.7821234567E10 is 27821234567. Fifteen digits
 * count, as in Excel itself.
 */
export function writeNumber(raw: string): string {
  const value = Number(raw);
  if (!Number.isFinite(value)) return raw;
  const rounded = Number(value.toPrecision(15));
  if (Number.isInteger(rounded)) return BigInt(rounded).toString();
  // Never 1e-7: what has an E behind a digit counts as a shortened number.
  return Math.abs(rounded) < 1e-6 ? '0' : String(rounded);
}

/**
 * The moment of a cell whose format is that of a date. A number of a phone in such a cell is no date, and
 * Excel shows #### for it: it is given as digits.
 */
export function writeDate(raw: string, is1904: boolean): string {
  const serial = Number(raw) + (is1904 ? daysTo1904 : 0);
  if (!(serial >= 0 && serial < endOfDates)) return writeNumber(raw);
  // Excel has a 29 February 1900.
  const days = !is1904 && serial < 60 && serial >= 1 ? serial + 1 : serial;
  const seconds = Math.round((days - daysTo1970) * (dayMs / 1000));
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split(/[T.]/);
  if (serial < 1) return time;
  return time === '00:00:00' ? date : `${date} ${time}`;
}

/** Whether one of the formats that have a number and no text is one of dates or times (ECMA-376, 18.8.30). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/**
 * Whether cells of a format hold dates or times.
 *
 * @param code as `numFmt` has it, such as `yyyy\-mm\-dd`; not given for a built-in one
 */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  const [first = ''] = code
    // words, single signs, room for a sign, and what fills the cell
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    // colours, conditions and languages; not the hours that have gone by, [h]
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .split(';');
  return /[dmyhs]/i.test(first);
}

/** A text as it was typed: _x000D_ stands for a sign that XML cannot hold. */
export function undoEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Such a cell needs no quotation marks, and at the start of a file it looks like nothing but CSV. */
const plain = /^[\w+() .\-/@]*$/;

/**
 * A cell of a CSV. Lines within a cell become parts of one line: a number on each is still one of its own,
 * and the lines of the file are the rows of the sheet.
 */
export function writeCell(text: string): string {
  if (plain.test(text)) return text;
  const inOneLine = /[\r\n]/.test(text) ? text.trim().replace(/\s*[\r\n]\s*/g, '; ') : text;
  return `"${inOneLine.replaceAll('"', '""')}"`;
}

/** The column of a cell, from 0, by its reference: B7 is in 1. Null where there is none. */
export function readColumn(reference: string | undefined): number | null {
  if (reference === undefined) return null;
  let column = 0;
  for (let index = 0; index < reference.length; index++) {
    const letter = reference.charCodeAt(index) & ~0x20;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column === 0 ? null : column - 1;
}
