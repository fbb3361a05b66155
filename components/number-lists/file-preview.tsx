'use client';

import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/callout';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { judgeCell } from '@/lib/number-lists/file/cell-look';
import { countMore, findLeftOut } from '@/lib/number-lists/file/columns';
import { isFileEncoding } from '@/lib/number-lists/file/encoding';
import type { Correction, Preview } from '@/lib/number-lists/file/inspect';
import { encodingLabels } from '@/lib/number-lists/labels';
import { fileEncodings, type FileFormat } from '@/lib/number-lists/schema';
import { ColumnChoice } from './column-choice';
import { Select } from './select';

const separators = [
  { character: ',', label: 'Comma ,' },
  { character: ';', label: 'Semicolon ;' },
  { character: '\t', label: 'Tab' },
  { character: '|', label: 'Pipe |' },
];

interface FilePreviewProps {
  preview: Preview;
  /** Of a workbook: which sheet is read. There it stands where text has its separator and encoding. */
  sheetChoice?: ReactNode;
  /** How it is to be read. */
  format: FileFormat;
  onCorrect: (change: Correction) => void;
  onChoose: (columns: readonly number[]) => void;
}

/** The first lines of a file as they will be read, and what can be corrected about that. */
export function FilePreview({ preview, sheetChoice, format, onCorrect, onChoose }: FilePreviewProps) {
  const chosen = format.columns;
  const { headerRows } = preview.format;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <ColumnChoice columns={preview.columns} chosen={chosen} onChoose={onChoose} />
      {sheetChoice || <TextFormat format={format} onCorrect={onCorrect} />}
      <Checkbox
        checked={format.headerRows > 0}
        onChange={(event) => onCorrect({ headerRows: event.target.checked ? Math.max(headerRows, 1) : 0 })}
        hint={
          format.headerRows > 1 &&
          `It is the ${ordinals[format.headerRows] ?? `${format.headerRows}th`} with something in it; what stands above is not read.`
        }
      >
        {format.headerRows > 1 ? 'A line further down names the columns' : 'The first line names the columns'}
      </Checkbox>
      <FirstLines preview={preview} chosen={chosen} />
      <LeftOut preview={preview} chosen={chosen} onChoose={onChoose} />
      <PreviewWarning preview={preview} chosen={chosen} />
      <BrokenLines preview={preview} />
    </div>
  );
}

/** How a text is taken apart. */
function TextFormat({ format, onCorrect }: Pick<FilePreviewProps, 'format' | 'onCorrect'>) {
  const other = separators.some(({ character }) => character === format.separator) ? [] : [format.separator];
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Separator">
        {(control) => (
          <Select
            {...control}
            value={format.separator}
            onChange={(event) => onCorrect({ separator: event.target.value })}
          >
            {separators.map(({ character, label }) => (
              <option key={character} value={character}>
                {label}
              </option>
            ))}
            {other.map((character) => (
              <option key={character} value={character}>
                {`Other ${character}`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Encoding">
        {(control) => (
          <Select
            {...control}
            value={format.encoding}
            onChange={({ target }) => isFileEncoding(target.value) && onCorrect({ encoding: target.value })}
          >
            {fileEncodings.map((encoding) => (
              <option key={encoding} value={encoding}>
                {encodingLabels[encoding]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

const ordinals: Record<number, string> = { 2: 'second', 3: 'third', 4: 'fourth', 5: 'fifth' };

/** More columns than these are not shown beside those of the numbers. */
const shownColumns = 8;

interface ChosenProps {
  preview: Preview;
  chosen: readonly number[];
}

function FirstLines({ preview: { columns, rows }, chosen }: ChosenProps) {
  const shown = columns
    .map(({ name }, index) => ({ name, index, isChosen: chosen.includes(index) }))
    .filter(({ index, isChosen }) => index < shownColumns || isChosen);
  return (
    // Focusable, so that the keyboard can scroll it.
    <div
      tabIndex={0}
      role="region"
      aria-label="First lines"
      className="overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b border-line bg-canvas">
            {shown.map(({ name, index, isChosen }) => (
              <th
                key={index}
                scope="col"
                className={clsx(
                  'max-w-64 truncate px-3 py-2 font-medium whitespace-nowrap',
                  isChosen ? 'bg-accent-soft text-accent-text' : 'text-ink-soft',
                )}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {shown.map(({ index, isChosen }) => (
                <td
                  key={index}
                  className={clsx(
                    'max-w-64 truncate px-3 py-1.5 whitespace-nowrap tabular-nums',
                    !isChosen && 'text-ink-soft',
                    isChosen && 'bg-accent-soft/50',
                    isChosen && isDoubtful(row[index]) && 'text-bad-text',
                  )}
                >
                  {row[index]?.trim() || <span className="text-ink-faint">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isDoubtful(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && judgeCell(cell).numbers === 0;
}

/** Beyond these, the other columns are found in the list of columns above. */
const offeredColumns = 5;

/** The numbers that would be left behind, and a way to take them along. */
function LeftOut({
  preview: { columns },
  chosen,
  onChoose,
}: ChosenProps & Pick<FilePreviewProps, 'onChoose'>) {
  const left = findLeftOut(columns, chosen).slice(0, offeredColumns);
  // Of a column without numbers there is more to say than that others have some.
  if (left.length === 0) return null;
  return (
    <Callout tone="warn" announce title="Numbers in other columns are left out">
      <ul className="mt-1 grid gap-2">
        {left.map((column) => {
          const { name } = columns[column] as Preview['columns'][number];
          return (
            <li key={column} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="min-w-0 wrap-anywhere tabular-nums">
                Column “{name}” holds {formatCount(countMore(columns, column, chosen))} more{' '}
                {countMore(columns, column, chosen) === 1 ? 'number' : 'numbers'}.
              </span>
              <button
                type="button"
                onClick={() => onChoose([...chosen, column].sort((one, other) => one - other))}
                aria-label={`Include “${name}”`}
                className="rounded-sm font-medium underline underline-offset-4"
              >
                Include it
              </button>
            </li>
          );
        })}
      </ul>
    </Callout>
  );
}

function PreviewWarning({ preview: { columns, lines, broken }, chosen }: ChosenProps) {
  const stats = chosen.flatMap((column) => columns[column] ?? []);
  const sum = (pick: (column: (typeof stats)[number]) => number) =>
    stats.reduce((total, column) => total + pick(column), 0);
  const scientific = sum((column) => column.scientific);
  const numbers = sum((column) => column.numbers);
  if (scientific > 0) {
    return (
      <Callout
        tone={scientific > lines * 0.1 ? 'bad' : 'warn'}
        announce
        title="A spreadsheet has shortened numbers in this file"
      >
        {formatNumberOf(scientific, 'number')} {scientific === 1 ? 'looks' : 'look'} like 2.78E+10: the last
        digits are lost, and nobody can tell them any more. Choose the workbook (.xlsx) that this file was
        saved from: it has its numbers whole. Where there is none, get the numbers again from where they came
        from. Shortened numbers are not used.
      </Callout>
    );
  }
  const names = stats.map(({ name }) => `“${name}”`).join(' and ');
  if (numbers === 0) {
    return (
      <Callout
        tone="bad"
        announce
        title={chosen.length === 0 ? 'No column is chosen' : 'There are no mobile numbers in this column'}
      >
        {chosen.length === 0
          ? 'Choose at least one column with numbers.'
          : `Nothing in the ${formatNumberOf(lines, 'line')} of ${names} can be one. Choose another column or another separator.`}
      </Callout>
    );
  }
  // With several columns most people have a number in some of them only.
  const without = stats.length === 1 ? lines - broken - sum((column) => column.withNumbers) : 0;
  if (without > lines * 0.2) {
    return (
      <Callout tone="warn" announce>
        {formatCount(without)} of {formatNumberOf(lines, 'line')} have no mobile number in {names}. If that is
        not as it should be, choose another column or separator.
      </Callout>
    );
  }
  return null;
}

function BrokenLines({ preview: { broken, firstBroken } }: { preview: Preview }) {
  if (broken === 0) return null;
  return (
    <Callout
      tone="warn"
      announce
      title={
        broken === 1
          ? `Line ${formatCount(firstBroken ?? 0)} cannot be read`
          : `${formatCount(broken)} lines cannot be read, the first of them line ${formatCount(firstBroken ?? 0)}`
      }
    >
      A quotation mark (&quot;) in {broken === 1 ? 'it' : 'them'} is not closed properly.{' '}
      {broken === 1 ? 'It is' : 'They are'} listed in the report and left out; all other lines are read.
    </Callout>
  );
}
