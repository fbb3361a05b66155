import { setTimeout as delay } from 'node:timers/promises';

/**
 * Milliseconds of processor time that this process spends on it: how long a busy machine lets it wait does
 * not count.
 */
export async function measureProcessorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds by the clock, where another process does the work. */
export async function measureClockMs(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const pauseMs = 200;

/** Below this a time is mostly chance. */
const shortestMs = 2;

/**
 * How many times as long `long` takes as `short`. What is near enough counts at once; else the least of
 * several rounds does, since a machine may be busy with something else in some of them, and a step that is
 * more than linear is slow in all.
 */
export async function measureGrowth(
  measure: (work: () => unknown) => Promise<number>,
  { short, long, nearEnough }: { short: () => unknown; long: () => unknown; nearEnough: number },
): Promise<number> {
  let [leastShort, leastLong] = [Infinity, Infinity];
  for (let round = 0; round < 5; round += 1) {
    leastLong = Math.min(leastLong, await measure(long));
    leastShort = Math.min(leastShort, await measure(short));
    const growth = leastLong / Math.max(leastShort, shortestMs);
    if (growth < nearEnough) return growth;
    // What else the process or the machine is busy with may end meanwhile.
    await delay(pauseMs);
  }
  console.error(
    `The least of five rounds: ${leastShort} ms for the short one, ${leastLong} ms for the long.`,
  );
  return leastLong / Math.max(leastShort, shortestMs);
}
