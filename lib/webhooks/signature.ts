import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { seal, unseal } from '@/lib/auth/seal';

/*
 * The Standard Webhooks specification: an id, a time and a signature of both and the body, in three headers.
 */

const use = 'webhook secret';

/** A secret as the specification writes it: "whsec_" and 32 random bytes. */
export function makeSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export function sealWebhookSecret(accountId: number, secret: string): string {
  return seal(use, nameOwner(accountId), secret);
}

function nameOwner(accountId: number): string {
  return `account:${accountId}`;
}

/** What signs for an endpoint: one secret, or while it is changed two. */
export class Signer {
  private constructor(private readonly hooks: readonly Webhook[]) {}

  /** @returns null when the newest secret cannot be read any more */
  static open(accountId: number, sealed: readonly string[]): Signer | null {
    const secrets = sealed.map((one) => unseal(use, nameOwner(accountId), one));
    if (secrets[0] === undefined || secrets[0] === null) return null;
    return new Signer(secrets.flatMap((secret) => (secret === null ? [] : [new Webhook(secret)])));
  }

  sign(id: string, at: Date, body: string): Record<string, string> {
    return {
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'ClientZone-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': this.hooks.map((hook) => hook.sign(id, at, body)).join(' '),
    };
  }
}
