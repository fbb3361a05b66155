'use client';

import { clsx } from 'clsx';
import { Callout } from '@/components/ui/callout';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { encodingLabels } from '@/lib/number-lists/labels';
import { fileEncodings, type FileFormat } from '@/lib/number-lists/schema';
import { isFileEncoding, judgeCell, type Preview } from './inspect';
import { Select } from './select';

const separators = [
  { character: ',', label: 'Comma ,' },
  { character: ';', label: 'Semicolon ;' },
  { character: '\t', label: 'Tab' },
  { character: '|', label: 'Pipe |' },
];

interface FilePreviewProps {
  preview: Preview;
  /** How it is to be read. */
  format: FileFormat;
  onCorrect: (change: Partial<FileFormat>) => void;
}

/** The first lines of a file as they will be read, and what can be corrected about that. */
export function FilePreview({ preview, format, onCorrect }: FilePreviewProps) {
  const { columns } = preview;
  return (
    <div className="grid gap-4">
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="Column with the numbers">
          {(control) => (
            <Select
              {...control}
              value={format.column}
              onChange={(event) => onCorrect({ column: Number(event.target.value) })}
            >
              {columns.map((name, index) => (
                <option key={index} value={index}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
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
      <Checkbox checked={format.header} onChange={(event) => onCorrect({ header: event.target.checked })}>
        The first line names the columns
      </Checkbox>
      <FirstLines preview={preview} />
      <PreviewWarning preview={preview} />
    </div>
  );
}

/** More columns than these are not shown beside that of the numbers. */
const shownColumns = 8;

function FirstLines({ preview: { columns, rows, format } }: { preview: Preview }) {
  const shown = columns
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => index < shownColumns || index === format.column);
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
            {shown.map(({ name, index }) => (
              <th
                key={index}
                scope="col"
                className={clsx(
                  'max-w-64 truncate px-3 py-2 font-medium whitespace-nowrap',
                  index === format.column ? 'bg-accent-soft text-accent-text' : 'text-ink-soft',
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
              {shown.map(({ index }) => (
                <td
                  key={index}
                  className={clsx(
                    'max-w-64 truncate px-3 py-1.5 whitespace-nowrap tabular-nums',
                    index !== format.column && 'text-ink-soft',
                    index === format.column && 'bg-accent-soft/50',
                    index === format.column && isDoubtful(row[index]) && 'text-bad-text',
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
  const look = judgeCell(cell ?? '');
  return look === 'other' || look === 'scientific';
}

function PreviewWarning({
  preview: { sampled, numbers, scientific, columns, format },
}: {
  preview: Preview;
}) {
  const column = columns[format.column] ?? '';
  if (scientific > 0) {
    return (
      <Callout
        tone={scientific > sampled * 0.1 ? 'bad' : 'warn'}
        announce
        title="A spreadsheet has shortened numbers in this file"
      >
        {scientific === sampled ? 'All' : formatCount(scientific)} of the first{' '}
        {formatNumberOf(sampled, 'line')} {scientific === 1 ? 'looks' : 'look'} like 2.78E+10: the last digits
        are lost, and nobody can tell them any more. In the original, select the column in Excel, choose
        Format Cells, Number, without decimal places, save it as CSV and choose the file again. Shortened
        numbers are not used.
      </Callout>
    );
  }
  if (numbers === 0) {
    return (
      <Callout tone="bad" announce title="There are no mobile numbers in this column">
        Nothing in the first {formatCount(sampled)} lines of “{column}” can be one. Choose another column or
        another separator.
      </Callout>
    );
  }
  if (numbers < sampled * 0.8) {
    return (
      <Callout tone="warn" announce>
        {formatCount(sampled - numbers)} of the first {formatCount(sampled)} lines have no mobile number in “
        {column}”. If that is not as it should be, choose another column or separator.
      </Callout>
    );
  }
  return null;
}
