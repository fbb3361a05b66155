import { createHmac } from 'node:crypto';
import { deriveKey } from '@/lib/auth/derived-key';

/**
 * What logs call a number without saying it: the same number has the same mark, and nobody without
 * AUTH_SECRET finds it by guessing.
 */
export function markNumber(msisdn: string): string {
  return createHmac('sha256', deriveKey('marks of numbers')).update(msisdn).digest('hex').slice(0, 16);
}
