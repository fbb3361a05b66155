import { maxColumns, type BrokenRowProblem } from '../schema';
import { judgeCell } from './cell-look';
import { headerRanks, rankHeader } from './header-words';

/** What stands in a column of a file, below what names it. */
export interface ColumnStats {
  /** As the file has it, or else "Column 1". */
  name: string;
  numbers: number;
  /** Cells in which there is a number; that are shortened numbers; that hold something else. */
  withNumbers: number;
  scientific: number;
  others: number;
  /** By another column: in how many rows the first number is the same there. */
  repeats: Record<number, number>;
}

/** So many cells with numbers are compared in a row: work for each cell stays bounded. */
const comparedCells = 6;

/** Counts what stands in the columns of a file, row by row. */
export class ColumnCounter {
  /** Rows with something in them, the broken ones too. */
  rows = 0;
  broken = 0;
  firstBroken: number | null = null;
  readonly columns: ColumnStats[] = [];

  constructor(private readonly names: readonly string[]) {
    for (let index = 0; index < Math.min(names.length, maxColumns); index++) this.addColumn();
  }

  takeRow(_line: number, cells: readonly string[]): void {
    this.rows += 1;
    const width = Math.min(cells.length, maxColumns);
    while (this.columns.length < width) this.addColumn();
    const found: { column: number; first: string }[] = [];
    for (let column = 0; column < width; column++) {
      const cell = cells[column] as string;
      if (cell === '' || cell.trim() === '') continue;
      const stats = this.columns[column] as ColumnStats;
      const { numbers, first, isScientific } = judgeCell(cell);
      if (isScientific) stats.scientific += 1;
      if (first === null) {
        if (!isScientific) stats.others += 1;
        continue;
      }
      stats.numbers += numbers;
      stats.withNumbers += 1;
      if (found.length < comparedCells) found.push({ column, first });
    }
    for (const one of found) {
      for (const other of found) {
        if (one === other || one.first !== other.first) continue;
        const { repeats } = this.columns[one.column] as ColumnStats;
        repeats[other.column] = (repeats[other.column] ?? 0) + 1;
      }
    }
  }

  takeBroken(line: number, _text: string, _problem: BrokenRowProblem): void {
    this.rows += 1;
    this.broken += 1;
    this.firstBroken ??= line;
  }

  private addColumn(): void {
    const index = this.columns.length;
    const name = this.names[index]?.trim() || `Column ${index + 1}`;
    this.columns.push({ name, numbers: 0, withNumbers: 0, scientific: 0, others: 0, repeats: {} });
  }
}

/**
 * Of a column that is named for numbers, at least so much of what the fullest column has: a few strays prove
 * nothing.
 */
const minShare = 0.1;

/**
 * The column that the numbers are to be read from, unless a person chooses others: the names of columns count
 * first, then how many numbers they hold; numbers of other countries count like our own.
 */
export function proposeColumn(columns: readonly ColumnStats[]): number {
  const candidates = columns.map(({ name, withNumbers, scientific, others }, index) => {
    const held = withNumbers + scientific;
    return { index, held, others, rank: rankHeader(name) };
  });
  const fullest = Math.max(0, ...candidates.map(({ held }) => held));
  const likely = candidates.filter(
    ({ held, others }) => held > 0 && held >= others && held >= fullest * minShare,
  );
  const [best] = (likely.length > 0 ? likely : candidates).sort(
    (one, other) =>
      (likely.length > 0 ? other.rank - one.rank : 0) || other.held - one.held || one.index - other.index,
  );
  return best?.index ?? 0;
}

/** How many numbers a column holds that those chosen do not have in the same row. */
export function countMore(
  columns: readonly ColumnStats[],
  column: number,
  chosen: readonly number[],
): number {
  const stats = columns[column];
  if (!stats) return 0;
  return stats.numbers - Math.max(0, ...chosen.map((other) => stats.repeats[other] ?? 0));
}

/**
 * The columns that hold numbers and are not chosen, but for those that are named for something else: a
 * sender, a fax.
 */
export function findLeftOut(columns: readonly ColumnStats[], chosen: readonly number[]): number[] {
  return columns.flatMap(({ name }, index) =>
    !chosen.includes(index) &&
    rankHeader(name) !== headerRanks.otherNumber &&
    countMore(columns, index, chosen) > 0
      ? [index]
      : [],
  );
}
