'use client';

import { useState } from 'react';
import { FileLinks } from '@/components/number-lists/list-files';
import { Card } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { Field, Textarea } from '@/components/ui/field';
import { formatNumberOf } from '@/components/ui/format-count';

export interface CheckedList {
  id: string;
  name: string;
  /** That can be used. */
  numbers: number;
}

const usualColumns = 'Number: {number}';

/** The file of what has to be cleansed. */
export function CleansingExport({ lists }: { lists: readonly CheckedList[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isDescribed, setIsDescribed] = useState(false);
  const [columns, setColumns] = useState(usualColumns);
  const [hasHeadings, setHasHeadings] = useState(true);
  const query = new URLSearchParams(
    lists.filter(({ id }) => chosen.has(id)).map(({ id }): [string, string] => ['list', id]),
  );
  if (isDescribed) query.set('columns', columns);
  if (isDescribed && !hasHeadings) query.set('headings', '0');

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
          Commission has not published a format of its own: where it asks for another, describe that.
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
        <div className="grid gap-3">
          <Checkbox checked={isDescribed} onChange={() => setIsDescribed(!isDescribed)}>
            Other columns
          </Checkbox>
          {isDescribed && (
            <div className="grid max-w-prose gap-2 border-l-2 border-line pl-4">
              <Field
                label="Columns, a line each"
                hint={
                  <>
                    A heading, a colon, and what stands in the column. {'{number}'} is 27821234567,{' '}
                    {'{+number}'} +27821234567, {'{local number}'} 0821234567; {'{date}'} is today,{' '}
                    {'{account}'} your account number, {'{registration}'} that of your registration as a
                    marketer. Everything else stands there as you write it.
                  </>
                }
              >
                {(control) => (
                  <Textarea
                    {...control}
                    rows={4}
                    maxLength={2000}
                    spellCheck={false}
                    value={columns}
                    onChange={(event) => setColumns(event.target.value)}
                    className="font-mono text-sm"
                  />
                )}
              </Field>
              <Checkbox
                checked={hasHeadings}
                onChange={() => setHasHeadings(!hasHeadings)}
                hint="A workbook always has it."
              >
                With a line of headings
              </Checkbox>
            </div>
          )}
        </div>
        <FileLinks
          files={[
            {
              path: `/api/cleansing/numbers${query.size > 0 ? `?${query}` : ''}`,
              label: 'Download the numbers',
              primary: true,
            },
          ]}
        />
      </div>
    </Card>
  );
}
