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

/** That many times what is near enough is no chance: no further round is needed. */
const beyondChance = 10;

/** Below this a time is mostly chance. */
const shortestMs = 2;

/**
 * How many times as long `tried` takes as `base`. What is near enough counts at once; else the least of
 * several rounds does, since a machine may be busy with something else in some of them, and what takes too
 * many steps is slow in all.
 */
export async function measureRatio(
  measure: (work: () => unknown) => Promise<number>,
  { base, tried, nearEnough }: { base: () => unknown; tried: () => unknown; nearEnough: number },
): Promise<number> {
  let [leastBase, leastTried] = [Infinity, Infinity];
  for (let round = 0; round < 5; round += 1) {
    leastTried = Math.min(leastTried, await measure(tried));
    leastBase = Math.min(leastBase, await measure(base));
    const ratio = leastTried / Math.max(leastBase, shortestMs);
    if (ratio < nearEnough || ratio > beyondChance * nearEnough) return ratio;
    // What else the process or the machine is busy with may end meanwhile.
    await delay(pauseMs);
  }
  console.error(
    `The least of five rounds: ${leastTried} ms, and ${leastBase} ms for what it is held against.`,
  );
  return leastTried / Math.max(leastBase, shortestMs);
}
