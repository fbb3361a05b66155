'use client';

import { clsx } from 'clsx';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { getButtonClass } from '@/components/ui/button';
import { formatCount } from '@/components/ui/format-count';
import { formatLongDay, type Chart, type ChartDay, type ChartName } from './chart-series';
import { charts } from './charts';

const DayBars = dynamic(() => import('./day-bars'), { ssr: false, loading: BarsSkeleton });

interface ChartCardProps {
  name: ChartName;
  days: readonly ChartDay[];
}

/**
 * A chart of days, with the table behind it: always there for screen readers, and for everyone at the press
 * of a button.
 */
export function ChartCard({ name, days }: ChartCardProps) {
  const [isTable, setIsTable] = useState(false);
  const chart = charts[name];
  const isEmpty = days.every(({ counts }) => !counts || chart.series.every(({ read }) => !read(counts)));
  return (
    <section aria-label={chart.title} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex min-h-11 items-center justify-between gap-3 px-4 pt-2.5">
        <h2 className="text-base font-semibold">{chart.title}</h2>
        <button
          type="button"
          aria-pressed={isTable}
          onClick={() => setIsTable(!isTable)}
          className={clsx(getButtonClass({ variant: 'quiet', size: 'small' }), '-mr-2')}
        >
          {isTable ? 'Show as chart' : 'Show as table'}
        </button>
      </div>
      <p className="px-4 text-xs text-ink-faint">{chart.note}</p>
      {chart.series.length > 1 && !isTable && !isEmpty && <Legend chart={chart} />}
      <div className={clsx('px-2 pt-2 pb-3', isTable && 'hidden')} aria-hidden="true">
        <div className="relative h-52">
          {isEmpty ? (
            <p className="flex h-full items-center justify-center px-6 text-center text-sm text-ink-faint">
              {chart.empty}
            </p>
          ) : (
            !isTable && <DayBars chart={chart} days={days} />
          )}
        </div>
      </div>
      <div
        // What scrolls must be reachable by keyboard.
        {...(isTable && { role: 'region', 'aria-label': `${chart.title}, table`, tabIndex: 0 })}
        className={isTable ? 'relative mt-3 max-h-80 overflow-auto border-t border-line' : 'sr-only'}
      >
        <DayTable chart={chart} days={days} />
      </div>
    </section>
  );
}

function Legend({ chart }: { chart: Chart }) {
  return (
    <ul aria-hidden="true" className="flex flex-wrap gap-x-4 gap-y-1 px-4 pt-2 text-xs text-ink-soft">
      {chart.series.map(({ key, label, swatchClassName }) => (
        <li key={key} className="flex items-center gap-1.5">
          <span className={clsx('size-2.5 rounded-xs', swatchClassName)} />
          {label}
        </li>
      ))}
    </ul>
  );
}

/** The latest day first. */
function DayTable({ chart, days }: { chart: Chart; days: readonly ChartDay[] }) {
  const hasTotal = chart.format === formatCount;
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">
        {chart.title}. {chart.note}
      </caption>
      <thead className="sticky top-0 bg-surface text-xs text-ink-faint shadow-[0_1px_0_var(--color-line)]">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium">
            Day
          </th>
          {chart.series.map(({ key, label }) => (
            <th key={key} scope="col" className="px-2 py-2 text-right font-medium last:pr-4">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {days.toReversed().map(({ day, counts }) => (
          <tr key={day}>
            <th scope="row" className="px-4 py-1.5 text-left font-normal whitespace-nowrap">
              {formatLongDay(day)}
            </th>
            {chart.series.map(({ key, read }) => {
              const value = counts && read(counts);
              return (
                <td
                  key={key}
                  className={clsx(
                    'px-2 py-1.5 text-right tabular-nums last:pr-4',
                    !value && 'text-ink-faint',
                  )}
                >
                  {counts === null ? 'being counted' : value === null ? '–' : chart.format(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
      {hasTotal && (
        <tfoot className="sticky bottom-0 bg-surface font-medium shadow-[0_-1px_0_var(--color-line)]">
          <tr>
            <th scope="row" className="px-4 py-1.5 text-left font-medium">
              Total
            </th>
            {chart.series.map(({ key, read }) => (
              <td key={key} className="px-2 py-1.5 text-right tabular-nums last:pr-4">
                {chart.format(days.reduce((sum, { counts }) => sum + ((counts && read(counts)) ?? 0), 0))}
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

const barHeights = ['h-1/3', 'h-1/2', 'h-1/4', 'h-2/3', 'h-2/5', 'h-3/4', 'h-1/2', 'h-1/3', 'h-3/5', 'h-1/4'];

function BarsSkeleton() {
  return (
    <div className="flex h-full animate-pulse items-end gap-2 px-3 pb-7">
      {barHeights.map((height, index) => (
        <span key={index} className={clsx('grow rounded-t bg-hover', height)} />
      ))}
    </div>
  );
}
