import { Time } from '@/components/ui/time';
import { describeMarketer, formatDay } from '@/lib/registry/labels';
import type { RegistryRecord } from '@/lib/registry/schema';

/** Entries of one number, in force and lifted. */
export function RegistryRecords({
  records,
  timeZone,
}: {
  records: readonly RegistryRecord[];
  timeZone: string;
}) {
  return (
    <ul aria-label="Entries on the registry" className="space-y-2">
      {records.map(({ marketerId, source, answeredOn, listedAt, liftedAt }) => (
        <li key={`${marketerId} ${listedAt}`} className="text-ink-soft">
          <span className="font-medium text-ink">{describeMarketer(marketerId)}</span>, since{' '}
          <Time value={listedAt} timeZone={timeZone} />
          {liftedAt !== null && (
            <>
              {' '}
              until <Time value={liftedAt} timeZone={timeZone} />
            </>
          )}
          . {source}, answer of {formatDay(answeredOn)}.
        </li>
      ))}
    </ul>
  );
}
