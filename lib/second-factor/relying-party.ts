import { isIP } from 'node:net';
import { env } from '@/lib/env';

/** Whom a passkey is made for: the host that people type. A passkey of one host works at no other. */
export interface RelyingParty {
  id: string;
  name: string;
  origin: string;
}

/**
 * @returns null where browsers make no passkeys: at a bare address, or without https elsewhere than on this
 *   machine
 */
export function findRelyingParty(appUrl = env.APP_URL): RelyingParty | null {
  const { hostname, origin, protocol } = new URL(appUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return null;
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  return protocol === 'https:' || isLocal ? { id: hostname, name: 'Client Zone', origin } : null;
}
