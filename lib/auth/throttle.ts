import type { Pool } from 'pg';
import { createLimiter, takePoint, type Limiter } from '@/lib/http/rate-limit';

const windowSeconds = 15 * 60;
/** Failures in the window after which nobody may try this username, or anything from this address. */
const failuresPerUsername = 10;
const failuresPerAddress = 100;

/**
 * Slows down guessing: failed sign-ins are counted for each username and each address, in the database, so that every
 * web process sees the same count and a restart forgets nothing.
 */
export class SignInThrottle {
  private readonly byUsername: Limiter;
  private readonly byAddress: Limiter;

  constructor(pool: Pool) {
    this.byUsername = createLimiter(pool, 'sign-in-user', failuresPerUsername, windowSeconds);
    this.byAddress = createLimiter(pool, 'sign-in-address', failuresPerAddress, windowSeconds);
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
      takePoint(this.byUsername, username),
      address === null ? 0 : takePoint(this.byAddress, address),
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
