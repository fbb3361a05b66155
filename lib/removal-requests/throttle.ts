import type { Pool } from 'pg';
import { createLimiter, takePoint } from '@/lib/http/rate-limit';

const windowSeconds = 3600;
/** What one account's owner may be e-mailed at most, and what one address may ask, in the window. */
const requestsPerAccount = 5;
const requestsPerAddress = 20;

/**
 * Holds the public form back, for each account number as typed, whether or not there is such an account, and for each address.
 *
 * @returns how many seconds to wait, 0 when it may go on
 */
export async function takeContactAttempt(
  pool: Pool,
  accountId: number,
  address: string | null,
): Promise<number> {
  const waits = await Promise.all([
    takePoint(createLimiter(pool, 'contact-account', requestsPerAccount, windowSeconds), String(accountId)),
    address === null
      ? 0
      : takePoint(createLimiter(pool, 'contact-address', requestsPerAddress, windowSeconds), address),
  ]);
  return Math.max(...waits);
}
