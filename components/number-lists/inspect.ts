import Papa from 'papaparse';
import {
  fileEncodings,
  findBinaryProblem,
  type FileEncoding,
  type FileFormat,
} from '@/lib/number-lists/schema';
import { parseSouthAfricanMsisdn } from '@/lib/sms/msisdn-za';

/** How a file is to be read, and what it looks like when it is. */
export interface Preview {
  format: FileFormat;
  /** The columns' names as the file has them, or else "Column 1". */
  columns: string[];
  /** The first lines below the header. */
  rows: string[][];
  /** Of the column's cells in the part that was looked at: how many, and which of them can be numbers. */
  sampled: number;
  numbers: number;
  /** Shortened by a spreadsheet: 2.78E+10. */
  scientific: number;
}

export type Inspection = { ok: true; preview: Preview } | { ok: false; problem: string };

const shownRows = 6;
const sampledRows = 2000;
const maxColumns = 500;

/**
 * Finds out how a file is to be read, from its first part.
 *
 * @param isWhole the part is the whole file; otherwise its last line is likely cut off
 * @param chosen what a person has corrected
 */
export function inspectFile(bytes: Uint8Array, isWhole: boolean, chosen: Partial<FileFormat>): Inspection {
  const binary = findBinaryProblem(bytes);
  if (binary !== null) return { ok: false, problem: binary };
  const encoding = chosen.encoding ?? detectEncoding(bytes);
  if (encoding === null) {
    return { ok: false, problem: 'This file holds no text. Choose a CSV or text file.' };
  }
  const text = new TextDecoder(encoding).decode(bytes, { stream: !isWhole }).replace(/\r\n?/g, '\n');
  const separator = chosen.separator ?? detectSeparator(text);
  const rows = parseRows(text, separator, sampledRows);
  if (!isWhole && rows.length < sampledRows) rows.pop();
  if (rows.length === 0) return { ok: false, problem: 'There is nothing in this file.' };

  const width = Math.min(Math.max(...rows.map((row) => row.length)), maxColumns);
  const column = Math.min(chosen.column ?? findNumberColumn(rows, width).column, width - 1);
  const header = chosen.header ?? isHeader(rows, column);
  const body = header ? rows.slice(1) : rows;
  const looks = body.map((row) => judgeCell(row[column] ?? ''));
  return {
    ok: true,
    preview: {
      format: { encoding, separator, column, header },
      columns: Array.from({ length: width }, (_, index) => nameColumn(header ? rows[0]?.[index] : '', index)),
      rows: body.slice(0, shownRows),
      sampled: body.length,
      numbers: looks.filter((look) => look === 'number' || look === 'foreign').length,
      scientific: looks.filter((look) => look === 'scientific').length,
    },
  };
}

function nameColumn(name: string | undefined, index: number): string {
  return name?.trim() || `Column ${index + 1}`;
}

/** Null: no text at all. Without a byte-order mark, UTF-16 shows by its zero bytes and Windows-1252 by not being UTF-8. */
export function detectEncoding(bytes: Uint8Array): FileEncoding | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even + odd > 0) {
    const half = bytes.length / 2;
    if (odd > half * 0.5 && even < half * 0.05) return 'utf-16le';
    if (even > half * 0.5 && odd < half * 0.05) return 'utf-16be';
    return null;
  }
  try {
    // stream: a character that the end of the part cuts in two is no mistake
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

const separators = [',', ';', '\t', '|'];
const comparedRows = 50;

/** The one between which most numbers stand; if that is the same, the one that makes the most columns. A comma if none does. */
function detectSeparator(text: string): string {
  let best = { separator: ',', score: 0, width: 1 };
  for (const separator of separators) {
    const rows = parseRows(text, separator, comparedRows);
    const width = Math.min(...rows.map((row) => row.length));
    const { score } = findNumberColumn(rows, Math.max(...rows.map((row) => row.length)));
    if (score > best.score || (score === best.score && width > best.width))
      best = { separator, score, width };
  }
  return best.separator;
}

function parseRows(text: string, separator: string, limit: number): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter: separator, newline: '\n', preview: limit });
  return data.filter((row) => row.some((cell) => cell.trim() !== ''));
}

type CellLook = 'number' | 'foreign' | 'scientific' | 'other';

/** What a cell can be. Long digits without a plus can be a number of another country, or of an identity card. */
export function judgeCell(cell: string): CellLook {
  const result = parseSouthAfricanMsisdn(cell);
  if ('foreign' in result)
    return result.foreign.explicit || result.foreign.digits.length < 13 ? 'foreign' : 'other';
  if (result.ok) return 'number';
  return result.reason === 'scientific-notation' ? 'scientific' : 'other';
}

const weights: Record<CellLook, number> = { number: 1, scientific: 0.9, foreign: 0.6, other: 0 };
const tellingName = /cell|mobile|msisdn|phone|sms|number|\btel/i;

function findNumberColumn(rows: readonly string[][], width: number): { column: number; score: number } {
  const body = rows.slice(1);
  let best = { column: 0, score: 0 };
  for (let column = 0; column < width; column++) {
    const name = rows[0]?.[column] ?? '';
    const bonus = tellingName.test(name) ? 0.5 : 0;
    const sum = (body.length > 0 ? body : rows).reduce(
      (total, row) => total + weights[judgeCell(row[column] ?? '')],
      0,
    );
    const score = sum + bonus;
    if (score > best.score) best = { column, score };
  }
  return best;
}

/** A first line that has no number where others have one. */
function isHeader(rows: readonly string[][], column: number): boolean {
  const first = rows[0]?.[column] ?? '';
  if (rows.length < 2 || judgeCell(first) !== 'other' || /\d/.test(first)) return false;
  return true;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Counts the lines of a file as it passes by, without decoding it. */
export class LineCounter {
  private lineFeeds = 0;
  private returns = 0;
  private last = lineFeed;
  /** Of UTF-16: the first byte of a character whose second is still to come. */
  private half: number | null = null;

  constructor(private readonly encoding: FileEncoding) {}

  add(bytes: Uint8Array): void {
    if (this.encoding.startsWith('utf-16')) {
      this.addUtf16(bytes);
      return;
    }
    // The browser finds a byte seven times as fast as a loop does: 200 MB in 0.4 s, asked for anew by each correction.
    this.lineFeeds += countByte(bytes, lineFeed);
    if (this.lineFeeds === 0) this.returns += countByte(bytes, carriageReturn);
    this.last = bytes.at(-1) ?? this.last;
  }

  get lines(): number {
    const isEnded = this.last === lineFeed || this.last === carriageReturn;
    return (this.lineFeeds || this.returns) + (isEnded ? 0 : 1);
  }

  private addUtf16(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.half === null) {
        this.half = byte;
        continue;
      }
      const code = this.encoding === 'utf-16le' ? (byte << 8) | this.half : (this.half << 8) | byte;
      this.half = null;
      if (code === lineFeed) this.lineFeeds += 1;
      else if (code === carriageReturn) this.returns += 1;
      this.last = code;
    }
  }
}

function countByte(bytes: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count += 1;
  return count;
}

export function isFileEncoding(value: string): value is FileEncoding {
  return fileEncodings.some((encoding) => encoding === value);
}
