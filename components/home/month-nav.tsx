import { ButtonLink } from '@/components/ui/button-link';

interface MonthNavProps {
  /** "2026-11" */
  month: string;
  /** The present one: there is none after it. */
  latest: string;
  path: string;
}

/** To the month before and after. */
export function MonthNav({ month, latest, path }: MonthNavProps) {
  return (
    <nav aria-label="Months" className="flex flex-wrap gap-2">
      <ButtonLink href={`${path}?month=${moveMonth(month, -1)}`}>
        {nameMonth(moveMonth(month, -1))}
      </ButtonLink>
      {month < latest && (
        <ButtonLink href={`${path}?month=${moveMonth(month, 1)}`}>
          {nameMonth(moveMonth(month, 1))}
        </ButtonLink>
      )}
    </nav>
  );
}

/** "November 2026" */
export function nameMonth(month: string): string {
  return new Intl.DateTimeFormat('en-ZA', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

function moveMonth(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}
