import type { Pool } from 'pg';
import { RateLimit } from '@/lib/http/rate-limit';
import { readNetwork } from '@/lib/http/visitor-address';

const windowSeconds = 3600;
/** What one account's owner may be e-mailed at most, and what one address may ask, in the window. */
const byAccount = new RateLimit('contact-account', 5, windowSeconds);
const byAddress = new RateLimit('contact-address', 20, windowSeconds);

/**
 * Holds the public form back, for each account number as typed, whether or not there is such an account, and
 * for each address.
 *
 * @returns how many seconds to wait, 0 when it may go on
 */
export async function takeContactAttempt(
  pool: Pool,
  accountId: number,
  address: string | null,
): Promise<number> {
  const network = readNetwork(address);
  // The address first: what it is refused does not use up the account's.
  const wait = network === null ? 0 : await byAddress.take(pool, network);
  return wait || byAccount.take(pool, String(accountId));
}
