'use client';

import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import { separatorChoices } from '@/components/downloads/separator';
import { startDownload } from '@/components/downloads/start-download';
import { getButtonClass } from '@/components/ui/button';
import type { ListFile } from '@/lib/number-lists/schema';
import { Select } from './select';

interface ListFilesProps {
  listId: string;
  files: readonly { file: ListFile; label: string; primary?: boolean }[];
}

/** The files of a list, with the separator that is to stand in them. */
export function ListFiles({ listId, files }: ListFilesProps) {
  const id = useId();
  const [separator, setSeparator] = useState(',');
  return (
    <div className="flex flex-wrap items-center gap-2 max-sm:*:w-full">
      {files.map(({ file, label, primary }) => {
        const href = `/api/number-lists/${listId}/${file}?${new URLSearchParams({ separator })}`;
        return (
          <a
            key={file}
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
      <span className="flex items-center gap-2 sm:ml-auto">
        <label htmlFor={id} className="text-sm whitespace-nowrap text-ink-soft">
          Field separator
        </label>
        <Select
          id={id}
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
    </div>
  );
}
