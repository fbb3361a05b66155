import { escapeLiteral } from 'pg';
import { inlineValues, type FileQuery } from './file-query';
import type { XlsxRow } from './xlsx';

/**
 * The statement whose rows {@link readCopyRows} reads for a workbook: values as they are, moments as days
 * since 30 December 1899.
 */
export function composeXlsxCopy({ columns, source, values, timeZone }: FileQuery): string {
  const zone = escapeLiteral(timeZone);
  // Whole seconds, as in the CSV: a spreadsheet would round up what the CSV cuts off.
  const selected = columns.map(({ type, sql }) =>
    type === 'time' ? `floor(date_part('epoch', ${sql} at time zone ${zone})) / 86400 + 25569` : sql,
  );
  return `copy (${inlineValues(`select ${selected.join(', ')} ${source}`, values)}) to stdout`;
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Rows of COPY's text format, a piece of the stream at a time. */
export async function* readCopyRows(pieces: AsyncIterable<Buffer>): AsyncGenerator<XlsxRow[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map(readLine);
  }
}

function readLine(line: string): XlsxRow {
  const cells: (string | null)[] = line.split('\t');
  if (line.includes('\\')) {
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] as string;
      if (cell.includes('\\')) cells[index] = cell === '\\N' ? null : cell.replace(/\\(.)/g, unescape);
    }
  }
  return cells;
}

function unescape(_: string, sign: string): string {
  return escapes[sign] ?? sign;
}
