interface Recalled {
  value: Promise<unknown>;
  until: number;
}

/** What took less than this is simply done again. */
const cheapMs = 25;
/**
 * An answer is kept for so many times what it took to find: looking for it then takes up at most 1/20 of a
 * connection.
 */
const keptTimes = 20;

const answers = new Map<string, Recalled>();

/**
 * Finds an answer, or gives the last one while that is worth its cost: at once when it was cheap, after some
 * seconds when it read a million rows. Whoever asks while it is being found waits for the same answer. For
 * figures on pages that many look at, and that refresh with every change; each process has its own.
 */
export async function recallByCost<Value>(
  key: string,
  find: () => Promise<Value>,
  now: () => number = () => performance.now(),
): Promise<Value> {
  const known = answers.get(key);
  if (known && now() < known.until) return known.value as Promise<Value>;
  for (const [name, { until }] of answers) if (until <= now()) answers.delete(name);
  const startedAt = now();
  const answer = { value: find(), until: Infinity };
  answers.set(key, answer);
  try {
    const value = await answer.value;
    const tookMs = now() - startedAt;
    answer.until = tookMs < cheapMs ? 0 : now() + keptTimes * tookMs;
    return value;
  } catch (error) {
    answer.until = 0;
    throw error;
  }
}
