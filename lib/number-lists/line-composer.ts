import { parseMsisdn } from '@/lib/sms/msisdn';
import { BlockWriter } from './block-writer';
import { UnreadableFileError } from './column-reader';
import { NumberSet } from './number-set';
import { maxFileLines } from './schema';

const maxInputLength = 200;

/** Turns the cells of a list into blocks of lines, as COPY takes them, and counts them. */
export class LineComposer {
  lines = 0;
  invalid = 0;
  duplicates = 0;
  private readonly seen = new NumberSet();
  private readonly blocks: BlockWriter;

  constructor(accountId: number, listId: string) {
    this.blocks = new BlockWriter(accountId, listId);
  }

  /** Throws an {@link UnreadableFileError} when there are more than a list may have. */
  add(line: number, cell: string): void {
    this.lines += 1;
    if (this.lines > maxFileLines) {
      throw new UnreadableFileError(
        'This file has more than 1 000 000 lines. Split it, and hand in the parts.',
      );
    }
    const input = tidyInput(cell);
    const result = parseMsisdn(cell);
    if (!result.ok) {
      this.invalid += 1;
      this.blocks.add(line, input, null, result.reason);
      return;
    }
    // At most 15 digits: exact as a number.
    const isNew = this.seen.add(Number(result.msisdn));
    if (!isNew) this.duplicates += 1;
    this.blocks.add(line, input, result.msisdn, isNew ? null : 'duplicate');
  }

  /** How many can be used: valid, and the first of their number. */
  get usable(): number {
    return this.seen.size;
  }

  /** The bytes that have been composed since it was last asked. */
  take(): Buffer[] {
    return this.blocks.take();
  }

  /** The bytes that are left once the list has ended. */
  end(): Buffer[] {
    return this.blocks.end();
  }
}

/** What stood there, in one line, trimmed and cut. PostgreSQL knows no NUL. */
function tidyInput(cell: string): string {
  const input = cell.length > maxInputLength ? cell.slice(0, maxInputLength).trim() : cell.trim();
  return /[\t\n\r\0]/.test(input) ? input.replaceAll('\0', '').replace(/[\t\n\r]/g, ' ') : input;
}
