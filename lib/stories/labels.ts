import type { StoryEventKind } from './schema';

/** The words for what happened to an opt-out, on the screen and in the evidence pack. */
export const storyEventLabels: Record<StoryEventKind, string> = {
  OPTED_OUT: 'Opted out',
  CONFIRMED_BY_REPLY: 'Opt-out confirmed by reply',
  REMOVED: 'Block lifted',
  CORRECTED: 'Corrected by staff',
};

/** The words for what a person decided about a reply. */
export const reviewDecisionLabels = { OPTED_OUT: 'an opt-out', DISMISSED: 'not an opt-out' } as const;

/** A span of time as people say it, in its two largest units: "0.4 s", "3 min 20 s", "2 days 4 h". */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (days > 0) return join(days, days === 1 ? 'day' : 'days', hours - days * 24, 'h');
  if (hours > 0) return join(hours, 'h', minutes - hours * 60, 'min');
  if (minutes > 0) return join(minutes, 'min', seconds - minutes * 60, 's');
  return `${seconds} s`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
