/**
 * `npm run spreadsheets`: opens files as the product writes them in a real LibreOffice Calc and a real
 * Gnumeric, and checks the cells: that no text of a stranger becomes a formula or another column, and that
 * the words of the download dialog are true. Not part of `npm test`, as it needs both: on Debian
 * `apt-get install --no-install-recommends libreoffice-calc gnumeric`.
 */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { readSheet } from 'read-excel-file/node';
import { byteOrderMark, writeCsvHeader, writeCsvRows } from '@/lib/lists/csv';
import type { ColumnType } from '@/lib/lists/schema';
import { writeXlsx } from '@/lib/lists/xlsx';

const run = promisify(execFile);

const labels = ['Number', 'Reply', 'Rule', 'Sender number', 'When'];
const types: ColumnType[] = ['number', 'text', 'words', 'number', 'time'];
const columns = labels.map((label, index) => ({ label, type: types[index] as ColumnType }));
const texts = [
  'Stop',
  'Stop; please',
  'a,b',
  'x|y',
  'Stop;=1+1',
  'Stop, =1+1',
  'Stop\t=1+1',
  'Stop|=1+1',
  '=1+1',
  '  =1+1',
  '+1+1',
  '-1+1',
  '@SUM(1;1)',
  'two\n=1+1',
  '=HYPERLINK("http://evil.example";"Prize")',
  'he said "stop"; =1+1',
  '_x0041_ café 🛑',
];
const rows = texts.map((text, index) => [
  `2782123${4000 + index}`,
  text,
  'Exactly “stop”',
  '27600100200',
  '2026-11-22 10:00:00',
]);
/** What a formula above would show if it were one. */
const results = new Set(['2', '0', 'Prize', '-2']);

// Field separators (44 comma, 59 semicolon, 9 tab), quote 34, UTF-8, from line 1; the last two: quoted
// numbers are no text, special numbers are not looked for. The dialog begins with tab, comma and semicolon
// ticked.
const calcAsDialog = 'Text - txt - csv (StarCalc):9/44/59,34,76,1,,1033,false,false';

type Cells = unknown[][];

async function openInCalc(folder: string, file: string, filter?: string): Promise<Cells> {
  const out = path.join(folder, filter === undefined ? 'calc' : 'calc-dialog');
  await mkdir(out, { recursive: true });
  await run('soffice', [
    `-env:UserInstallation=file://${folder}/profile`,
    '--headless',
    ...(filter === undefined ? [] : [`--infilter=${filter}`]),
    '--convert-to',
    'xlsx',
    '--outdir',
    out,
    file,
  ]);
  return readSheet(await readFile(path.join(out, `${path.parse(file).name}.xlsx`)), { trim: false });
}

async function openInGnumeric(folder: string, file: string): Promise<Cells> {
  const out = path.join(folder, `${path.basename(file)}.gnumeric.xlsx`);
  await run('ssconvert', [file, out]);
  return readSheet(await readFile(out), { trim: false });
}

const failures: string[] = [];
function check(what: string, isTrue: boolean): void {
  console.log(`${isTrue ? '  ✓' : '  ✗'} ${what}`);
  if (!isTrue) failures.push(what);
}

const hasColumns = (cells: Cells) =>
  cells.length > texts.length && cells.every((row) => row.filter((cell) => cell !== null).length >= 4);
const hasFormula = (cells: Cells) => cells.flat().some((cell) => results.has(String(cell)));

async function main(): Promise<number> {
  for (const [program, how] of [
    ['soffice', 'libreoffice-calc'],
    ['ssconvert', 'gnumeric'],
  ] as const) {
    try {
      console.log((await run(program, ['--version'])).stdout.trim() || program);
    } catch {
      console.error(`There is no ${program}. On Debian: apt-get install --no-install-recommends ${how}`);
      return 1;
    }
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'spreadsheets-'));
  try {
    for (const [name, separator, splits] of [
      ['comma', ',', { calc: true, dialog: true, gnumeric: true }],
      ['semicolon', ';', { calc: false, dialog: true, gnumeric: true }],
      ['tab', '\t', { calc: false, dialog: true, gnumeric: false }],
      ['pipe', '|', { calc: false, dialog: false, gnumeric: true }],
    ] as const) {
      const file = path.join(folder, `${name}.csv`);
      const format = { separator, numbersAsText: false };
      await writeFile(
        file,
        byteOrderMark + writeCsvHeader(labels, separator) + writeCsvRows(rows, types, format),
      );
      const opened = {
        calc: await openInCalc(folder, file),
        dialog: await openInCalc(folder, file, calcAsDialog),
        gnumeric: await openInGnumeric(folder, file),
      };
      for (const program of ['calc', 'dialog', 'gnumeric'] as const) {
        const cells = opened[program];
        const place = `${name}, ${program === 'dialog' ? 'Calc as its dialog begins' : program}`;
        check(
          `${place}: ${splits[program] ? 'splits' : 'does not split'} the columns`,
          hasColumns(cells) === splits[program],
        );
        check(`${place}: no text became a formula`, !hasFormula(cells));
      }
    }
    const asText = path.join(folder, 'as-text.csv');
    const semicolon = { separator: ';', numbersAsText: true };
    await writeFile(
      asText,
      byteOrderMark + writeCsvHeader(labels, ';') + writeCsvRows(rows, types, semicolon),
    );
    check(
      'numbers as text with semicolons: Gnumeric loses the other columns',
      !hasColumns(await openInGnumeric(folder, asText)),
    );

    const workbook = path.join(folder, 'workbook.xlsx');
    const batches = (async function* () {
      yield rows.map((row) => [...row.slice(0, 4), '46348.416666666664']);
    })();
    await pipeline(writeXlsx(batches, { sheetName: 'List', columns }), createWriteStream(workbook));
    const inCalc = await openInCalc(folder, workbook);
    const inGnumeric = await openInGnumeric(folder, workbook);
    for (const [program, cells] of [
      ['calc', inCalc],
      ['gnumeric', inGnumeric],
    ] as const) {
      const data = cells.slice(1);
      check(
        `workbook, ${program}: numbers are text`,
        data.every(([number]) => /^2782123\d{4}$/.test(String(number)) && typeof number === 'string'),
      );
      check(
        `workbook, ${program}: texts are as they were written`,
        data.every((row, index) => String(row[1]).replaceAll('_x005F_', '_') === texts[index]),
      );
      check(
        `workbook, ${program}: times are dates`,
        data.every((row) => row[4] instanceof Date),
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(
    failures.length === 0 ? '\nAll as it should be.' : `\n${failures.length} not as they should be.`,
  );
  return failures.length === 0 ? 0 : 1;
}

process.exit(await main());
