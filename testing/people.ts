import type { Pool } from 'pg';
import { providerAccountId } from '@/lib/auth/provider-account';
import { claimBatch } from '@/lib/messages/claim';
import type { MemoryMail } from './memory-mail';

/** The token of the link in the latest e-mail to this address. */
export function readToken(mail: MemoryMail, to: string): string {
  const email = mail.taken.findLast((one) => one.to === to && /token=/.test(one.text));
  const token = /token=(\S+)/.exec(email?.text ?? '')?.[1];
  if (token === undefined) throw new Error(`There is no link to ${to}.`);
  return token;
}

/** The subjects of what was written to this address, oldest first. */
export function listSubjects(mail: MemoryMail, to: string): string[] {
  return mail.taken.filter((one) => one.to === to).map(({ subject }) => subject);
}

/** What the provider sends by SMS now, as it leaves, to this number: its texts. Takes everybody's. */
export async function takeServiceSms(pool: Pool, msisdn: string): Promise<string[]> {
  const { messages } = await claimBatch(pool, providerAccountId, { limit: 1000, leaseMs: 600_000 });
  return messages.filter((message) => message.msisdn === msisdn).map(({ text }) => text);
}

/** The code in the one SMS that waits for this number. */
export async function takeCode(pool: Pool, msisdn: string): Promise<string> {
  const texts = await takeServiceSms(pool, msisdn);
  const code = /^(\d{6}) is your/.exec(texts.at(-1) ?? '')?.[1];
  if (code === undefined) throw new Error(`There is no code for the number, but ${JSON.stringify(texts)}.`);
  return code;
}

/** Another six digits. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
