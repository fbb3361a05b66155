import type { GateOfAccount } from '@/lib/opt-outs/family-queries';
import { describeMissingFromMarketing } from '@/lib/sms/marketing-text';
import type { MessagePurpose } from './schema';

/**
 * Why a text may not go out as it is, where the provider refuses marketing that does not say who is speaking
 * and how to opt out; null: it may. One question for a batch, whatever door it came by.
 *
 * @param message of which a null purpose is the account's default
 */
export function findTextProblem(
  { refusesTexts, defaultPurpose, names }: GateOfAccount,
  { text, purpose }: { text: string; purpose: MessagePurpose | null },
): string | null {
  if (!refusesTexts || (purpose ?? defaultPurpose) !== 'MARKETING') return null;
  return describeMissingFromMarketing(text, names);
}
