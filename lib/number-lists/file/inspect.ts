import { findBinaryProblem, maxFileLines, type FileFormat } from '../schema';
import { judgeCell } from './cell-look';
import { ColumnCounter, proposeColumn, type ColumnStats } from './columns';
import { detectEncoding } from './encoding';
import { headerRanks, rankHeader } from './header-words';
import { readSeparatorLine, RowReader } from './row-reader';

/** How a file is to be read, and what it looks like when it is. */
export interface Preview {
  /** With the one column that is proposed. */
  format: FileFormat;
  columns: ColumnStats[];
  /** The first rows below what names the columns. */
  rows: string[][];
  /** Of the whole file: rows with something in them, below what names the columns. */
  lines: number;
  /** Lines that cannot be taken apart, and the first of them. */
  broken: number;
  firstBroken: number | null;
}

export type Inspection = { ok: true; preview: Preview } | { ok: false; problem: string };

/** What a person may correct of how a file is read, before columns are chosen. */
export type Correction = Partial<Pick<FileFormat, 'encoding' | 'separator' | 'headerRows'>>;

/** From so much of a file its format is found out; all of it is counted. */
export const firstPartBytes = 256 * 1024;
const shownRows = 6;
const sampledRows = 2000;

/**
 * Finds out how a file is to be read, and counts what is in its columns. The server reads it with the same
 * readers.
 *
 * @param start its first {@link firstPartBytes}, or all of it
 * @param whole all of it, piece by piece
 * @param correction what a person has corrected
 */
export async function inspectFile(
  start: Uint8Array,
  whole: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  correction: Correction = {},
): Promise<Inspection> {
  const problem = findBinaryProblem(start);
  if (problem !== null) return { ok: false, problem };
  const encoding = correction.encoding ?? detectEncoding(start);
  if (encoding === null)
    return {
      ok: false,
      problem: 'This file holds no text. Choose a workbook (.xlsx), a CSV or a text file.',
    };

  const isWhole = start.length < firstPartBytes;
  const text = new TextDecoder(encoding).decode(start, { stream: !isWhole });
  // The last row of a part is likely cut off.
  const sample = isWhole
    ? text
    : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1) || text;
  const separator = correction.separator ?? detectSeparator(sample);
  const rows = readSample(sample, separator, sampledRows);
  const headerRows = correction.headerRows ?? countHeaderRows(rows);
  const names = headerRows > 0 ? (rows[headerRows - 1] ?? []) : [];

  const counter = new ColumnCounter(names);
  const reader = new RowReader({ separator, headerRows, columns: null }, counter);
  const decoder = new TextDecoder(encoding);
  for await (const piece of whole) {
    reader.read(decoder.decode(piece, { stream: true }));
    if (counter.rows > maxFileLines) break;
  }
  if (counter.rows <= maxFileLines) {
    reader.read(decoder.decode());
    reader.end();
  }
  if (counter.rows > maxFileLines) {
    return {
      ok: false,
      problem: 'This file has more than 1 000 000 lines. Split it, and hand in the parts.',
    };
  }
  if (counter.rows === 0 && rows.length === 0)
    return { ok: false, problem: 'There is nothing in this file.' };
  const { columns, broken, firstBroken } = counter;
  if (columns.length === 0) columns.push(...new ColumnCounter(['']).columns);
  const format = { encoding, separator, columns: [proposeColumn(columns)], headerRows };
  return {
    ok: true,
    preview: {
      format,
      columns,
      rows: rows.slice(headerRows, headerRows + shownRows),
      lines: counter.rows,
      broken,
      firstBroken,
    },
  };
}

/** The first rows, the broken ones as rows of one cell: they count among those above the numbers. */
function readSample(text: string, separator: string, limit: number): string[][] {
  const rows: string[][] = [];
  const add = (row: string[]) => {
    if (rows.length < limit) rows.push(row);
  };
  const reader = new RowReader(
    { separator, headerRows: 0, columns: null },
    { takeRow: (_line, cells) => add(cells), takeBroken: (_line, start) => add([start]) },
  );
  reader.read(text);
  reader.end();
  return rows;
}

const comparedRows = 50;
const usualSeparators = [',', ';', '\t', '|'];
/** What else our own downloads can have between their fields, the likelier first. */
const otherSeparators = [...'^~#:*!%&$@_=`?\\<>[]{}+-./()'];

/**
 * The one a line "sep=;" names; else the one between which most cells of a column are numbers; if that is the
 * same, the one that makes the most columns. A comma if none does.
 */
function detectSeparator(text: string): string {
  const named = readSeparatorLine(/^[^\r\n]*/.exec(text)?.[0] ?? '');
  if (named) return named;
  const part = takeLines(text, comparedRows);
  let best = { separator: ',', score: 0, width: 1 };
  for (const separator of usualSeparators) {
    const rows = readSample(part, separator, comparedRows);
    const narrowest = Math.min(...rows.map((row) => row.length));
    // Numbers that all stand in one line are one column of them, not as many columns.
    const width = rows.length === 1 ? -narrowest : narrowest;
    const score = countNumberCells(rows);
    if (
      score > best.score ||
      (score === best.score && (score > 0 || best.score === 0) && width > best.width)
    ) {
      best = { separator, score, width };
    }
  }
  for (const separator of otherSeparators) {
    const score = countNumberCells(readSample(part, separator, comparedRows));
    if (score > best.score) best = { separator, score, width: 0 };
  }
  return best.separator;
}

function takeLines(text: string, count: number): string {
  let end = 0;
  for (let lines = 0; lines < count; lines++) {
    const next = /\r\n?|\n/g;
    next.lastIndex = end;
    if (next.exec(text) === null) return text;
    end = next.lastIndex;
  }
  return text.slice(0, end);
}

/** Of the column that has the most of them: cells with nothing but numbers in them, shortened ones too. */
function countNumberCells(rows: readonly string[][]): number {
  const counts: number[] = [];
  for (const row of rows) {
    for (let column = 0; column < Math.min(row.length, comparedRows); column++) {
      const { isPure, isScientific } = judgeCell(row[column] as string);
      if (isPure || isScientific) counts[column] = (counts[column] ?? 0) + 1;
    }
  }
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

/** A name of columns stands within so many rows; titles may stand above it. */
const searchedRows = 20;

/**
 * How many rows stand above the numbers: to the first that names a column of numbers, or else to what is
 * above the first number.
 */
function countHeaderRows(rows: readonly string[][]): number {
  const counter = new ColumnCounter([]);
  rows.forEach((row, index) => counter.takeRow(index, row));
  const held = counter.columns.map(({ withNumbers, scientific }) => withNumbers + scientific);
  const fullest = Math.max(0, ...held);
  const [first] = rows;
  if (fullest === 0) {
    return rows.length > 1 && first?.every((cell) => /^\P{Nd}*$/u.test(cell)) ? 1 : 0;
  }
  const columns = held.flatMap((count, column) => (count >= fullest * 0.1 ? [column] : []));
  const hasNumber = (row: readonly string[]) =>
    columns.some((column) => {
      const { numbers, isScientific } = judgeCell(row[column] ?? '');
      return numbers > 0 || isScientific;
    });
  const above = rows.slice(0, Math.min(rows.findIndex(hasNumber), searchedRows));
  const cells = (row: readonly string[]) => columns.map((column) => row[column] ?? '');
  const named = above.findIndex((row) => cells(row).some((cell) => rankHeader(cell) >= headerRanks.number));
  if (named !== -1) return named + 1;
  return above.findLastIndex((row) => cells(row).some((cell) => /\p{L}/u.test(cell))) + 1;
}
