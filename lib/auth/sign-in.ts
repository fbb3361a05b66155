import type { Pool } from 'pg';
import { log } from '@/lib/log';
import { verifyPassword } from './password';
import { forgiveAttempt, takeAttempt } from './throttle';

export type SignInOutcome =
  | { ok: true; userId: number }
  | { ok: false; reason: 'wrong' | 'suspended' }
  | { ok: false; reason: 'throttled'; waitSeconds: number };

/** A username as it is kept and counted: lower case, of a bounded length, without NUL, which PostgreSQL's text cannot hold. */
export function normaliseUsername(typed: string): string {
  return typed.trim().toLowerCase().slice(0, 100).replaceAll('\0', '\uFFFD');
}

/**
 * Checks a username and password. A suspended user or account is told so only with the right password; whether a username
 * exists is told to nobody: the same statements run for one that does not.
 *
 * @param username normalised
 * @param from where the attempt comes from, for the throttle; nulls when that is not known
 */
export async function checkSignIn(
  pool: Pool,
  { username, password }: { username: string; password: string },
  from: { address: string | null; deviceId: string | null },
  now = new Date(),
): Promise<SignInOutcome> {
  const attempt = { username, ...from };
  const waitSeconds = await takeAttempt(pool, attempt);
  if (waitSeconds > 0) {
    log.warn({ address: from.address, waitSeconds }, 'sign-in throttled');
    return { ok: false, reason: 'throttled', waitSeconds };
  }
  const user = await findUser(pool, username);
  const matches = await verifyPassword(user?.passwordHash ?? null, password.slice(0, 1000));
  if (!user || !matches) return { ok: false, reason: 'wrong' };

  await forgiveAttempt(pool, attempt);
  if (!user.isActive) return { ok: false, reason: 'suspended' };
  await pool.query('update portal_user set last_sign_in_at = $2 where id = $1', [user.id, now]);
  return { ok: true, userId: user.id };
}

async function findUser(
  pool: Pool,
  username: string,
): Promise<{ id: number; passwordHash: string; isActive: boolean } | null> {
  const { rows } = await pool.query<{ id: number; password_hash: string; is_active: boolean }>({
    name: 'find-user-to-sign-in',
    text: `
      select u.id, u.password_hash, u.status = 'ACTIVE' and coalesce(a.status = 'ACTIVE', true) as is_active
      from portal_user u left join account a on a.id = u.account_id where u.username = $1`,
    values: [username],
  });
  const row = rows[0];
  return row ? { id: row.id, passwordHash: row.password_hash, isActive: row.is_active } : null;
}
