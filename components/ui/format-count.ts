/**
 * "12480" as South Africans write it, "12 480", with spaces that do not break. The same on server and client.
 */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0');
}

/** A count with its noun: "1 opt-out", "12 480 opt-outs". */
export function formatNumberOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)}\u00a0${value === 1 ? singular : plural}`;
}
