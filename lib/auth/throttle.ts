import type { Pool } from 'pg';
import { RateLimit } from '@/lib/http/rate-limit';
import { readNetwork } from '@/lib/http/visitor-address';

const windowSeconds = 15 * 60;

/** Failures in the window after which a username may no longer be tried from one place. */
const byPlace = new RateLimit('sign-in-place', 10, windowSeconds);
/** … from one place, whatever the username. */
const byAddress = new RateLimit('sign-in-address', 100, windowSeconds);
/** … from anywhere, by browsers that have never signed in with it. */
const byUsername = new RateLimit('sign-in-user', 50, windowSeconds);
/** … by one browser that has. */
const byDevice = new RateLimit('sign-in-device', 10, windowSeconds);

/** Who tries to sign in. */
export interface Attempt {
  username: string;
  /** Null when it is not known: then all such places count as one, and no address as a whole. */
  address: string | null;
  /** Of a browser that has signed in with this username before (known-device.ts); null otherwise. */
  deviceId: string | null;
}

/**
 * Slows down guessing. Failures are counted for a username at each place, so that a stranger's do not keep
 * its owner out; what many places try together has a wider limit, which a browser known from earlier passes.
 * Names that do not exist are counted like those that do.
 *
 * Takes one attempt, to be given back by {@link forgiveAttempt} when the password was right. Counting before
 * checking leaves no gap for many attempts at the same moment.
 *
 * @returns how many seconds to wait, 0 when the attempt may go on
 */
export async function takeAttempt(pool: Pool, attempt: Attempt): Promise<number> {
  if (attempt.deviceId !== null) return byDevice.take(pool, attempt.deviceId);
  // The narrow ones first: what they refuse must not count against the username, or one place could use it
  // up.
  const network = readNetwork(attempt.address);
  if (network !== null) {
    const wait = await byAddress.take(pool, network);
    if (wait > 0) return wait;
  }
  return (
    (await byPlace.take(pool, namePlace(attempt.username, network))) ||
    (await byUsername.take(pool, attempt.username))
  );
}

/** Gives back the attempt, and forgets those before it from the same place. */
export async function forgiveAttempt(pool: Pool, attempt: Attempt): Promise<void> {
  if (attempt.deviceId !== null) return byDevice.forget(pool, attempt.deviceId);
  const network = readNetwork(attempt.address);
  await Promise.all([
    byPlace.forget(pool, namePlace(attempt.username, network)),
    byUsername.giveBack(pool, attempt.username),
    network === null ? null : byAddress.giveBack(pool, network),
  ]);
}

/** An address holds no space, so a username cannot pretend to be another at another place. */
function namePlace(username: string, network: string | null): string {
  return `${network ?? 'unknown'} ${username}`;
}
