import { Link } from '@/components/ui/link';
import { periods, type Period } from '@/lib/home/schema';

/** Which days the page looks back on. Links: each has its own address. */
export function PeriodNav({ current }: { current: Period }) {
  return (
    <nav aria-label="Period">
      <ul className="flex rounded-md border border-control/60 bg-raised p-0.5 shadow-control">
        {periods.map((period) => (
          <li key={period} className="grow">
            <Link
              href={`/?days=${period}`}
              replace
              scroll={false}
              aria-current={period === current ? 'true' : undefined}
              className="flex h-7.5 items-center justify-center rounded px-3 text-sm font-medium text-ink-soft transition-colors hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent-text max-sm:h-8.5"
            >
              {period} days
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
