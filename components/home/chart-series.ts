import { fewestForRate, type DayFigures } from '@/lib/home/schema';

export type ChartName = 'messages' | 'opt-outs' | 'rate';

export interface Series {
  key: string;
  label: string;
  /** Of the mark beside the label. */
  swatchClassName: string;
  /** Of the bars; `hatch` is drawn in the colour of what was blocked. */
  fill: string;
  read: (counts: DayFigures) => number | null;
}

export interface Chart {
  title: string;
  note: string;
  /** Stacked, the first at the bottom. */
  series: readonly Series[];
  format: (value: number) => string;
  /** What is said when there is nothing to draw. */
  empty: string;
}

/** A day of the account's calendar; null while it has not been counted. */
export interface ChartDay {
  day: string;
  counts: DayFigures | null;
}

/** Opt-outs for every 100 delivered messages; null when too few were delivered to tell. */
export function findRate(optOuts: number, delivered: number): number | null {
  return delivered < fewestForRate ? null : (optOuts / delivered) * 100;
}

/** "2.4": one digit after the point, and never "0.0" for what is not nothing. */
export function formatRate(rate: number): string {
  if (rate > 0 && rate < 0.05) return '<\u00a00.1';
  return rate.toFixed(1);
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const weekdays = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** "2026-11-23" is "23 Nov". */
export function formatDay(day: string): string {
  const [, month = '1', date = '1'] = day.split('-');
  return `${Number(date)}\u00a0${months[Number(month) - 1]}`;
}

/** "2026-11-23" is "Mon 23 Nov": of the last 90 days, there is only one. */
export function formatLongDay(day: string): string {
  return `${weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${formatDay(day)}`;
}
