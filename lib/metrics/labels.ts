/** How long an opt-out took to come into force, for people: "0.03 s", "2.5 s", "40 s", "12 min". */
export function describeHonourTime(ms: number): string {
  if (ms < 100) return `${(Math.ceil(ms / 10) / 100).toFixed(2)} s`;
  if (ms < 10_000) return `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.ceil(ms / 1000)} s`;
  return `${Math.ceil(ms / 60_000)} min`;
}
