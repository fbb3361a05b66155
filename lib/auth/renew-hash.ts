import { statement, type Connection } from '@/lib/db/statement';
import { hashPassword, isOutdatedHash } from './password';

// Guarded: a password that was changed in between is not put back.
const replaceHash = statement({
  name: 'renew-password-hash',
  values: { userId: 'int4', before: 'text', after: 'text' },
  sql: ($) =>
    `update portal_user set password_hash = ${$.after} where id = ${$.userId} and password_hash = ${$.before}`,
});

/**
 * Hashes a password anew that was hashed when less was asked: at a sign-in alone is the password itself
 * there.
 *
 * @returns what is kept of it now
 */
export async function renewHash(
  connection: Connection,
  user: { id: number; passwordHash: string },
  password: string,
): Promise<string> {
  const { id: userId, passwordHash: before } = user;
  if (!isOutdatedHash(before)) return before;
  const after = await hashPassword(password);
  await replaceHash.run(connection, { userId, before, after });
  return after;
}
