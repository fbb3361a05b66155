import { formatFullMoment, formatMoment } from './format-time';

interface TimeProps {
  /** ISO 8601, UTC. */
  value: string;
  /** The account's, so that a team reads one time: "Africa/Johannesburg". */
  timeZone: string;
}

/** A moment, absolute. */
export function Time({ value, timeZone }: TimeProps) {
  const { date, time } = formatMoment(value, timeZone);
  return (
    <time
      dateTime={value}
      title={formatFullMoment(value, timeZone)}
      className="whitespace-nowrap tabular-nums"
    >
      {date} <span className="text-ink-faint">{time}</span>
    </time>
  );
}
