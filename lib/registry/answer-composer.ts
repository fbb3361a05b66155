import { NumberSet } from '@/lib/number-lists/number-set';
import { UnreadableFileError } from '@/lib/number-lists/unreadable-file';
import type { BrokenRowProblem, LineProblem } from '@/lib/number-lists/schema';
import { parseMsisdn, type MsisdnResult } from '@/lib/sms/msisdn';
import { readCell } from '@/lib/sms/recipients';
import { keptProblems, maxAnswerNumbers, type AnswerProblem } from './schema';

/** Numbers in a row of registry_block. */
const numbersPerBlock = 10_000;
const maxInputLength = 80;

/** Turns the rows of an answer file into blocks of numbers, as COPY takes them, and counts them. */
export class AnswerComposer {
  lines = 0;
  /** In them; a line without any counts as one. */
  numbers = 0;
  invalid = 0;
  duplicates = 0;
  /** The first that could not be used. */
  readonly problems: AnswerProblem[] = [];
  private readonly seen = new NumberSet();

  constructor(private readonly importId: string) {}

  /** How many can be used: valid, and the first of their number. */
  get usable(): number {
    return this.seen.size;
  }

  /**
   * Each number of each cell. Throws an {@link UnreadableFileError} when there are more than an answer may
   * have.
   *
   * @param cells of the columns with numbers
   */
  takeRow(line: number, cells: readonly string[]): void {
    this.countLine();
    let found = 0;
    for (const cell of cells) {
      for (const { input, result } of readCell(cell, parseMsisdn)) {
        this.add(line, input, result);
        found += 1;
      }
    }
    if (found === 0) this.refuse(line, '', 'empty');
  }

  takeBroken(line: number, text: string, problem: BrokenRowProblem): void {
    this.countLine();
    this.refuse(line, text, problem);
  }

  /** Nothing before the file has ended. */
  take(): string[] {
    return [];
  }

  /**
   * The blocks, in the text form of COPY, once the file has ended. In the order of the numbers, so that each
   * batch that is put in force later has a part of the index to itself.
   */
  *end(): Generator<string> {
    const numbers = this.seen.list();
    for (let start = 0; start < numbers.length; start += numbersPerBlock) {
      const block = numbers.subarray(start, start + numbersPerBlock);
      yield `${this.importId}\t${start + 1}\t{${block.join(',')}}\n`;
    }
  }

  private countLine(): void {
    this.lines += 1;
    if (this.lines > maxAnswerNumbers) refuseSize('lines');
  }

  private countNumber(): void {
    this.numbers += 1;
    if (this.numbers > maxAnswerNumbers) refuseSize('numbers');
  }

  private add(line: number, typed: string, result: MsisdnResult): void {
    if (!result.ok) {
      this.refuse(line, typed, result.reason);
      return;
    }
    this.countNumber();
    if (!this.seen.add(Number(result.msisdn))) {
      this.duplicates += 1;
      this.keep(line, typed, 'duplicate');
    }
  }

  private refuse(line: number, typed: string, problem: LineProblem): void {
    this.countNumber();
    this.invalid += 1;
    this.keep(line, typed, problem);
  }

  private keep(line: number, typed: string, problem: LineProblem): void {
    if (this.problems.length === keptProblems) return;
    const input = typed
      .slice(0, maxInputLength)
      .replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
      .trim();
    this.problems.push({ line, input, problem });
  }
}

function refuseSize(what: 'lines' | 'numbers'): never {
  const message = `This file has more than 6 000 000 ${what}. Ask us how to take in one that is larger.`;
  throw new UnreadableFileError(message);
}
