import type { OptOutKind } from './schema';

/**
 * The words for how an opt-out came to be and for the rule a reply matched: one source for the screen and for
 * the downloaded file, so that the two always agree.
 */

export const kindLabels: Record<OptOutKind, string> = {
  REPLY: 'Reply',
  SHARED_SENDER: 'Shared sender',
  MANUAL: 'By hand',
  IMPORT: 'Import',
  API: 'API',
  STAFF: 'Staff',
};

/** What stands before a rule's word, and how the rule reads; the more particular first. */
const ruleLabels: readonly (readonly [prefix: string, before: string, after: string])[] = [
  ['own:exact:', 'Your keyword “', '”'],
  ['own:prefix:', 'Starts with your keyword “', '”'],
  ['platform:exact:', 'Also counts: “', '”'],
  ['platform:prefix:', 'Also counts, in front: “', '”'],
  ['exact:', 'Exactly “', '”'],
  ['prefix:', 'Starts with “', '”'],
  ['extra:', 'Also counts: “', '”'],
  ['review:keyword-alone', 'Keyword on a line or in a sentence of its own', ''],
  ['review:keyword-with-words', 'Keyword among other words', ''],
  ['review:phrase', 'Reads like an opt-out', ''],
  ['review:stop-sign', 'A stop sign', ''],
  ['review:slip', 'One slip away from a keyword', ''],
  ['review:lone-part', 'A wish in a part of a longer reply; the rest did not come', ''],
  ['review:late', 'A wish that came late; the recipient has said YES since', ''],
  ['lone-part', 'A part of a longer reply; the rest did not come', ''],
  ['receipt', 'A delivery receipt that came as a text', ''],
];

/** Rules by what stands before their first colon, for a filter. */
export const ruleGroupLabels = {
  exact: 'Published words',
  prefix: 'Starts with',
  extra: 'Also counts',
  platform: 'Added by the provider',
  own: 'Your keywords',
  review: 'Review',
};

/** A rule in words: "exact:stop" is 'Exactly “stop”'. */
export function describeRule(rule: string): string {
  for (const [prefix, before, after] of ruleLabels) {
    if (rule.startsWith(prefix)) return `${before}${rule.slice(prefix.length)}${after}`;
  }
  return rule;
}

/** `describeRule` as an SQL expression over a column. */
export function ruleLabelSql(column: string): string {
  const cases = ruleLabels.map(
    ([prefix, before, after]) =>
      `when starts_with(${column}, '${prefix}') then '${before}' || substr(${column}, ${prefix.length + 1}) || '${after}'`,
  );
  return `case ${cases.join(' ')} else ${column} end`;
}
