import { hash } from 'node:crypto';

/** The hash of receipts from before there were hashes: no content has it. */
export const unknownContentHash = '00000000-0000-0000-0000-000000000000';

/**
 * What tells two replies apart that a carrier hands over under one id: the sender number and the text, 128
 * bits of SHA-256 as 32 hexadecimal digits, which PostgreSQL reads as a uuid. Neither holds a NUL, so the two
 * parts cannot run into one another.
 */
export function hashContent({ to, text }: { to: string; text: string }): string {
  return hash('sha256', `${to}\0${text}`, 'hex').slice(0, 32);
}
