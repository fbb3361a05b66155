'use client';

import { useId, type ReactNode } from 'react';
import { useAddress } from '@/components/data-table/use-address';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { Spinner } from '@/components/ui/spinner';
import { auditActions } from '@/lib/audit/schema';

interface AuditFiltersProps {
  staff: readonly { id: number; name: string }[];
}

const names = ['action', 'user', 'account', 'from', 'to'] as const;
type Name = (typeof names)[number];

/** What narrows the log, beside the search; it lives in the URL, so a view can be sent to a colleague. */
export function AuditFilters({ staff }: AuditFiltersProps) {
  const id = useId();
  const { isPending, read, change } = useAddress();
  const isFiltered = names.some(read);

  function narrow(name: Name, value: string) {
    if (value !== (read(name) ?? '')) change({ [name]: value || null, cursor: null }, 'replace');
  }

  const bind = (name: Exclude<Name, 'account'>) => ({
    id: `${id}-${name}`,
    value: read(name) ?? '',
    onChange: (event: { target: { value: string } }) => narrow(name, event.target.value),
  });

  return (
    <form
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
      className="mb-4 grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap"
    >
      <Labelled id={`${id}-action`} label="What" className="col-span-2">
        <Select {...bind('action')}>
          <option value="">Anything</option>
          {Object.entries(auditActions).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Labelled>
      <Labelled id={`${id}-user`} label="Who">
        <Select {...bind('user')}>
          <option value="">Anyone</option>
          {staff.map(({ id: userId, name }) => (
            <option key={userId} value={userId}>
              {name}
            </option>
          ))}
        </Select>
      </Labelled>
      <Labelled id={`${id}-account`} label="Account">
        <Input
          id={`${id}-account`}
          key={read('account')}
          // Half a number is another account's: it is asked for once it is typed to its end.
          onBlur={(event) => narrow('account', event.target.value.trim())}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
          defaultValue={read('account') ?? ''}
          placeholder="W58324"
          maxLength={11}
          autoComplete="off"
          className="sm:w-28"
        />
      </Labelled>
      <Labelled id={`${id}-from`} label="From">
        <Input {...bind('from')} type="date" max={read('to') ?? undefined} />
      </Labelled>
      <Labelled id={`${id}-to`} label="Until">
        <Input {...bind('to')} type="date" min={read('from') ?? undefined} />
      </Labelled>
      <span className="flex h-9 items-center gap-3 max-sm:empty:hidden">
        {isFiltered && (
          <Button
            variant="quiet"
            onClick={() =>
              change(Object.fromEntries([...names, 'cursor'].map((name) => [name, null])), 'replace')
            }
          >
            Clear filters
          </Button>
        )}
        {isPending && <Spinner />}
      </span>
    </form>
  );
}

function Labelled(props: { id: string; label: string; className?: string; children: ReactNode }) {
  return (
    <div className={props.className}>
      <label htmlFor={props.id} className="mb-1 block text-xs text-ink-soft">
        {props.label}
      </label>
      {props.children}
    </div>
  );
}
