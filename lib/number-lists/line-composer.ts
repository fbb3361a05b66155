import { parseMsisdn, type MsisdnResult } from '@/lib/sms/msisdn';
import { readPlainMsisdn } from '@/lib/sms/msisdn-za';
import { readCell } from '@/lib/sms/recipients';
import { BlockWriter } from './block-writer';
import { readGivenAt, readSource } from './file/consent-cells';
import { NumberSet } from './number-set';
import { maxFileLines, type BrokenRowProblem, type FileFormat } from './schema';
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

  /** Of consents that lines say more of: where in the cells that stands, and the numbers; else null. */
  private readonly places: { date: number; source: number; numbers: number[] } | null;

  constructor(accountId: number, listId: string, format: Pick<FileFormat, 'columns' | 'consent'>) {
    this.places = findPlaces(format);
    this.blocks = new BlockWriter(accountId, listId, this.places !== null);
  }

  /**
   * Each number of each cell, and what stands there and is none. Throws an {@link UnreadableFileError} when
   * there are more than a list may have.
   *
   * @param cells of the columns of {@link listReadColumns}
   */
  takeRow(line: number, cells: readonly string[]): void {
    if (this.places) this.takeConsents(line, cells, this.places);
    else this.takeNumbers(line, cells);
  }

  private takeNumbers(line: number, cells: readonly string[], consent: LineConsent | null = null): void {
    this.countLine();
    let found = 0;
    for (const cell of cells) {
      // Nearly always one number, which readCell would make an array of.
      const whole = parseMsisdn(cell);
      if (whole.ok) {
        this.add(line, cell, whole, consent);
        found += 1;
        continue;
      }
      for (const { input, result } of readCell(cell, parseMsisdn)) {
        this.add(line, input, result, consent);
        found += 1;
      }
    }
    if (found === 0) this.addProblem(line, '', 'empty');
  }

  /** A line that says when it was is not used when that cannot be: another date would be a false proof. */
  private takeConsents(
    line: number,
    cells: readonly string[],
    places: NonNullable<typeof this.places>,
  ): void {
    const given = readGivenAt(cells[places.date] ?? '', Date.now());
    const numbers = places.numbers.map((place) => cells[place] ?? '');
    if (given === 'bad-date' || given === 'date-to-come') {
      this.countLine();
      this.addProblem(line, `${numbers.join(' ').trim()} (${(cells[places.date] ?? '').trim()})`, given);
      return;
    }
    const source = readSource(cells[places.source] ?? '');
    this.takeNumbers(line, numbers, { givenAt: given === 'default' ? null : given, source });
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

  /** Its lines say when or how each number consented. */
  get isOfConsents(): boolean {
    return this.places !== null;
  }

  /** How many can be used: valid, and the first of their number. Those that were claimed count no more. */
  get usable(): number {
    return this.seen.size;
  }

  /** Whether a number is one of these, and is asked for the first time. */
  claim(number: number): boolean {
    return this.seen.remove(number);
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

  private add(line: number, typed: string, result: MsisdnResult, consent: LineConsent | null): void {
    if (!result.ok) {
      this.addProblem(line, typed, result.reason);
      return;
    }
    this.countNumber();
    // At most 15 digits: exact as a number.
    const isNew = this.seen.add(Number(result.msisdn));
    if (consent) {
      // Again is no duplicate: the later consent of a number counts, and the import finds that one.
      this.blocks.add(line, tidyInput(typed), result.msisdn, null, consent);
      return;
    }
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

/** When and how the numbers of a line consented; null: as is said of the list. */
interface LineConsent {
  givenAt: string | null;
  source: string | null;
}

/** The columns of a file that are read, ascending: those with numbers, and those that say more of each. */
export function listReadColumns({ columns, consent }: Pick<FileFormat, 'columns' | 'consent'>): number[] {
  const more = [consent?.date, consent?.source].filter((column) => typeof column === 'number');
  return [...new Set([...columns, ...more])].sort((one, other) => one - other);
}

function findPlaces(format: Pick<FileFormat, 'columns' | 'consent'>) {
  const { columns, consent } = format;
  if (!consent || (consent.date === null && consent.source === null)) return null;
  const read = listReadColumns(format);
  const find = (column: number | null) => (column === null ? -1 : read.indexOf(column));
  return { date: find(consent.date), source: find(consent.source), numbers: columns.map(find) };
}
