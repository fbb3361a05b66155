import type { Pool } from 'pg';
import { RateLimit } from '@/lib/http/rate-limit';
import { readNeighbourhood, readNetwork } from '@/lib/http/visitor-address';

const hour = 3600;

/** What one address, and the network around it, may send of a form in an hour. */
interface PlaceLimits {
  address: RateLimit;
  network: RateLimit;
}

const registering: PlaceLimits & { email: RateLimit; number: RateLimit } = {
  address: new RateLimit('register-address', 10, hour),
  network: new RateLimit('register-network', 30, hour),
  email: new RateLimit('register-email', 3, hour),
  number: new RateLimit('register-number', 3, hour),
};
const recovering: PlaceLimits & { name: RateLimit } = {
  address: new RateLimit('recover-address', 20, hour),
  network: new RateLimit('recover-network', 60, hour),
  name: new RateLimit('recover-name', 5, hour),
};
const guessing: PlaceLimits & { name: RateLimit } = {
  address: new RateLimit('guess-address', 60, hour),
  network: new RateLimit('guess-network', 200, hour),
  // With five tries for each code and five codes an hour: of a million, 20 in a day.
  name: new RateLimit('guess-name', 20, 24 * hour),
};
/** SMSs with codes to one number, whoever asks for them. */
const codesToNumber = new RateLimit('code-number', 5, hour);
/** … to whatever numbers one registration or one user names: each SMS is paid for, and may be the aim. */
const codesToOthers = new RateLimit('code-subject', 10, 24 * hour);
/** Tries of one's own password by whoever sits at the open page. */
const ownPassword = new RateLimit('own-password', 10, hour / 4);

/**
 * An address is null without a proxy that is to be trusted; then it does not count. The narrow limits first:
 * what they refuse uses up no wide one.
 */
async function takePlace(
  pool: Pool,
  { address, network }: PlaceLimits,
  from: string | null,
): Promise<number> {
  const [one, around] = [readNetwork(from), readNeighbourhood(from)];
  if (one === null || around === null) return 0;
  return (await address.take(pool, one)) || network.take(pool, around);
}

/**
 * Holds back who registers again and again, by where from, and by address and number as typed, whether or not
 * there is anybody of them.
 *
 * @returns how many seconds to wait, 0 when it may go on
 */
export async function takeRegistration(
  pool: Pool,
  typed: { email: string; msisdn: string },
  from: string | null,
): Promise<number> {
  return (
    (await takePlace(pool, registering, from)) ||
    (await registering.email.take(pool, typed.email.toLowerCase())) ||
    registering.number.take(pool, typed.msisdn)
  );
}

/** The same for who asks to recover a password or a username; `name` as typed. */
export async function takeRecovery(pool: Pool, name: string, from: string | null): Promise<number> {
  return (await takePlace(pool, recovering, from)) || recovering.name.take(pool, name.toLowerCase());
}

/** The same for who tries codes, of somebody or of nobody. */
export async function takeGuess(pool: Pool, name: string, from: string | null): Promise<number> {
  return (await takePlace(pool, guessing, from)) || guessing.name.take(pool, name.toLowerCase());
}

/**
 * The same for SMSs with codes.
 *
 * @param subject the registration or the user that has named the number; null: it is their own and confirmed
 */
export async function takeCode(pool: Pool, msisdn: string, subject: string | null): Promise<number> {
  const wait = await codesToNumber.take(pool, msisdn);
  if (wait > 0 || subject === null) return wait;
  return codesToOthers.take(pool, subject);
}

/** One that did not leave after all. */
export async function giveCodeBack(pool: Pool, msisdn: string, subject: string): Promise<void> {
  await codesToNumber.giveBack(pool, msisdn);
  await codesToOthers.giveBack(pool, subject);
}

export function takeOwnPassword(pool: Pool, userId: number): Promise<number> {
  return ownPassword.take(pool, String(userId));
}

/** For people. */
export function refuseForNow(waitSeconds: number): { ok: false; reason: 'throttled'; message: string } {
  const minutes = Math.ceil(waitSeconds / 60);
  return {
    ok: false,
    reason: 'throttled',
    message: `There were many attempts. Please try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  };
}
