import { splitLocalTime, type LocalTime } from '@/lib/messages/local-time';

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** YYYYMMDDHHmm, as a number: the form of the moments in this API. */
export function formatMinute(at: Date, timeZone: string): number {
  return Number(joinTime(splitLocalTime(at, timeZone)));
}

/** YYYYMMDDhhmmssSSS, as text: when a request was answered. */
export function formatTimeStamp(at: Date, timeZone: string): string {
  // No zone of today is off by anything but whole minutes.
  const seconds = `${pad(at.getUTCSeconds())}${pad(at.getUTCMilliseconds(), 3)}`;
  return `${joinTime(splitLocalTime(at, timeZone))}${seconds}`;
}

/** SQL of the same as {@link formatMinute}, for lists. */
export function minuteSql(at: string, timeZone: string): string {
  return `to_char(${at} at time zone ${timeZone}, 'YYYYMMDDHH24MI')::float8`;
}

/** Reads YYYYMMDDHHmm; null when it has another form. Whether there is such a time is another question. */
export function splitMinute(value: string): LocalTime | null {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(value);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { year, month, day, hour, minute };
}

function joinTime({ year, month, day, hour, minute }: LocalTime): string {
  return `${pad(year, 4)}${pad(month)}${pad(day)}${pad(hour)}${pad(minute)}`;
}
