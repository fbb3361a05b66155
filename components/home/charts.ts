import { formatCount } from '@/components/ui/format-count';
import { fewestForRate } from '@/lib/home/schema';
import { findRate, formatRate, type Chart, type ChartName } from './chart-series';

/**
 * The charts of the home page. Colours are told apart by lightness and by the hatching too, and the order
 * never changes.
 */
export const charts: Record<ChartName, Chart> = {
  messages: {
    title: 'Messages per day',
    note: 'What became of the messages accepted on each day.',
    empty: 'No messages in these days.',
    format: formatCount,
    series: [
      {
        key: 'delivered',
        label: 'Delivered',
        swatchClassName: 'bg-accent',
        fill: 'var(--color-accent)',
        read: ({ delivered }) => delivered,
      },
      {
        key: 'underWay',
        label: 'Under way',
        swatchClassName: 'bg-info-text/40',
        fill: 'color-mix(in srgb, var(--color-info-text) 40%, transparent)',
        read: ({ messages, delivered, blocked, failed }) => messages - delivered - blocked - failed,
      },
      {
        key: 'blocked',
        label: 'Blocked',
        swatchClassName:
          'bg-[repeating-linear-gradient(135deg,var(--color-warn-text)_0_2px,transparent_2px_4px)] ring-1 ring-warn-text ring-inset',
        fill: 'hatch',
        read: ({ blocked }) => blocked,
      },
      {
        key: 'failed',
        label: 'Failed',
        swatchClassName: 'bg-bad-text',
        fill: 'var(--color-bad-text)',
        read: ({ failed }) => failed,
      },
    ],
  },
  'opt-outs': {
    title: 'Opt-outs per day',
    note: 'Recipients who replied to opt out.',
    empty: 'Nobody opted out in these days.',
    format: formatCount,
    series: [
      {
        key: 'optOuts',
        label: 'Opt-outs',
        swatchClassName: 'bg-accent',
        fill: 'var(--color-accent)',
        read: ({ optOuts }) => optOuts,
      },
    ],
  },
  rate: {
    title: 'Opt-out rate per day',
    note: `Of 100 messages delivered on a day, how many led to an opt-out. Days with fewer than ${fewestForRate} are left out.`,
    empty: `No day with ${fewestForRate} delivered messages or more has led to an opt-out.`,
    format: formatRate,
    series: [
      {
        key: 'rate',
        label: 'Opt-outs per 100 delivered',
        swatchClassName: 'bg-accent',
        fill: 'var(--color-accent)',
        read: ({ caused, delivered }) => findRate(caused, delivered),
      },
    ],
  },
};
