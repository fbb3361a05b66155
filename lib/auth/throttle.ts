import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

const windowSeconds = 15 * 60;
/** Failures in the window after which nobody may try this username, or anything from this address. */
const failuresPerUsername = 10;
const failuresPerAddress = 100;

/**
 * Slows down guessing: failed sign-ins are counted for each username and each address, in the database, so that every
 * web process sees the same count and a restart forgets nothing.
 */
export class SignInThrottle {
  private readonly byUsername: RateLimiterPostgres;
  private readonly byAddress: RateLimiterPostgres;

  constructor(pool: Pool) {
    const shared = {
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      duration: windowSeconds,
    };
    this.byUsername = new RateLimiterPostgres({
      ...shared,
      keyPrefix: 'sign-in-user',
      points: failuresPerUsername,
    });
    this.byAddress = new RateLimiterPostgres({
      ...shared,
      keyPrefix: 'sign-in-address',
      points: failuresPerAddress,
    });
  }

  /**
   * Takes one attempt, to be given back by `forgive` when the password was right. Counting before checking leaves no
   * gap for many attempts at the same moment.
   *
   * @param address null when it is not known: then only the username counts, so that nobody can lock out everybody
   * @returns how many seconds to wait, 0 when the attempt may go on
   */
  async take(username: string, address: string | null): Promise<number> {
    const waits = await Promise.all([
      take(this.byUsername, username),
      address === null ? 0 : take(this.byAddress, address),
    ]);
    return Math.max(...waits);
  }

  async forgive(username: string, address: string | null): Promise<void> {
    await Promise.all([
      this.byUsername.delete(username),
      address === null ? null : this.byAddress.reward(address),
    ]);
  }
}

async function take(limiter: RateLimiterPostgres, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    throw error;
  }
}
