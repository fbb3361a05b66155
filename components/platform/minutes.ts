/** Minutes of the day as a clock reads them: 480 is "08:00", 1440 is "24:00". */
export function formatMinutes(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** "08:00", "8:00" or "8" as minutes of the day; null when it is no time. */
export function parseMinutes(text: string): number | null {
  const match = /^(\d{1,2})(?:[:h.](\d{2}))?$/.exec(text.trim());
  if (!match) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2] ?? 0)];
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= 24 * 60 ? total : null;
}
