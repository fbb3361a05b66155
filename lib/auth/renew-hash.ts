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
 */
export async function renewHash(
  connection: Connection,
  user: { id: number; passwordHash: string },
  password: string,
): Promise<void> {
  if (!isOutdatedHash(user.passwordHash)) return;
  await replaceHash.run(connection, {
    userId: user.id,
    before: user.passwordHash,
    after: await hashPassword(password),
  });
}
