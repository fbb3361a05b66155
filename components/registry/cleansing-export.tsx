'use client';

import { useState } from 'react';
import { FileLinks } from '@/components/number-lists/list-files';
import { Card } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { formatNumberOf } from '@/components/ui/format-count';

export interface CheckedList {
  id: string;
  name: string;
  /** That can be used. */
  numbers: number;
}

/** The file of what has to be cleansed. */
export function CleansingExport({ lists }: { lists: readonly CheckedList[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = lists.filter(({ id }) => chosen.has(id)).map(({ id }) => `list=${id}`);

  function toggle(id: string) {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  return (
    <Card title="1. Download what has to be cleansed">
      <div className="grid gap-4 p-4">
        <p className="max-w-prose text-sm text-pretty text-ink-soft">
          Each number once: whom you sent marketing in the last year, and who is on the registry for you
          already. One column, “Number”, with the country code, and a line of headings. As far as we know the
          Commission has not published a format of its own; other columns and signs can be put around it in
          any spreadsheet.
        </p>
        {lists.length > 0 && (
          <fieldset>
            <legend className="mb-1 text-sm font-medium">With the numbers of lists that you checked</legend>
            {lists.map(({ id, name, numbers }) => (
              <Checkbox key={id} checked={chosen.has(id)} onChange={() => toggle(id)}>
                {name} <span className="text-ink-faint">({formatNumberOf(numbers, 'number')})</span>
              </Checkbox>
            ))}
          </fieldset>
        )}
        <FileLinks
          files={[
            {
              path: `/api/cleansing/numbers${query.length > 0 ? `?${query.join('&')}` : ''}`,
              label: 'Download the numbers',
              primary: true,
            },
          ]}
        />
      </div>
    </Card>
  );
}
