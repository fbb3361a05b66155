import { Card } from '@/components/ui/card';
import { formatDay } from '@/lib/registry/labels';
import type { MarketerStanding, RegistrationRow } from '@/lib/registry/schema';
import { RegistrationList } from './registration-list';

interface MarketerCardProps {
  standing: MarketerStanding;
  /** The newest first. */
  registrations: readonly RegistrationRow[];
  timeZone: string;
}

/** What the marketing of an account rests on, as staff see it. */
export function MarketerCard({ standing, registrations, timeZone }: MarketerCardProps) {
  return (
    <Card title="Marketing" className="mt-4">
      <div className="grid gap-3 p-4 text-sm">
        <p>
          {describeStop(standing)} {describeCleansing(standing)}
        </p>
        {registrations.length === 0 ? (
          <p className="text-ink-soft">It entered no registration as a direct marketer.</p>
        ) : (
          <RegistrationList registrations={registrations} timeZone={timeZone} />
        )}
      </div>
    </Card>
  );
}

function describeStop({ stop }: MarketerStanding): string {
  switch (stop) {
    case 'CLEANSING':
      return 'It is stopped: the last cleansing is missing or too old.';
    case 'REGISTRATION':
      return 'It is stopped: the registration is missing or has ended.';
    case null:
      return 'It goes out.';
  }
}

function describeCleansing({ cleansedOn, isOfIndustry, age, mostDays }: MarketerStanding): string {
  if (cleansedOn === null) return 'Its lists have never been cleansed.';
  const whose = isOfIndustry ? 'The answer for the whole industry' : 'Its last cleansing';
  return `${whose} is of ${formatDay(cleansedOn)}, ${age} of ${mostDays} days ago.`;
}
