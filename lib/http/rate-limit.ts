import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** Counts in the database, so that every web process sees the same count and a restart forgets nothing. */
export type Limiter = RateLimiterPostgres;

export function createLimiter(pool: Pool, keyPrefix: string, points: number, windowSeconds: number): Limiter {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    keyPrefix,
    points,
    duration: windowSeconds,
  });
}

/** @returns how many seconds to wait, 0 when it may go on */
export async function takePoint(limiter: Limiter, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    throw error;
  }
}
