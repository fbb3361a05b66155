import type { GateOfAccount } from '@/lib/opt-outs/family-queries';
import { describeMissingFromMarketing } from '@/lib/sms/marketing-text';

/**
 * Why a text may not go out as marketing, where the provider refuses what does not say who is speaking and
 * how to opt out; null: it may. One question for a batch, whatever door it came by.
 */
export function findTextProblem({ refusesTexts, names }: GateOfAccount, text: string): string | null {
  return refusesTexts ? describeMissingFromMarketing(text, names) : null;
}
