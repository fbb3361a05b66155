import type { Database } from '@/lib/db/client';
import { log } from '@/lib/log';
import { verifyPassword } from './password';
import { SignInThrottle } from './throttle';

export type SignInOutcome =
  | { ok: true; userId: number; sessionEpoch: number }
  | { ok: false; reason: 'wrong' | 'suspended' }
  | { ok: false; reason: 'throttled'; waitSeconds: number };

/**
 * Checks a username and password. A suspended user or account is told so only with the right password; whether a
 * username exists is told to nobody.
 *
 * @param address where the attempt comes from, for the throttle; null when that is not known
 */
export async function checkSignIn(
  db: Database,
  credentials: { username: string; password: string },
  address: string | null,
): Promise<SignInOutcome> {
  // PostgreSQL text holds no NUL
  const username = credentials.username.trim().toLowerCase().slice(0, 100).replaceAll('\0', '\uFFFD');
  const throttle = new SignInThrottle(db.pool);
  const waitSeconds = await throttle.take(username, address);
  if (waitSeconds > 0) {
    log.warn({ address, waitSeconds }, 'sign-in throttled');
    return { ok: false, reason: 'throttled', waitSeconds };
  }
  const user = await db.prisma.user.findUnique({ where: { username }, include: { account: true } });
  const matches = await verifyPassword(user?.passwordHash ?? null, credentials.password.slice(0, 1000));
  if (!user || !matches) return { ok: false, reason: 'wrong' };

  await throttle.forgive(username, address);
  if (user.status !== 'ACTIVE' || user.account?.status === 'SUSPENDED')
    return { ok: false, reason: 'suspended' };
  await db.prisma.user.update({ where: { id: user.id }, data: { lastSignInAt: new Date() } });
  return { ok: true, userId: user.id, sessionEpoch: user.sessionEpoch };
}
