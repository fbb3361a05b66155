import { parseMsisdn } from '@/lib/sms/msisdn';
import { isWritable } from '@/lib/sms/written-number';

/**
 * The digits that a part of an address stands for: "0821234567" and "%2B27 82 123 4567" are 27821234567.
 *
 * @param segment as the router hands it over, percent signs included
 * @returns null for what can be no number
 */
export function readNumberSegment(segment: string): string | null {
  let typed: string;
  try {
    typed = decodeURIComponent(segment);
  } catch {
    return null;
  }
  const parsed = parseMsisdn(typed);
  if (parsed.ok) return parsed.msisdn;
  // What a carrier once handed over may be no number that anybody could write to, and still have a story.
  return isWritable(typed) ? typed : null;
}
