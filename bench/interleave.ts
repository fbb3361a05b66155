/** One round of one side, set up and cleaned up outside of what it times. Answers with milliseconds. */
export type Side = (round: number) => Promise<number>;

export interface Comparison {
  /** Median over the rounds of our time by the baseline's time. */
  timeRatio: number;
  /** Medians, milliseconds a round. */
  oursMs: number;
  baselineMs: number;
  rounds: number;
}

/**
 * Times two sides in turns, one round of each after the other (A B, B A, A B …), and takes the median of the
 * rounds' ratios: what else the machine does, and what grows with the tables, meets both alike. A first round
 * warms both up and does not count.
 */
export async function compareInterleaved(rounds: number, ours: Side, baseline: Side): Promise<Comparison> {
  await ours(0);
  await baseline(0);
  const times: { oursMs: number; baselineMs: number }[] = [];
  for (let round = 1; round <= rounds; round++) {
    if (round % 2 === 1) {
      const oursMs = await ours(round);
      times.push({ oursMs, baselineMs: await baseline(round) });
    } else {
      const baselineMs = await baseline(round);
      times.push({ oursMs: await ours(round), baselineMs });
    }
  }
  return {
    timeRatio: median(times.map(({ oursMs, baselineMs }) => oursMs / baselineMs)),
    oursMs: median(times.map(({ oursMs }) => oursMs)),
    baselineMs: median(times.map(({ baselineMs }) => baselineMs)),
    rounds,
  };
}

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('No median of no values.');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Milliseconds of the machine's monotonic clock, the same one in all its processes. */
export function readClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
