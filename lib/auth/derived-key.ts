import { hkdfSync } from 'node:crypto';
import { env } from '@/lib/env';

/**
 * A key of 32 bytes for one use, made of AUTH_SECRET: what is sealed or hashed for one use is worth nothing
 * for another.
 *
 * @param use never reworded, or what was made with it is lost: "authenticator app"
 */
export function deriveKey(use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', env.AUTH_SECRET, 'client zone', use, 32));
}
