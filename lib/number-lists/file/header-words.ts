/**
 * What the name of a column says about the numbers in it. The larger, the likelier it is the one that is
 * meant.
 */
export const headerRanks = { otherNumber: 0, nothing: 1, number: 2, mobile: 3 } as const;

/**
 * Numbers of something else, or not the recipient's own; they may look like numbers of phones, and some are.
 */
const otherNumber =
  /\b(?:sender|from|van|account|rekening\w*|ref|reference|invoice|order|id|identity|identiteits\w*|passport|vat|tax|fax|faks|pager|telex|postal|zip|code|date|time|type|label|notes?|count|amount|price|total|serial|segments|credits)\b|\bnumber of\b/i;
const mobile = /cell|mobile|msisdn|handset|\bsms\b|whats ?app|selfoon|\bsel(?:nommer)?\b/i;
const number = /number|nommer|numero|phone|telefoon|\btel\b|recipient|contact|\bto\b|\bvalue\b/i;

/** Ranks a column by its name, also sender_number or senderNumber: one of {@link headerRanks}. */
export function rankHeader(columnName: string): number {
  const name = columnName.replaceAll('_', ' ').replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  if (otherNumber.test(name)) return headerRanks.otherNumber;
  if (mobile.test(name)) return headerRanks.mobile;
  return number.test(name) ? headerRanks.number : headerRanks.nothing;
}
