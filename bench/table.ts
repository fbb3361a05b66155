import type { BenchRow } from './bench-row';

export type BenchVerdict = 'goal reached' | 'floor reached' | 'missed' | 'for information';

/** What a figure is worth. A row without a floor (0) is there for information. */
export function judge({ ratio, floor, goal, better }: BenchRow): BenchVerdict {
  if (floor === 0) return 'for information';
  const reaches = (mark: number) => (better === 'higher' ? ratio >= mark : ratio <= mark);
  if (reaches(goal)) return 'goal reached';
  return reaches(floor) ? 'floor reached' : 'missed';
}

const columns: { title: string; width: number; read: (row: BenchRow) => string }[] = [
  { title: 'what', width: 36, read: ({ name }) => name },
  { title: 'against', width: 28, read: ({ against }) => against },
  { title: 'ratio', width: 7, read: ({ ratio }) => ratio.toFixed(ratio < 10 ? 2 : 1) },
  { title: 'floor', width: 7, read: (row) => describeMark(row, row.floor) },
  { title: 'goal', width: 7, read: (row) => describeMark(row, row.goal) },
  { title: 'verdict', width: 15, read: (row) => describeVerdict(judge(row)) },
  { title: 'in figures', width: 42, read: ({ detail }) => detail },
];

/** The table for the terminal; long cells are broken into lines. */
export function formatTable(rows: readonly BenchRow[]): string {
  const rule = columns.map(({ width }) => '─'.repeat(width)).join('─┼─');
  const lines = [formatRow(columns.map(({ title }) => title)), rule];
  for (const row of rows) lines.push(formatRow(columns.map(({ read }) => read(row))), rule);
  return lines.join('\n');
}

function formatRow(cells: readonly string[]): string {
  const wrapped = columns.map(({ width }, index) => wrap(cells[index] ?? '', width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width }, index) => (wrapped[index]?.[line] ?? '').padEnd(width))
      .join(' │ ')
      .trimEnd(),
  ).join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function describeMark({ better, floor }: BenchRow, mark: number): string {
  if (floor === 0) return '–';
  return `${better === 'higher' ? '≥' : '≤'} ${mark}`;
}

function describeVerdict(verdict: BenchVerdict): string {
  return verdict === 'missed' ? '✗ FLOOR MISSED' : verdict;
}
