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
  private block: string[] = [];
  private ready: string[] = [];
  private position = 1;

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

  /** What has been composed since it was last asked, in the text form of COPY. */
  take(): string[] {
    const pieces = this.ready;
    this.ready = [];
    return pieces;
  }

  /** What is left once the file has ended. */
  end(): string[] {
    if (this.block.length > 0) this.finishBlock();
    return this.take();
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
      return;
    }
    this.block.push(result.msisdn);
    if (this.block.length === numbersPerBlock) this.finishBlock();
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

  private finishBlock(): void {
    this.ready.push(`${this.importId}\t${this.position}\t{${this.block.join(',')}}\n`);
    this.position += this.block.length;
    this.block = [];
  }
}

function refuseSize(what: 'lines' | 'numbers'): never {
  const message = `This file has more than 6 000 000 ${what}. Ask us how to take in one that is larger.`;
  throw new UnreadableFileError(message);
}
