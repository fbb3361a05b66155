import { createHmac } from 'node:crypto';
import { deriveKey } from '@/lib/auth/derived-key';

/** Whether a text holds the number, however it is written: as mentions_number in the database finds it. */
export function namesNumber(text: string, msisdn: string): boolean {
  const squeezed = text.replace(/[\s().+-]/g, '');
  const isNational = msisdn.startsWith('27') && squeezed.includes(`0${msisdn.slice(2)}`);
  return squeezed.includes(msisdn) || isNational;
}

/** To whoever writes a number into what is kept for ever. */
export const numberInReason = {
  ok: false,
  message: 'Leave the number out of the reason: the audit log keeps it, and names nobody.',
} as const;

/**
 * What logs call a number without saying it: the same number has the same mark, and nobody without
 * AUTH_SECRET finds it by guessing.
 */
export function markNumber(msisdn: string): string {
  return createHmac('sha256', deriveKey('marks of numbers')).update(msisdn).digest('hex').slice(0, 16);
}
