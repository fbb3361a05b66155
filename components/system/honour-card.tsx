import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format-count';
import { describeHonourTime } from '@/lib/metrics/labels';
import type { HonourTimes, TimesToHonour } from '@/lib/metrics/schema';

const stretches = [
  ['lastHour', 'Last hour'],
  ['lastDay', 'Last 24 hours'],
] as const;

const columns: [label: string, read: (times: HonourTimes) => string][] = [
  ['Opt-outs', ({ replies }) => formatCount(replies)],
  ['Half within', ({ p50Ms }) => describe(p50Ms)],
  ['99 of 100', ({ p99Ms }) => describe(p99Ms)],
  ['999 of 1,000', ({ p999Ms }) => describe(p999Ms)],
];

function describe(ms: number | null): string {
  return ms === null ? '–' : describeHonourTime(ms);
}

/** How fast a "Stop" came into force, from its arrival at the gateway to the block. */
export function HonourCard({ times }: { times: TimesToHonour }) {
  return (
    <Card title="Time to honour">
      <table className="w-full text-sm tabular-nums">
        <thead>
          <tr className="border-b border-line text-ink-soft">
            <th scope="col" className="px-4 py-2 text-left font-medium">
              Time
            </th>
            {columns.map(([label]) => (
              <th key={label} scope="col" className="px-2 py-2 text-right font-medium last:pr-4">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stretches.map(([name, label]) => (
            <tr key={name} className="border-b border-line last:border-0">
              <th scope="row" className="px-4 py-2 text-left font-medium">
                {label}
              </th>
              {columns.map(([column, read]) => (
                <td key={column} className="px-2 py-2 text-right whitespace-nowrap last:pr-4">
                  {read(times[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="border-t border-line px-4 py-2 text-sm text-ink-soft">
        From the arrival of a certain opt-out at the gateway, or else at our listener, until its block is in
        force.
      </p>
    </Card>
  );
}
