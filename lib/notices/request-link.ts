import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/env';

/**
 * The link that confirms a public request. Its secret is made of a random seed and AUTH_SECRET and is kept
 * nowhere: the request holds its hash, the outbox the seed, so neither the database nor a backup of it is
 * enough to follow a link.
 */

export interface LinkSubject {
  accountId: number;
  requestId: string;
}

export function makeSeed(): string {
  return randomBytes(32).toString('base64url');
}

function makeSecret({ accountId, requestId }: LinkSubject, seed: string): string {
  return createHmac('sha256', env.AUTH_SECRET)
    .update(`removal-request:${accountId}:${requestId}:${seed}`)
    .digest('base64url');
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** What is kept with the request. */
export function hashLink(subject: LinkSubject, seed: string): string {
  return hashSecret(makeSecret(subject, seed));
}

/** "58324.7.…": the account and the request are in it, so that they are found by key. */
export function composeToken(subject: LinkSubject, seed: string): string {
  return `${subject.accountId}.${subject.requestId}.${makeSecret(subject, seed)}`;
}

/** The path of the page where the link leads. */
export function composeLinkPath(token: string): string {
  return `/contact/confirm?token=${token}`;
}

/** @returns null for anything that cannot be a token */
export function parseToken(token: string): (LinkSubject & { secret: string }) | null {
  const match = /^(\d{1,9})\.([1-9]\d{0,17})\.([\w-]{43})$/.exec(token);
  return match
    ? { accountId: Number(match[1]), requestId: match[2] as string, secret: match[3] as string }
    : null;
}

export function matchesHash(secret: string, hash: string | null): boolean {
  if (hash === null) return false;
  const [given, kept] = [Buffer.from(hashSecret(secret)), Buffer.from(hash)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
