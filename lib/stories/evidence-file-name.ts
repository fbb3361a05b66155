import { formatAccountNumber } from '@/lib/auth/account-number';

/** "W58324-27821234567-evidence-2026-11-23", without its ending; the date is the account's own. */
export function composeEvidenceFileName(accountId: number, msisdn: string, timeZone: string): string {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date());
  return `${formatAccountNumber(accountId)}-${msisdn}-evidence-${date}`;
}
