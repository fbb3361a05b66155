import { seal, unseal } from '@/lib/auth/seal';

const use = 'authenticator app';

/**
 * Encrypts what the database keeps of an authenticator app. Bound to its user: in another's row it opens
 * nothing.
 */
export function sealSecret(secret: string, userId: number): string {
  return seal(use, nameOwner(userId), secret);
}

/** @returns null when it was sealed with another AUTH_SECRET, for somebody else, or is damaged */
export function openSecret(sealed: string, userId: number): string | null {
  return unseal(use, nameOwner(userId), sealed);
}

function nameOwner(userId: number): string {
  return `user:${userId}`;
}
