import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from '@/lib/auth/derived-key';

const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts (AES-256-GCM) what the database keeps of an authenticator app. Bound to its user: in another's row
 * it opens nothing.
 */
export function sealSecret(secret: string, userId: number): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey('authenticator app'), iv);
  cipher.setAAD(nameOwner(userId));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @returns null when it was sealed with another AUTH_SECRET, for somebody else, or is damaged */
export function openSecret(sealed: string, userId: number): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= ivBytes + tagBytes) return null;
  const decipher = createDecipheriv(
    'aes-256-gcm',
    deriveKey('authenticator app'),
    bytes.subarray(0, ivBytes),
    {
      authTagLength: tagBytes,
    },
  );
  decipher.setAAD(nameOwner(userId));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    // The tag does not match; node has no error of its own for it.
    return null;
  }
}

function nameOwner(userId: number): Buffer {
  return Buffer.from(`user:${userId}`);
}
