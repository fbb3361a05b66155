import type { Pool } from 'pg';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Refusal } from '@/lib/auth/schema';
import type { PasskeySignIn } from '@/lib/auth/options';
import { prismaOn } from '@/lib/db/prisma';
import { RateLimit } from '@/lib/http/rate-limit';
import { readNetwork } from '@/lib/http/visitor-address';
import { askForPasskey, readAssertion } from './assertions';

/** Each makes a row, and strangers may ask. */
const byNetwork = new RateLimit('passkey-sign-in', 100, 15 * 60);

/**
 * Begins to sign in with a passkey: whose, the passkey itself says.
 *
 * @param address where the visitor comes from; null when that is not known, and then nothing is counted
 */
export async function askToSignIn(
  pool: Pool,
  address: string | null,
  now: Date,
): Promise<{ ok: true; options: PublicKeyCredentialRequestOptionsJSON } | Refusal> {
  const network = readNetwork(address);
  const wait = network === null ? 0 : await byNetwork.take(pool, network);
  if (wait > 0) {
    return {
      ok: false,
      reason: 'throttled',
      message: 'Too many attempts. Wait a few minutes and try again.',
    };
  }
  const options = await askForPasskey(pool, { purpose: 'SIGN_IN', userId: null }, now);
  if (!options) {
    return {
      ok: false,
      message: 'Passkeys need an address with a name and https, which this installation has not.',
    };
  }
  return { ok: true, options };
}

/** For next-auth (lib/auth/options.ts): who has signed in with a passkey. */
export async function signInWithPasskey(pool: Pool, response: string, now: Date): Promise<PasskeySignIn> {
  const assertion = await readAssertion(pool, response, { purpose: 'SIGN_IN', userId: null }, now);
  if (!assertion) return { ok: false, reason: 'passkey' };
  if (!assertion.isActive) return { ok: false, reason: 'suspended' };
  const { userId, username } = assertion;
  await prismaOn(pool).user.update({ where: { id: userId }, data: { lastSignInAt: now } });
  return { ok: true, userId, username };
}
