'use client';

import { useId } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatDay, formatLongDay, type Chart, type ChartDay, type Series } from './chart-series';

interface DayBarsProps {
  chart: Chart;
  days: readonly ChartDay[];
}

const tick = { fill: 'var(--color-ink-faint)', fontSize: 11 };

/**
 * Bars for days. Loaded by itself and in the browser only: recharts is large, and a style attribute that a
 * server had written would be refused by the content security policy. Not for screen readers, which have the
 * table.
 */
export default function DayBars({ chart, days }: DayBarsProps) {
  const hatch = `hatch-${useId()}`;
  const rows = days.map(({ day, counts }) => ({
    day,
    ...Object.fromEntries(chart.series.map(({ key, read }) => [key, counts && read(counts)])),
  }));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 208 }}>
      <BarChart
        data={rows}
        accessibilityLayer={false}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
        barCategoryGap={days.length > 31 ? '12%' : '22%'}
        maxBarSize={36}
      >
        <defs>
          <pattern
            id={hatch}
            width="4"
            height="4"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="4" height="4" fill="var(--color-warn-soft)" />
            <rect width="2" height="4" fill="var(--color-warn-text)" />
          </pattern>
        </defs>
        <CartesianGrid vertical={false} stroke="var(--color-line)" />
        <XAxis
          dataKey="day"
          tickFormatter={formatDay}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--color-control)' }}
          minTickGap={28}
          interval="preserveStartEnd"
        />
        <YAxis
          width={44}
          tick={tick}
          tickLine={false}
          axisLine={false}
          tickCount={4}
          allowDecimals={chart.format(0.5) !== '0.5'}
          tickFormatter={(value: number) => chart.format(value)}
        />
        <Tooltip
          cursor={{ fill: 'var(--color-hover)' }}
          isAnimationActive={false}
          content={({ active, label }) =>
            active ? <DayTip chart={chart} day={days.find(({ day }) => day === label)} /> : null
          }
        />
        {chart.series.map((series) => (
          <Bar
            key={series.key}
            dataKey={series.key}
            stackId="day"
            fill={series.fill === 'hatch' ? `url(#${hatch})` : series.fill}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

function DayTip({ chart, day }: { chart: Chart; day: ChartDay | undefined }) {
  if (!day) return null;
  return (
    <div className="rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-popover">
      <p className="mb-1 font-semibold">{formatLongDay(day.day)}</p>
      {day.counts === null ? (
        <p className="text-ink-soft">Being counted</p>
      ) : (
        <ul className="space-y-0.5">
          {[...chart.series].reverse().map((series) => (
            <TipLine key={series.key} series={series} value={readValue(chart, series, day)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function TipLine({ series, value }: { series: Series; value: string }) {
  return (
    <li className="flex items-center gap-2">
      <span className={`size-2.5 shrink-0 rounded-xs ${series.swatchClassName}`} />
      <span className="grow text-ink-soft">{series.label}</span>
      <span className="pl-3 font-medium tabular-nums">{value}</span>
    </li>
  );
}

function readValue(chart: Chart, series: Series, { counts }: ChartDay): string {
  const value = counts && series.read(counts);
  return value === null ? '–' : chart.format(value);
}
