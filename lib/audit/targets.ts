import { formatAccountNumber } from '@/lib/auth/account-number';
import { formatMsisdn } from '@/lib/sms/msisdn';

/** What the audit log calls a removal request: "Removal request 7 of W58324". */
export function nameRequestTarget(requestId: string, accountId: number): string {
  return `Removal request ${requestId} of ${formatAccountNumber(accountId)}`;
}

/** What the audit log calls a number of an account's: "+27 82 123 4567 of W58324". */
export function nameNumberTarget(msisdn: string, accountId: number): string {
  return `${formatMsisdn(msisdn)} of ${formatAccountNumber(accountId)}`;
}
