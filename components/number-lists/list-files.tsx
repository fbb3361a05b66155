'use client';

import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import { describeNumbersAsText, describeSeparator, workbookHint } from '@/components/downloads/format';
import { separatorChoices } from '@/components/downloads/separator';
import { startDownload } from '@/components/downloads/start-download';
import { getButtonClass } from '@/components/ui/button';
import type { ListFile } from '@/lib/number-lists/schema';
import { Select } from './select';

interface ListFilesProps {
  listId: string;
  files: readonly { file: ListFile; label: string; primary?: boolean }[];
}

/** The files of a list, and how they are to be. */
export function ListFiles({ listId, files }: ListFilesProps) {
  return (
    <FileLinks
      files={files.map(({ file, ...link }) => ({ ...link, path: `/api/number-lists/${listId}/${file}` }))}
    />
  );
}

interface FileLinksProps {
  /** A path may have a search of its own. */
  files: readonly { path: string; label: string; primary?: boolean }[];
}

const formats = [
  { value: 'csv', label: 'CSV' },
  { value: 'text', label: 'CSV, numbers as text' },
  { value: 'xlsx', label: 'Workbook (.xlsx)' },
];

/** Files of numbers to download, and how they are to be. */
export function FileLinks({ files }: FileLinksProps) {
  const id = useId();
  const [format, setFormat] = useState('csv');
  const [separator, setSeparator] = useState(',');
  const isWorkbook = format === 'xlsx';
  const search = new URLSearchParams(isWorkbook ? { format } : { separator });
  if (format === 'text') search.set('text', '1');
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2 max-sm:*:w-full">
        {files.map(({ path, label, primary }) => {
          const href = `${path}${path.includes('?') ? '&' : '?'}${search}`;
          return (
            <a
              key={label}
              href={href}
              download
              onClick={(event) => {
                event.preventDefault();
                // named by the server
                void startDownload(href, '');
              }}
              className={getButtonClass({ variant: primary ? 'primary' : 'secondary' })}
            >
              <Download aria-hidden="true" className="size-4" />
              {label}
            </a>
          );
        })}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 max-sm:*:w-full">
        <span className="flex items-center gap-2">
          <label htmlFor={`${id}-format`} className="text-sm whitespace-nowrap text-ink-soft">
            Format
          </label>
          <Select
            id={`${id}-format`}
            value={format}
            onChange={(event) => setFormat(event.target.value)}
            className="sm:w-52"
          >
            {formats.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </span>
        {!isWorkbook && (
          <span className="flex items-center gap-2">
            <label htmlFor={`${id}-separator`} className="text-sm whitespace-nowrap text-ink-soft">
              Field separator
            </label>
            <Select
              id={`${id}-separator`}
              value={separator}
              onChange={(event) => setSeparator(event.target.value)}
              className="sm:w-32"
            >
              {separatorChoices.map(
                ({ character, label }) =>
                  character !== null && (
                    <option key={label} value={character}>
                      {label}
                    </option>
                  ),
              )}
            </Select>
          </span>
        )}
      </div>
      <p aria-live="polite" className="text-xs text-ink-faint">
        {isWorkbook ? workbookHint : describeSeparator(separator)}{' '}
        {format === 'text' && describeNumbersAsText(separator)}
      </p>
    </div>
  );
}
