import { normaliseText } from '../sms/text';
import { findWish, type ClauseKeywords } from './find-wish';
import { ordinaryWords, standardKeywords, type Keyword } from './keywords';
import { passedOver, Prefilter, seenSlip } from './prefilter';
import { cutIntoClauses } from './reply-clauses';
import { listOwnSigns, listStandardSigns } from './signs';
import { mayHoldWish } from './word-check';

export { standardKeywords, type Keyword } from './keywords';

/** `opt-out`: certain, block. `review`: probable, a person decides. */
export type Verdict = 'opt-out' | 'review' | 'none';

/**
 * What a reply is. `rule` says what it matched: `exact:stop`, `prefix:opt out`, `extra:unsub`,
 * `platform:exact:…`, `platform:prefix:…`, `own:exact:…`, `own:prefix:…`, `review:keyword-alone`,
 * `review:keyword-with-words`, `review:phrase`, `review:stop-sign`, `review:slip`; lib/replies/read-reply.ts
 * adds `review:lone-part`, `lone-part` and `receipt`.
 */
export interface Classification {
  verdict: Verdict;
  rule: string | null;
  /** The text as it was compared: normaliseText. */
  normalised: string;
}

/**
 * Reads a reply (design: the three verdicts). Pure. Of two keywords that match, the first in the list gives
 * the rule.
 */
export function classifyReply(text: string, keywords: readonly Keyword[] = standardKeywords): Classification {
  const compiled = keywords === standardKeywords ? standard : compileKeywords(keywords);
  const { ownPrefilter } = compiled;
  if (ownPrefilter !== null) {
    const isSeen = standardPrefilter.look(text) !== passedOver || ownPrefilter.look(text) !== passedOver;
    return isSeen ? read(text, compiled) : new OrdinaryReply(text);
  }
  const seen = standardPrefilter.look(text);
  return seen === passedOver || !isWorthReading(text, seen) ? new OrdinaryReply(text) : read(text, compiled);
}

function isWorthReading(text: string, seen: number): boolean {
  return mayHoldWish(text) || (seen === seenSlip && isSlip(normaliseText(text)));
}

/** @internal The same without the prefilter: what the tests compare classifyReply with. */
export function classifyThoroughly(
  text: string,
  keywords: readonly Keyword[] = standardKeywords,
): Classification {
  return read(text, compileKeywords(keywords));
}

/** Normalising takes longer than all the rest, and nobody reads the normalised text of an ordinary reply. */
class OrdinaryReply implements Classification {
  declare readonly verdict: 'none';
  declare readonly rule: null;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get normalised(): string {
    return normaliseText(this.#text);
  }

  toJSON(): Classification {
    return { verdict: this.verdict, rule: this.rule, normalised: this.normalised };
  }
}
Object.assign(OrdinaryReply.prototype, { verdict: 'none', rule: null });

interface CompiledKeywords extends ClauseKeywords {
  exact: ReadonlyMap<string, { rule: string; rank: number }>;
  patterns: readonly { pattern: RegExp; rule: string; rank: number }[];
  /** For keywords that are not standard; null without any. */
  ownPrefilter: Prefilter | null;
}

// In a keyword, _ is any one character as people see characters: a flag is two code points, an accent may be
// one. Each is taken as a whole (a lookahead gives nothing back): many _ against many marks would try all
// ways to share them out.
const anyCharacter = '(?:\\p{RI}\\p{RI}|[^])\\p{Emoji_Modifier}?\\p{M}*';

const compiledLists = new WeakMap<readonly Keyword[], CompiledKeywords>();
const standard = compileKeywords(standardKeywords);

function compileKeywords(keywords: readonly Keyword[]): CompiledKeywords {
  const known = compiledLists.get(keywords);
  if (known !== undefined) return known;

  const exact = new Map<string, { rule: string; rank: number }>();
  const patterns: { pattern: RegExp; rule: string; rank: number }[] = [];
  const leading: string[] = [];
  keywords.forEach(({ word, match, source }, rank) => {
    const normalised = normaliseText(word);
    if (normalised === '') return;
    const rule = `${nameRule(source, match)}:${normalised}`;
    if (match === 'prefix' || normalised.includes('_')) {
      patterns.push({ pattern: compilePattern(normalised, match), rule, rank });
    } else {
      if (!exact.has(normalised)) exact.set(normalised, { rule, rank });
      if (source !== 'own') leading.push(normalised);
    }
  });
  leading.sort((a, b) => b.length - a.length);
  const own = keywords
    .filter((keyword) => !standardKeywords.includes(keyword))
    .map(({ word }) => normaliseText(word));
  const ownWords = own.filter((word) => word !== '');
  const folded = new Set([...exact.keys()].map(foldKeyword));
  const compiled = {
    exact,
    patterns,
    leading,
    isKeyword: (words: string) => folded.has(words),
    prefixes: keywords
      .filter(({ match, source, word }) => match === 'prefix' && isOwn(source) && !word.includes('_'))
      .map(({ word }) => foldKeyword(word))
      .filter((word) => word !== ''),
    ownPrefilter: ownWords.length === 0 ? null : new Prefilter(listOwnSigns(ownWords)),
  };
  compiledLists.set(keywords, compiled);
  return compiled;
}

/** A keyword as clauses have it. */
function foldKeyword(word: string): string {
  return cutIntoClauses(word)
    .flatMap(({ words }) => words)
    .join(' ');
}

function isOwn(source: Keyword['source']): boolean {
  return source === 'own' || source === 'platform';
}

function nameRule(source: Keyword['source'], match: Keyword['match']): string {
  if (isOwn(source)) return `${source}:${match}`;
  return source === 'extra' ? 'extra' : match;
}

function compilePattern(word: string, match: Keyword['match']): RegExp {
  const [first = '', ...others] = word.split('_').map(escapePattern);
  const rest = others.map((part, at) => `(?=(${anyCharacter}))\\${at + 1}${part}`);
  return new RegExp(`^${first}${rest.join('')}${match === 'exact' ? '$' : ''}`, 'u');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function read(text: string, keywords: CompiledKeywords): Classification {
  const normalised = normaliseText(text);
  const rule = findKeyword(normalised, keywords);
  if (rule !== null) return { verdict: 'opt-out', rule, normalised };
  const reviewRule = findReviewRule(text, normalised, keywords);
  return { verdict: reviewRule === null ? 'none' : 'review', rule: reviewRule, normalised };
}

function findKeyword(normalised: string, { exact, patterns }: CompiledKeywords): string | null {
  const whole = exact.get(normalised);
  const pattern = patterns.find((candidate) => candidate.pattern.test(normalised));
  if (whole !== undefined && (pattern === undefined || whole.rank < pattern.rank)) return whole.rule;
  return pattern?.rule ?? null;
}

/** Longer texts are not looked at for a stop sign alone or a slip of the fingers. */
const longestSign = 160;
const stopSigns = /^[\s\p{P}]*[🛑⛔🚫][\s\p{P}🛑⛔🚫\p{Default_Ignorable_Code_Point}]*$/u;

function findReviewRule(text: string, normalised: string, keywords: CompiledKeywords): string | null {
  if (normalised === '')
    return text.length <= longestSign && stopSigns.test(text) ? 'review:stop-sign' : null;
  if (normalised.length <= longestSign && isSlip(normalised)) return 'review:slip';
  return findWish(cutIntoClauses(text), keywords);
}

const slipTargets = standardKeywords
  .map(({ word }) => word)
  .filter((word) => word.length >= 4 && !word.includes('_'));

const standardPrefilter = new Prefilter(
  listStandardSigns(standardKeywords, [...standard.exact.keys(), 'opt out', 'stop send']),
);

// One more character, which may be two UTF-16 units.
const longestSlip = Math.max(...slipTargets.map((word) => word.length)) + 2;

/**
 * One slip of the fingers away from a standard keyword: "sotp", "unsuscribe", "st op", "STOPPPP", "s.t.o.p".
 */
function isSlip(normalised: string): boolean {
  if (ordinaryWords.has(normalised)) return false;
  const unstretched = normalised.replace(/(\p{L})\1{2,}/gu, '$1');
  const unspelled = /^(?:\p{L}[^\p{L}\p{N}])+\p{L}$/u.test(normalised)
    ? normalised.replace(/[^\p{L}]/gu, '')
    : normalised;
  if (standard.exact.has(unstretched) || standard.exact.has(unspelled)) return true;
  // Words of three letters are left out: too many others are one slip away from them ("and", "send", "ens").
  return normalised.length <= longestSlip && slipTargets.some((target) => isOneSlipAway(normalised, target));
}

/**
 * Whether one character added, left out, or wrong, or two swapped, makes the one of the other
 * (Damerau-Levenshtein).
 */
function isOneSlipAway(typed: string, target: string): boolean {
  // One more character may be two UTF-16 units.
  if (typed.length < target.length - 1 || typed.length > target.length + 2) return false;
  const [one, other] = [[...typed], [...target]];
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let fromEnd = 0;
  const shorter = Math.min(one.length, other.length);
  while (fromEnd < shorter - start && one[one.length - 1 - fromEnd] === other[other.length - 1 - fromEnd]) {
    fromEnd += 1;
  }
  const a = one.slice(start, one.length - fromEnd);
  const b = other.slice(start, other.length - fromEnd);
  return (
    (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
  );
}
