import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import { staffTimeZone } from '@/lib/lists/schema';
import type { ReplicaView } from '@/lib/metrics/schema';

const states = {
  used: { tone: 'good', label: 'In use' },
  behind: { tone: 'warn', label: 'Behind' },
  away: { tone: 'bad', label: 'Away' },
} as const;

const answered = [
  ['replica', 'The replica'],
  ['behind', 'The primary: the replica was behind'],
  ['away', 'The primary: the replica was away'],
  ['failed', 'The primary: the replica failed'],
] as const;

/** The database that lists and files may come from, as the web process that shows the page knows it. */
export function ReplicaCard({
  replica: { state, since, problem, lagBytes, reads },
}: {
  replica: ReplicaView;
}) {
  const { tone, label } = states[state];
  return (
    <Card title="Read replica" aside={<Badge tone={tone}>{label}</Badge>}>
      <p className="px-4 py-3 text-sm">
        Since <Time value={since.toISOString()} timeZone={staffTimeZone} />.{' '}
        {state === 'used' && 'Lists and files come from it where it has all that was written.'}
        {state === 'behind' &&
          `It lacks ${formatCount(Math.ceil((lagBytes ?? 0) / 1024))} kB of what was written; the primary answers everything.`}
        {state === 'away' && `The primary answers everything. ${problem ?? ''}`}
      </p>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t border-line px-4 py-2 text-sm tabular-nums">
        {answered.map(([name, words]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid py-1">
            <dt className="text-ink-soft">{words}</dt>
            <dd className="text-right">{formatCount(reads[name])}</dd>
          </div>
        ))}
      </dl>
      <p className="border-t border-line px-4 py-2 text-sm text-ink-soft">
        Reads that it may answer, of the web process that shows this page, since its start.
      </p>
    </Card>
  );
}
