import { createHmac, timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/env';
import { secretPurposes, type LinkPurpose, type SecretPurpose } from './purposes';

/*
 * A secret is made of its row's random id and AUTH_SECRET and is kept nowhere: the outbox and the queue of
 * messages hold the id and put the secret in as they hand over. Neither the database nor a backup of it is
 * enough to follow a link or to know a code.
 */

/** The secret of a row: 43 characters of a link, or the six digits of a code. */
export function deriveSecret(purpose: SecretPurpose, id: string): string {
  const bytes = sign('one-time secret', purpose, id);
  if (secretPurposes[purpose].kind === 'link') return bytes.toString('base64url');
  return String(bytes.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** What the row keeps of it. With a key of another use, so that a hash says nothing of the secret. */
export function hashSecret(purpose: SecretPurpose, id: string, secret: string): string {
  return sign('one-time secret, kept', purpose, id, secret).toString('base64url');
}

export function isSameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** The path of the page where a link leads, with its token. */
export function composeLinkPath(purpose: LinkPurpose, id: string): string {
  return `${secretPurposes[purpose].path}?token=${id}.${deriveSecret(purpose, id)}`;
}

/** @returns null for anything that cannot be a link's token */
export function parseLinkToken(token: string): { id: string; secret: string } | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(token);
  return match ? { id: match[1] as string, secret: match[2] as string } : null;
}

function sign(...parts: string[]): Buffer {
  return createHmac('sha256', env.AUTH_SECRET).update(parts.join('\n')).digest();
}
