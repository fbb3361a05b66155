/** Days as the URL has them: "2026-11-22", the first and the last; null: open on that side. */
export interface Days {
  from: string | null;
  to: string | null;
}

/** The date on the calendar of a time zone. */
export function getDay(now: Date, timeZone: string): string {
  // "sv" writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(now);
}

function move(day: string, change: { days?: number; months?: number }): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + (change.months ?? 0), date + (change.days ?? 0)))
    .toISOString()
    .slice(0, 10);
}

/** The stretches of time that people ask for by name. */
export function listPresets(today: string): { label: string; days: Days }[] {
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  const yesterday = move(today, { days: -1 });
  return [
    { label: 'Today', days: { from: today, to: today } },
    { label: 'Yesterday', days: { from: yesterday, to: yesterday } },
    { label: 'Last 7 days', days: { from: move(today, { days: -6 }), to: today } },
    { label: 'Last 30 days', days: { from: move(today, { days: -29 }), to: today } },
    { label: 'This month', days: { from: firstOfMonth, to: today } },
    {
      label: 'Last month',
      days: { from: move(firstOfMonth, { months: -1 }), to: move(firstOfMonth, { days: -1 }) },
    },
  ];
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function formatDay(day: string, withYear = true): string {
  const [year, month, date] = day.split('-').map(Number);
  const name = months[(month ?? 0) - 1];
  return name === undefined ? day : `${date} ${name}${withYear ? ` ${year}` : ''}`;
}

/** "16 – 22 Nov 2026", "From 16 Nov 2026", "Until 22 Nov 2026"; null when every day counts. */
export function describeDays({ from, to }: Days): string | null {
  if (from === null && to === null) return null;
  if (to === null) return `From ${formatDay(from as string)}`;
  if (from === null) return `Until ${formatDay(to)}`;
  if (from === to) return formatDay(from);
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))} – ${formatDay(to)}`;
  return `${formatDay(from, from.slice(0, 4) !== to.slice(0, 4))} – ${formatDay(to)}`;
}
