import { parseMsisdn } from '@/lib/sms/msisdn';
import { UnreadableFileError } from './column-reader';
import { NumberSet } from './number-set';
import { maxFileLines } from './schema';

const maxInputLength = 200;
/** More than any line takes: its own number, 200 characters of up to three bytes, a number, a reason. */
const maxRowBytes = 1024;

/**
 * Turns the cells of a list into lines of `number_list_line`, as the text that COPY takes, and counts them. It writes
 * bytes: a million rows as strings, let alone as objects, would cost more than all the rest.
 */
export class LineComposer {
  lines = 0;
  invalid = 0;
  duplicates = 0;
  private readonly seen = new NumberSet();
  private readonly beginning: Buffer;
  private rows = Buffer.allocUnsafe(256 * maxRowBytes);
  private length = 0;

  constructor(accountId: number, listId: string) {
    this.beginning = Buffer.from(`${accountId}\t${listId}\t`);
  }

  /** Throws an {@link UnreadableFileError} when there are more than a list may have. */
  add(line: number, cell: string): void {
    this.lines += 1;
    if (this.lines > maxFileLines) {
      throw new UnreadableFileError(
        'This file has more than 1 000 000 lines. Split it, and hand in the parts.',
      );
    }
    const result = parseMsisdn(cell);
    if (!result.ok) {
      this.invalid += 1;
      this.addRow(line, cell, '\\N', result.reason);
      return;
    }
    // At most 15 digits: exact as a number.
    if (this.seen.add(Number(result.msisdn))) {
      this.addRow(line, cell, result.msisdn, '\\N');
    } else {
      this.duplicates += 1;
      this.addRow(line, cell, result.msisdn, 'duplicate');
    }
  }

  /** How many can be used: valid, and the first of their number. */
  get usable(): number {
    return this.seen.size;
  }

  /** The lines that have been composed since it was last asked. */
  take(): Buffer {
    const rows = Buffer.from(this.rows.subarray(0, this.length));
    this.length = 0;
    return rows;
  }

  private addRow(line: number, cell: string, msisdn: string, problem: string): void {
    if (this.length + maxRowBytes > this.rows.length) this.grow();
    this.length += this.beginning.copy(this.rows, this.length);
    this.write(String(line), tab);
    this.write(tidyInput(cell), tab);
    this.write(msisdn, tab);
    this.write(problem, lineFeed);
  }

  private write(text: string, end: number): void {
    const { rows } = this;
    const start = this.length;
    let at = start;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        at = start + rows.write(text, start);
        break;
      }
      rows[at++] = code;
    }
    rows[at++] = end;
    this.length = at;
  }

  private grow(): void {
    const larger = Buffer.allocUnsafe(this.rows.length * 2);
    this.rows.copy(larger, 0, 0, this.length);
    this.rows = larger;
  }
}

const tab = 9;
const lineFeed = 10;

/** What stood there, trimmed and cut; COPY would take a tab, a line break or a backslash for its own, and knows no NUL. */
function tidyInput(cell: string): string {
  const input = cell.length > maxInputLength ? cell.slice(0, maxInputLength).trim() : cell.trim();
  return /[\\\t\n\r\0]/.test(input) ? input.replace(/[\\\t\n\r\0]/g, escapeCharacter) : input;
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  return character === '\0' ? '' : ' ';
}
