import { describeMoment, formatMoment } from './format-time';

interface TimeProps {
  /** ISO 8601, UTC. */
  value: string;
  /** The account's, so that a team reads one time: "Africa/Johannesburg". */
  timeZone: string;
}

/** A moment, absolute. */
export function Time({ value, timeZone }: TimeProps) {
  const { date, time, title } = describeMoment(value, timeZone);
  return (
    <time dateTime={value} title={title} className="moment">
      {`${date} `}
      <span>{time}</span>
    </time>
  );
}

/** The same in a list, whose table says it in full when somebody points at it. */
export function ListedTime({ value, timeZone }: TimeProps) {
  const { date, time } = formatMoment(value, timeZone);
  return (
    <time dateTime={value} className="moment">
      {`${date} `}
      <span>{time}</span>
    </time>
  );
}
