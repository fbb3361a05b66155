'use client';

import { clsx } from 'clsx';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { Field, Input } from '@/components/ui/field';

interface TimeZoneBoxProps {
  value: string;
  timeZones: readonly string[];
  /** Now, in whole minutes since the epoch; null while it is not known. */
  minute: number | null;
  onChange: (timeZone: string) => void;
}

/** "America/Argentina/Buenos_Aires" is "America / Argentina / Buenos Aires". */
function formatZone(timeZone: string): string {
  return timeZone.replaceAll('_', ' ').replaceAll('/', ' / ');
}

/** "14:32, GMT+2" */
function formatTimeThere(timeZone: string, minute: number): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  });
  const parts = new Map(format.formatToParts(minute * 60_000).map(({ type, value }) => [type, value]));
  return `${parts.get('hour')}:${parts.get('minute')}, ${parts.get('timeZoneName')}`;
}

function findZones(timeZones: readonly string[], search: string): string[] {
  const words = search
    .toLowerCase()
    .split(/[\s/_]+/)
    .filter(Boolean);
  return timeZones.filter((zone) => {
    const name = zone.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

/** A list to search by typing (the ARIA combobox). */
export function TimeZoneBox({ value, timeZones, minute, onChange }: TimeZoneBoxProps) {
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  /** What is searched for; null while the list is closed. */
  const [search, setSearch] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const found = search === null ? [] : findZones(timeZones, search);

  function open() {
    if (search !== null) return;
    setSearch('');
    point(Math.max(0, timeZones.indexOf(value)));
  }

  function point(index: number) {
    setActive(index);
    requestAnimationFrame(() => list.current?.children[index]?.scrollIntoView({ block: 'nearest' }));
  }

  function choose(timeZone: string | undefined) {
    if (timeZone) onChange(timeZone);
    setSearch(null);
  }

  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (search === null) open();
      else point(Math.min(Math.max(active + step, 0), found.length - 1));
    } else if (event.key === 'Enter' && search !== null) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === 'Escape' && search !== null) {
      event.preventDefault();
      setSearch(null);
    }
  }

  return (
    <Field label="Time zone" hint={minute !== null && `It is ${formatTimeThere(value, minute)} there now.`}>
      {(control) => (
        <div className="relative max-w-md">
          <Input
            {...control}
            role="combobox"
            aria-expanded={search !== null}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={found[active] ? `${listId}-${active}` : undefined}
            autoComplete="off"
            spellCheck={false}
            value={search ?? formatZone(value)}
            placeholder={search === null ? undefined : formatZone(value)}
            onClick={open}
            onBlur={() => setSearch(null)}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              // The first letter typed into the closed box replaces what stands there.
              const typed = event.target.value;
              setSearch(search === null ? typed.replace(formatZone(value), '') : typed);
              point(0);
            }}
            className="pr-9"
          />
          <ChevronsUpDown
            aria-hidden="true"
            className="pointer-events-none absolute top-2.5 right-2.5 size-4 text-ink-faint max-sm:top-3"
          />
          <ul
            ref={list}
            id={listId}
            role="listbox"
            aria-label="Time zones"
            hidden={search === null}
            className="absolute z-10 mt-1 max-h-64 w-full overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-popover"
          >
            {found.map((zone, index) => (
              <li
                key={zone}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={zone === value}
                // Before the box loses the focus, which would close the list.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(zone)}
                onPointerMove={() => setActive(index)}
                className={clsx(
                  'flex items-center gap-2 rounded-md px-2 py-1.5 text-sm max-sm:py-2.5',
                  index === active && 'bg-hover',
                )}
              >
                <Check
                  aria-hidden="true"
                  className={clsx('size-3.5 shrink-0 text-accent-text', zone !== value && 'invisible')}
                />
                <span className="min-w-0 grow truncate">{formatZone(zone)}</span>
                {minute !== null && (
                  <span className="shrink-0 text-xs text-ink-faint tabular-nums">
                    {formatTimeThere(zone, minute)}
                  </span>
                )}
              </li>
            ))}
            {found.length === 0 && (
              <li
                role="option"
                aria-selected="false"
                aria-disabled="true"
                className="px-2 py-1.5 text-sm text-ink-faint"
              >
                No place of that name
              </li>
            )}
          </ul>
        </div>
      )}
    </Field>
  );
}
