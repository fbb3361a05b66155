import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/**
 * So many attempts for one key in a window. A feature makes each of its limits once, when its module loads.
 * Counts are kept in the database, so that every web process sees the same count and a restart forgets
 * nothing; expired ones are removed by a job (lib/worker/pruning.ts).
 */
export class RateLimit {
  /** One for each pool, of which a process has one. */
  private readonly limiters = new WeakMap<Pool, RateLimiterPostgres>();

  /** @param purpose stands before each key in the table; two limits of one purpose would count together */
  constructor(
    private readonly purpose: string,
    private readonly points: number,
    private readonly windowSeconds: number,
  ) {}

  /** @returns how many seconds to wait, 0 when it may go on */
  async take(pool: Pool, key: string): Promise<number> {
    try {
      await this.open(pool).consume(key);
      return 0;
    } catch (error) {
      if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      throw error;
    }
  }

  /** Gives back one attempt that was taken and does not count after all. */
  async giveBack(pool: Pool, key: string): Promise<void> {
    await this.open(pool).reward(key);
  }

  /** Forgets all attempts of a key. */
  async forget(pool: Pool, key: string): Promise<void> {
    await this.open(pool).delete(key);
  }

  private open(pool: Pool): RateLimiterPostgres {
    const known = this.limiters.get(pool);
    if (known) return known;
    const limiter = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      // It would clear the table every five minutes for ever, once for each limiter.
      clearExpiredByTimeout: false,
      keyPrefix: this.purpose,
      points: this.points,
      duration: this.windowSeconds,
    });
    this.limiters.set(pool, limiter);
    return limiter;
  }
}
