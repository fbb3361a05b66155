import type { Pool } from 'pg';
import type { PersonScope } from '@/lib/auth/scope';
import type { Refusal } from '@/lib/auth/schema';
import { verifyPassword } from '@/lib/auth/password';
import { prismaOn } from '@/lib/db/prisma';
import { RateLimit } from '@/lib/http/rate-limit';
import { readAssertion } from './assertions';
import type { Proof } from './schema';

/** Guesses by whoever sits at somebody's open browser. */
const byPerson = new RateLimit('proof', 10, 15 * 60);

/**
 * Whether it is them, for what an open browser alone must not do.
 *
 * @returns null when it is; otherwise why not
 */
export async function checkProof(
  pool: Pool,
  person: PersonScope,
  proof: Proof,
  now: Date,
): Promise<Refusal | null> {
  if ('passkey' in proof) {
    const asked = { purpose: 'PROOF', userId: person.userId } as const;
    if (await readAssertion(pool, proof.passkey, asked, now)) return null;
    return {
      ok: false,
      reason: 'passkey',
      message: 'This passkey did not answer, or is not yours. Try again, or use your password.',
    };
  }
  const wait = await byPerson.take(pool, String(person.userId));
  if (wait > 0) {
    const minutes = Math.ceil(wait / 60);
    return {
      ok: false,
      reason: 'throttled',
      message: `Too many attempts. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`,
    };
  }
  const user = await prismaOn(pool).user.findUnique({
    where: { id: person.userId },
    select: { passwordHash: true },
  });
  if (!(await verifyPassword(user?.passwordHash ?? null, proof.password.slice(0, 1000)))) {
    return { ok: false, reason: 'password', message: 'The password is not right.' };
  }
  await byPerson.forget(pool, String(person.userId));
  return null;
}
