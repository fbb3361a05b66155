import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { seal, unseal } from '@/lib/auth/seal';

/*
 * The Standard Webhooks specification: an id, a time and a signature of both and the body, in three headers.
 * Its library hashes in JavaScript, which took a fifth of what a delivery costs this process beyond its
 * request; it verifies what is signed here (signature.test.ts).
 */

const use = 'webhook secret';
const prefix = 'whsec_';

/** A secret as the specification writes it: "whsec_" and 32 random bytes. */
export function makeSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64')}`;
}

export function sealWebhookSecret(accountId: number, secret: string): string {
  return seal(use, nameOwner(accountId), secret);
}

function nameOwner(accountId: number): string {
  return `account:${accountId}`;
}

/** What signs for an endpoint: one secret, or while it is changed two. */
export class Signer {
  private constructor(private readonly keys: readonly KeyObject[]) {}

  /** @returns null when the newest secret cannot be read any more */
  static open(accountId: number, sealed: readonly string[]): Signer | null {
    const secrets = sealed.map((one) => unseal(use, nameOwner(accountId), one));
    if (secrets[0] === undefined || secrets[0] === null) return null;
    return new Signer(secrets.flatMap((secret) => (secret === null ? [] : [readKey(secret)])));
  }

  /**
   * What is sent of a delivery: its body, and the headers, its signature among them, name and value in turn,
   * as node takes them with the least to do.
   */
  sign(id: string, at: Date, body: string): { headers: string[]; body: Buffer } {
    const seconds = String(Math.floor(at.getTime() / 1000));
    const bytes = Buffer.from(body);
    const head = `${id}.${seconds}.`;
    const signatures = this.keys.map(
      (key) => `v1,${createHmac('sha256', key).update(head).update(bytes).digest('base64')}`,
    );
    const headers = [
      'content-type',
      'application/json',
      'accept-encoding',
      'identity',
      'user-agent',
      'ClientZone-Webhooks/1',
      'webhook-id',
      id,
      'webhook-timestamp',
      seconds,
      'webhook-signature',
      signatures.join(' '),
    ];
    return { headers, body: bytes };
  }
}

function readKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret.slice(prefix.length), 'base64'));
}
