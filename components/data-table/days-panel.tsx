'use client';

import { clsx } from 'clsx';
import { useState, type SubmitEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { getDay, listPresets, type Days } from './days';

interface DaysPanelProps {
  days: Days;
  timeZone: string;
  onChoose: (days: Days) => void;
}

/** Days by name, or from one date to another. */
export function DaysPanel({ days, timeZone, onChoose }: DaysPanelProps) {
  const [{ from, to }, setDays] = useState({ from: days.from ?? '', to: days.to ?? '' });
  const [today] = useState(() => getDay(new Date(), timeZone));

  function submit(event: SubmitEvent) {
    event.preventDefault();
    // Whoever mixes the two up means the time between them.
    const [first, last] = from && to && from > to ? [to, from] : [from, to];
    onChoose({ from: first || null, to: last || null });
  }

  return (
    <div className="grid w-72 max-w-full">
      <div className="grid grid-cols-2 gap-1 border-b border-line p-2">
        {listPresets(today).map((preset) => {
          const isChosen = preset.days.from === days.from && preset.days.to === days.to;
          return (
            <button
              key={preset.label}
              type="button"
              aria-pressed={isChosen}
              onClick={() => onChoose(preset.days)}
              className={clsx(
                'rounded-md px-2.5 py-1.5 text-left text-sm max-sm:py-2.5',
                isChosen ? 'bg-accent-soft font-medium text-accent-text' : 'hover:bg-hover',
              )}
            >
              {preset.label}
            </button>
          );
        })}
      </div>
      <form onSubmit={submit} className="grid gap-3 p-3">
        <Field label="From">
          {(control) => (
            <Input
              {...control}
              type="date"
              value={from}
              max={today}
              onChange={(event) => setDays({ from: event.target.value, to })}
            />
          )}
        </Field>
        <Field label="To">
          {(control) => (
            <Input
              {...control}
              type="date"
              value={to}
              onChange={(event) => setDays({ from, to: event.target.value })}
            />
          )}
        </Field>
        {/* In sight also on a low window, where the panel scrolls. */}
        <div className="sticky bottom-0 -mx-3 -mb-3 flex justify-end gap-2 bg-raised px-3 pt-1 pb-3">
          {(days.from ?? days.to) && (
            <Button size="small" variant="quiet" onClick={() => onChoose({ from: null, to: null })}>
              Any day
            </Button>
          )}
          <Button size="small" variant="primary" type="submit">
            Apply
          </Button>
        </div>
      </form>
    </div>
  );
}
