import { canBeNumber } from '@/lib/sms/recipients';
import { findBinaryProblem, type BrokenRowProblem, type FileFormat } from '../schema';
import { UnreadableFileError } from '../unreadable-file';

/**
 * A row longer than this, or over more lines when it is quoted, is not one: a quotation mark was left open.
 */
const maxRowLength = 1_000_000;
const maxRowLines = 50;
/**
 * Less than this is kept until more has come: each piece begins with a row that the one before it had left
 * open.
 */
const minPieceLength = 32 * 1024;
/** So many rows say how wide the file is. */
const measuredRows = 10;

const quotationMark = 0x22;
const carriageReturn = 0x0d;
const space = 0x20;

type RowFormat = Pick<FileFormat, 'separator' | 'headerRows'> & {
  /** Those that are wanted, ascending; null: all. */
  columns: readonly number[] | null;
};

interface RowTaker {
  /**
   * @param line as a spreadsheet counts it, from 1 @param cells of the columns that are wanted, '' where the
   *   row has none
   */
  takeRow(line: number, cells: string[]): void;
  /**
   * The one cell that is wanted, between two places of a text, where it may hold a number as most are
   * written: a million of them need not become strings. False: it does not, and is told as a row.
   */
  takeNumber?(line: number, text: string, start: number, end: number): boolean;
  /** A line that cannot be taken apart. @param text it, or its beginning */
  takeBroken(line: number, text: string, problem: BrokenRowProblem): void;
}

/**
 * Reads the rows of a CSV or text file, piece by piece, in memory and time that do not grow with what came
 * before. The browser shows with it what the server will read.
 *
 * A quotation mark that is not closed properly costs the line it stands in and no other: that line is told,
 * and reading goes on in the next. Rows with nothing in them are passed over; the first rows, as many as
 * stand above the numbers, too; and a first line "sep=;", which spreadsheets obey and do not show.
 */
export class RowReader {
  private waiting = '';
  private rest = '';
  private line = 0;
  private isStart = true;
  /** In a line too long to be read, until it ends. */
  private isSkipping = false;
  private headerRowsDue: number;
  private rowsMeasured = 0;
  private width = 0;
  /** When there is one that is wanted, and one character parts them; else -1. */
  private readonly onlyColumn: number;
  private readonly separatorCode: number;

  constructor(
    private readonly format: RowFormat,
    private readonly taker: RowTaker,
  ) {
    const { headerRows, columns, separator } = format;
    this.headerRowsDue = headerRows;
    this.onlyColumn = separator.length === 1 && columns?.length === 1 ? (columns[0] as number) : -1;
    this.separatorCode = separator.charCodeAt(0);
  }

  read(text: string): void {
    this.waiting += text;
    if (this.waiting.length < minPieceLength) return;
    let fresh = this.waiting;
    this.waiting = '';
    if (fresh.endsWith('\r')) {
      this.waiting = '\r';
      fresh = fresh.slice(0, -1);
    }
    this.parse(this.rest + unifyLineBreaks(fresh), false);
  }

  /** Reads what is left once the file has ended. */
  end(): void {
    this.parse(this.rest + unifyLineBreaks(this.waiting), true);
    this.waiting = '';
  }

  private parse(text: string, isLast: boolean): void {
    let start = 0;
    let quote = text.indexOf('"');
    while (start < text.length) {
      let end = text.indexOf('\n', start);
      if (end === -1) {
        if (!isLast && text.length - start <= maxRowLength) break;
        end = text.length;
      }
      const isCut = end === text.length && !isLast;
      if (this.isSkipping) {
        this.isSkipping = isCut;
      } else if (end - start > maxRowLength) {
        this.isSkipping = isCut;
        this.line += 1;
        this.refuse(text, start, end, 'too-long-a-line');
      } else if (!this.isStart || readSeparatorLine(text.slice(start, end)) === null) {
        if (quote !== -1 && quote < start) quote = text.indexOf('"', start);
        const row = quote === -1 || quote > end ? null : this.readQuoted(text, start, isLast);
        if (row === 'incomplete') break;
        this.line += 1;
        if (row === null) {
          if (!this.takeNumber(text, start, end)) this.takeLine(cutReturn(text.slice(start, end)));
        } else if (row === 'odd') this.refuse(text, start, end, 'odd-quote');
        else {
          this.takeCells(row.cells);
          end = row.end;
        }
      }
      this.isStart = false;
      start = end + 1;
    }
    this.rest = text.slice(start);
  }

  /**
   * The cell of a line without quotation marks, as {@link takeLine} would find it. Answers with whether it
   * was taken.
   */
  private takeNumber(text: string, start: number, lineEnd: number): boolean {
    const { taker, onlyColumn, separatorCode } = this;
    if (!taker.takeNumber || onlyColumn === -1) return false;
    if (this.headerRowsDue > 0 || this.rowsMeasured < measuredRows) return false;
    let at = start;
    for (let column = 0; column < onlyColumn; column++) {
      while (at < lineEnd && text.charCodeAt(at) !== separatorCode) at += 1;
      if (at === lineEnd) return false;
      at += 1;
    }
    let end = at;
    while (end < lineEnd && text.charCodeAt(end) !== separatorCode) end += 1;
    if (end === lineEnd && end > at && text.charCodeAt(end - 1) === carriageReturn) end -= 1;
    return taker.takeNumber(this.line, text, at, end);
  }

  private takeLine(line: string): void {
    const { separator, columns } = this.format;
    if (columns === null || this.rowsMeasured < measuredRows) {
      this.takeCells(line.split(separator));
      return;
    }
    const cells = pickCells(line, separator, columns);
    if (cells.every(isBlank) && line.split(separator).every(isBlank)) return;
    this.pass(cells);
  }

  private takeCells(cells: string[]): void {
    if (cells.every(isBlank)) return;
    if (this.rowsMeasured < measuredRows) {
      this.rowsMeasured += 1;
      this.width = Math.max(this.width, cells.length);
    }
    const { columns } = this.format;
    this.pass(columns === null ? cells : columns.map((column) => cells[column] ?? ''));
  }

  private pass(cells: string[]): void {
    if (this.headerRowsDue > 0) this.headerRowsDue -= 1;
    else this.taker.takeRow(this.line, cells);
  }

  private refuse(text: string, start: number, end: number, problem: BrokenRowProblem): void {
    if (this.headerRowsDue > 0) this.headerRowsDue -= 1;
    else this.taker.takeBroken(this.line, text.slice(start, Math.min(end, start + 1000)), problem);
  }

  /**
   * A row with quotation marks in it. 'odd': one of them is not closed properly; 'incomplete': that cannot be
   * told yet. What it looks at beyond the line it looks at once: where it gives up, the next row that opens a
   * mark stands behind that.
   */
  private readQuoted(text: string, start: number, isLast: boolean): QuotedRow | 'odd' | 'incomplete' {
    const { separator } = this.format;
    const cells: string[] = [];
    let lines = 1;
    let at = start;
    let lineEnd = endOfLine(text, at);
    for (;;) {
      if (text.charCodeAt(at) !== quotationMark) {
        if (lineEnd === text.length && !isLast) return 'incomplete';
        at = takePlainCells(text, at, lineEnd, separator, cells);
        if (at === -1) return { cells, end: lineEnd };
        continue;
      }
      const close = findClosingMark(text, at + 1);
      const last = close === -1 ? text.length : close;
      while (lineEnd < last && lines <= maxRowLines) {
        lines += 1;
        lineEnd = endOfLine(text, lineEnd + 1);
      }
      if (lines > maxRowLines || last - start > maxRowLength) return 'odd';
      if (close === -1) return isLast ? 'odd' : 'incomplete';
      let after = close + 1;
      while (text.charCodeAt(after) === space) after += 1;
      if (after >= text.length && !isLast) return 'incomplete';
      const isRowEnd = lineEnd - after === 0 || (lineEnd - after === 1 && text[after] === '\r');
      if (!isRowEnd && text[after] !== separator) return 'odd';
      const cell = text.slice(at + 1, close);
      if (this.hidesRows(cell, cells.length)) return 'odd';
      cells.push(cell.replaceAll('""', '"'));
      if (isRowEnd) return lineEnd === text.length && !isLast ? 'incomplete' : { cells, end: lineEnd };
      at = after + 1;
    }
  }

  /**
   * Whether a quoted cell of several lines is two odd marks with rows between them: one of its lines is as
   * wide as the file, and has a number behind a separator. An address or a note is not; a cell of numbers on
   * lines of their own is not.
   */
  private hidesRows(cell: string, column: number): boolean {
    if (this.width < 2 || !cell.includes('\n')) return false;
    const lines = cell.split('\n').slice(0, -1);
    return lines.some((line, index) => {
      const cells = line.split(this.format.separator);
      if (cells.length < 2 || cells.length + (index === 0 ? column : 0) !== this.width) return false;
      return cells.some((part, place) => (index > 0 || place > 0) && canBeNumber(part));
    });
  }
}

interface QuotedRow {
  cells: string[];
  /** Where its line break stands, or the text ends. */
  end: number;
}

/** The separator that a first line "sep=;" names; '' when it names none; null when it is no such line. */
export function readSeparatorLine(line: string): string | null {
  return /^"?sep=(.?)"?[,;\t|]*\r?$/i.exec(line)?.[1] ?? null;
}

/** Adds the cells up to the first that is quoted; answers with where that begins, -1 when there is none. */
function takePlainCells(
  text: string,
  from: number,
  lineEnd: number,
  separator: string,
  cells: string[],
): number {
  const line = cutReturn(text.slice(from, lineEnd));
  let at = 0;
  for (;;) {
    const next = line.indexOf(separator, at);
    cells.push(next === -1 ? line.slice(at) : line.slice(at, next));
    if (next === -1) return -1;
    at = next + 1;
    if (line.charCodeAt(at) === quotationMark) return from + at;
  }
}

function cutReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === carriageReturn ? line.slice(0, -1) : line;
}

function pickCells(line: string, separator: string, columns: readonly number[]): string[] {
  let at = 0;
  let reached = 0;
  return columns.map((column) => {
    for (; reached < column && at !== -1; reached++) {
      const next = line.indexOf(separator, at);
      at = next === -1 ? -1 : next + 1;
    }
    if (at === -1) return '';
    const end = line.indexOf(separator, at);
    return end === -1 ? line.slice(at) : line.slice(at, end);
  });
}

function findClosingMark(text: string, from: number): number {
  for (let at = text.indexOf('"', from); ; at = text.indexOf('"', at + 2)) {
    if (at === -1 || text.charCodeAt(at + 1) !== quotationMark) return at;
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/**
 * Where a return ends lines of its own, it becomes a line feed. One before a line feed is cut off with the
 * line.
 */
function unifyLineBreaks(text: string): string {
  return /\r(?!\n)/.test(text) ? text.replace(/\r\n?/g, '\n') : text;
}

function isBlank(cell: string): boolean {
  return cell === '' || cell.trim() === '';
}

/**
 * Reads a file to its end, and answers with what its taker has made of it so far, a piece of the file at a
 * time. Throws an {@link UnreadableFileError} for a file that is no text, or whatever `body` throws.
 */
export async function* readRows<Piece>(
  body: AsyncIterable<Uint8Array>,
  format: RowFormat & Pick<FileFormat, 'encoding'>,
  taker: RowTaker & { take(): Piece[] },
): AsyncGenerator<Piece, void> {
  const decoder = new TextDecoder(format.encoding);
  const reader = new RowReader(format, taker);
  let isFirst = true;
  for await (const bytes of body) {
    const problem = isFirst ? findBinaryProblem(bytes) : null;
    if (problem !== null) throw new UnreadableFileError(problem);
    isFirst = false;
    reader.read(decoder.decode(bytes, { stream: true }));
    yield* taker.take();
  }
  reader.read(decoder.decode());
  reader.end();
}
