import { splitRecipients } from '@/lib/sms/recipients';
import { parseSouthAfricanMsisdn } from '@/lib/sms/msisdn-za';

export interface RecipientCount {
  entered: number;
  /** Distinct numbers that can be written to, as far as can be told here. */
  usable: number;
  duplicates: number;
  /** What is certainly no mobile number, as typed, with the reason. */
  invalid: { typed: string; reason: string }[];
}

/**
 * What the server will make of the recipients, told while they are typed. Numbers of other countries count as
 * usable: to check them takes metadata that is too heavy for a page.
 */
export function countRecipients(typed: string): RecipientCount {
  const seen = new Set<string>();
  const invalid: RecipientCount['invalid'] = [];
  const entered = splitRecipients(typed);
  for (const input of entered) {
    const result = parseSouthAfricanMsisdn(input);
    if ('foreign' in result) seen.add(result.foreign.digits);
    else if (result.ok) seen.add(result.msisdn);
    else invalid.push({ typed: input, reason: result.message });
  }
  return {
    entered: entered.length,
    usable: seen.size,
    duplicates: entered.length - invalid.length - seen.size,
    invalid,
  };
}
