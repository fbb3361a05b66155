import { parseMsisdn, type MsisdnResult } from '@/lib/sms/msisdn';
import { readPlainMsisdn } from '@/lib/sms/msisdn-za';
import { readCell } from '@/lib/sms/recipients';
import { BlockWriter } from './block-writer';
import { NumberSet } from './number-set';
import { maxFileLines, type BrokenRowProblem } from './schema';
import { UnreadableFileError } from './unreadable-file';

const maxInputLength = 200;

/** Turns the rows of a file into blocks of numbers, as COPY takes them, and counts them. */
export class LineComposer {
  lines = 0;
  /** In them; a line without any counts as one. */
  numbers = 0;
  invalid = 0;
  duplicates = 0;
  /** The first line that could not be taken apart. */
  firstBroken: number | null = null;
  private readonly seen = new NumberSet();
  private readonly blocks: BlockWriter;

  constructor(accountId: number, listId: string) {
    this.blocks = new BlockWriter(accountId, listId);
  }

  /**
   * Each number of each cell, and what stands there and is none. Throws an {@link UnreadableFileError} when
   * there are more than a list may have.
   *
   * @param cells of the columns with numbers
   */
  takeRow(line: number, cells: readonly string[]): void {
    this.countLine();
    let found = 0;
    for (const cell of cells) {
      // Nearly always one number, which readCell would make an array of.
      const whole = parseMsisdn(cell);
      if (whole.ok) {
        this.add(line, cell, whole);
        found += 1;
        continue;
      }
      for (const { input, result } of readCell(cell, parseMsisdn)) {
        this.add(line, input, result);
        found += 1;
      }
    }
    if (found === 0) this.addProblem(line, '', 'empty');
  }

  /** The same, of one cell that holds a number as most are written; false: it holds something else. */
  takeNumber(line: number, text: string, start: number, end: number): boolean {
    const number = readPlainMsisdn(text, start, end);
    if (number === 0) return false;
    this.countLine();
    this.countNumber();
    const isNew = this.seen.add(number);
    if (!isNew) this.duplicates += 1;
    this.blocks.addPlain(line, text, start, end, isNew ? null : 'duplicate');
    return true;
  }

  takeBroken(line: number, text: string, problem: BrokenRowProblem): void {
    this.countLine();
    this.firstBroken ??= line;
    this.addProblem(line, text, problem);
  }

  /** How many can be used: valid, and the first of their number. */
  get usable(): number {
    return this.seen.size;
  }

  /** Whether a number is one of these, and is asked for the first time. */
  claim(number: number): boolean {
    return this.seen.claim(number);
  }

  /** The bytes that have been composed since it was last asked. */
  take(): Buffer[] {
    return this.blocks.take();
  }

  /** The bytes that are left once the list has ended. */
  end(): Buffer[] {
    return this.blocks.end();
  }

  private countLine(): void {
    this.lines += 1;
    if (this.lines > maxFileLines) {
      throw new UnreadableFileError(
        'This file has more than 1 000 000 lines. Split it, and hand in the parts.',
      );
    }
  }

  private countNumber(): void {
    this.numbers += 1;
    if (this.numbers > maxFileLines) {
      throw new UnreadableFileError(
        'This file has more than 1 000 000 numbers. Split it, and hand in the parts.',
      );
    }
  }

  private add(line: number, typed: string, result: MsisdnResult): void {
    if (!result.ok) {
      this.addProblem(line, typed, result.reason);
      return;
    }
    this.countNumber();
    // At most 15 digits: exact as a number.
    const isNew = this.seen.add(Number(result.msisdn));
    if (!isNew) this.duplicates += 1;
    this.blocks.add(line, tidyInput(typed), result.msisdn, isNew ? null : 'duplicate');
  }

  private addProblem(line: number, typed: string, problem: string): void {
    this.countNumber();
    this.invalid += 1;
    this.blocks.add(line, tidyInput(typed), null, problem);
  }
}

/** What stood there, in one line, trimmed and cut. PostgreSQL knows no NUL. */
function tidyInput(cell: string): string {
  const input = cell.length > maxInputLength ? cell.slice(0, maxInputLength).trim() : cell.trim();
  return /[\t\n\r\0]/.test(input) ? input.replaceAll('\0', '').replace(/[\t\n\r]/g, ' ') : input;
}
