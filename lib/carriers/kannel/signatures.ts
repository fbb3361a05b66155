import { createHmac } from 'node:crypto';
import { env } from '@/lib/env';
import { composeReference, parseReference } from '@/lib/messages/carrier';
import { isSameSecret } from '../credentials';

/*
 * What Kannel shows us: letters, digits, "-" and "_" alone. It replaces a percent sign with a letter wherever
 * the two stand, also within what was percent-encoded, and would look for the host after the first "/" or
 * "@".
 */

/** By whose key; one of them says nothing of another, nor of the secret they are made of. */
type Use = 'replies' | 'receipts';

/** Made once for each use and secret, of which a process has one. */
const keys = new Map<string, Buffer>();

function deriveKey(secret: string, use: Use): Buffer {
  const known = keys.get(`${use} ${secret}`);
  if (known) return known;
  const key = createHmac('sha256', secret).update(`kannel ${use}`).digest();
  keys.set(`${use} ${secret}`, key);
  return key;
}

function sign(secret: string, use: Use, parts: readonly (string | number)[]): string {
  return createHmac('sha256', deriveKey(secret, use)).update(JSON.stringify(parts)).digest('base64url');
}

/** What a carrier's Kannel shows with each reply: the same at each start, and of no use for another's. */
export function composeReplyPassword(carrier: string, secret: string): string {
  const name = `${carrier} ${secret}`;
  const known = passwords.get(name);
  if (known !== undefined) return known;
  // Whoever calls names any carrier.
  if (passwords.size >= mostPasswords) passwords.clear();
  const made = sign(secret, 'replies', [carrier]);
  passwords.set(name, made);
  return made;
}
const passwords = new Map<string, string>();
const mostPasswords = 100;

/** The reference of a message, and what shows that we gave it to this carrier. */
export function signReceipt(
  carrier: string,
  message: { accountId: number; id: string },
): { reference: string; signature: string } {
  const signature = sign(env.CARRIER_SECRET, 'receipts', [carrier, message.accountId, message.id]);
  return { reference: composeReference(message), signature };
}

/**
 * Whose receipt it is.
 *
 * @returns null when this reference and signature were not given to this carrier together
 */
export function readSignedReceipt(
  carrier: string,
  reference: string,
  signature: string,
): { accountId: number; messageId: string } | null {
  const message = parseReference(reference);
  if (!message) return null;
  const own = signReceipt(carrier, { accountId: message.accountId, id: message.messageId });
  // Another writing of the same numbers ("058324-1001") was never given out.
  return own.reference === reference && isSameSecret(own.signature, signature) ? message : null;
}
