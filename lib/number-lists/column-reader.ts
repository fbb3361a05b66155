import Papa from 'papaparse';
import { AppError } from '@/lib/http/app-error';
import type { FileFormat } from './schema';

/** A row longer than this is a quote that was never closed; so is one over more lines than that. */
const maxRowLength = 200_000;
const maxRowLines = 50;

/** The file cannot be read; `userMessage` says why and what to do. Nothing of it is kept. */
export class UnreadableFileError extends AppError {
  constructor(userMessage: string) {
    super('unreadable-file', userMessage, { userMessage });
  }
}

interface ParsedRows {
  data: string[][];
  errors: { type: string; row: number }[];
  meta: { cursor: number };
}

/**
 * Reads one column of a CSV or text file, piece by piece, in memory that does not grow with the file. Rows with nothing in
 * them are passed over. It drives Papa's parser itself: Papa's own streams make an event of every row, and cannot say in
 * which line of the file a row stands.
 */
export class ColumnReader {
  private readonly parser: Papa.Parser;
  /** What has no end yet: of a line break, of a row. */
  private heldReturn = '';
  private rest = '';
  private line = 1;
  private headerIsDue: boolean;

  /** @param take gets the line, as an editor counts them from 1, and what stands in the column */
  constructor(
    private readonly format: Omit<FileFormat, 'encoding'>,
    private readonly take: (line: number, cell: string) => void,
  ) {
    this.parser = new Papa.Parser({ delimiter: format.separator, newline: '\n' });
    this.headerIsDue = format.header;
  }

  /** Reads on. Throws an {@link UnreadableFileError}. */
  read(text: string): void {
    let fresh = this.heldReturn + text;
    this.heldReturn = '';
    if (fresh.endsWith('\r')) {
      this.heldReturn = '\r';
      fresh = fresh.slice(0, -1);
    }
    this.parse(this.rest + unifyLineBreaks(fresh), false);
    if (this.rest.length > maxRowLength) throw describeOpenQuote(this.line);
  }

  /** Reads what is left once the file has ended. Throws an {@link UnreadableFileError}. */
  end(): void {
    this.parse(this.rest + unifyLineBreaks(this.heldReturn), true);
  }

  private parse(input: string, isLast: boolean): void {
    const { data, errors, meta } = this.parser.parse(input, 0, !isLast) as ParsedRows;
    this.rest = isLast ? '' : input.slice(meta.cursor);
    // A row that is not whole yet is parsed again, and complained of then.
    const brokenRow = errors.find(({ type, row }) => type === 'Quotes' && row < data.length)?.row ?? -1;
    const mayBreak = input.includes('"');
    const { column } = this.format;
    for (let index = 0; index < data.length; index++) {
      const row = data[index] as string[];
      const line = this.line;
      const rowLines = mayBreak ? countLines(row) : 1;
      if (index === brokenRow || rowLines > maxRowLines) throw describeOpenQuote(line);
      this.line += rowLines;
      const cell = row[column] ?? '';
      if (isBlank(cell) && row.every(isBlank)) continue;
      if (this.headerIsDue) this.headerIsDue = false;
      else this.take(line, cell);
    }
  }
}

function unifyLineBreaks(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function countLines(row: readonly string[]): number {
  let lines = 1;
  for (const cell of row) {
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) lines += 1;
  }
  return lines;
}

function isBlank(cell: string): boolean {
  return cell === '' || cell.trim() === '';
}

function describeOpenQuote(line: number): UnreadableFileError {
  return new UnreadableFileError(
    `Line ${line}: a quotation mark (") opens a field that is not closed properly. Remove the mark or close it, and ` +
      'choose the file again.',
  );
}
