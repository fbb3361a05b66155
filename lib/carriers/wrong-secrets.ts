import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { log } from '@/lib/log';

/** So many wrong secrets an address may show in a minute before it is told to wait. */
export const maxWrongSecrets = 20;

/** Shared by whoever comes without an address that we know. */
const unknownAddress = 'unknown';

// In memory: a flood of wrong secrets must not become a flood of statements. Nobody is kept out by it, since
// the right secret is never counted.
const wrongSecrets = new RateLimiterMemory({ keyPrefix: 'carrier', points: maxWrongSecrets, duration: 60 });

/**
 * Counts a wrong secret, and says so in the log: at the first of a minute and when there are too many, not at
 * each.
 *
 * @param address of whoever showed it; null when it is not known
 * @returns how many seconds to wait before the next; 0 when another try is heard
 */
export async function countWrongSecret(address: string | null): Promise<number> {
  try {
    const { consumedPoints } = await wrongSecrets.consume(address ?? unknownAddress);
    if (consumedPoints === 1) log.warn({ address }, 'A carrier request had no secret or a wrong one');
    return 0;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    if (error.consumedPoints === maxWrongSecrets + 1) {
      log.warn(
        { address, count: error.consumedPoints },
        'Many carrier requests had no secret or a wrong one',
      );
    }
    return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
  }
}
