import { Time } from '@/components/ui/time';
import { formatDay } from '@/lib/registry/labels';
import type { RegistrationRow } from '@/lib/registry/schema';

interface RegistrationListProps {
  /** The newest first: that one counts. */
  registrations: readonly RegistrationRow[];
  timeZone: string;
}

/** The registrations of an account, and who entered them. */
export function RegistrationList({ registrations, timeZone }: RegistrationListProps) {
  return (
    <ul aria-label="Registrations" className="divide-y divide-line rounded-md border border-line text-sm">
      {registrations.map(({ id, number, endsOn, createdAt, createdBy }, index) => (
        <li key={id} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
          <span className="wrap-anywhere">
            <span className="font-medium">{number}</span>, until {formatDay(endsOn)}
            {index === 0 && <span className="text-ink-faint"> (counts)</span>}
          </span>
          <span className="text-xs text-ink-faint">
            Entered <Time value={createdAt} timeZone={timeZone} />
            {createdBy !== null && ` by ${createdBy}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
