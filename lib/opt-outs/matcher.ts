import { normaliseText } from '../sms/text';
import { isSuspect, listOwnOpenings, mayOpen, mayOpenLater, maxSlipLength, type OwnOpenings } from './glance';
import { ordinaryWords, standardKeywords, type Keyword } from './keywords';
import { leadInWords, openingPhrases, reviewPhrases, type ReviewPhrase } from './review-phrases';

export { standardKeywords, type Keyword } from './keywords';

/** `opt-out`: certain, block. `review`: probable, a person decides. */
export type Verdict = 'opt-out' | 'review' | 'none';

/**
 * What a reply is. `rule` says what it matched: `exact:stop`, `prefix:opt out`, `extra:unsub`, `own:exact:…`,
 * `own:prefix:…`, `review:keyword-with-words`, `review:phrase`, `review:stop-sign`, `review:slip`.
 */
export interface Classification {
  verdict: Verdict;
  rule: string | null;
  /** The text as it was compared: normaliseText. */
  normalised: string;
}

/** Reads a reply (design: the three verdicts). Pure. Of two keywords that match, the first in the list gives the rule. */
export function classifyReply(
  text: string,
  keywords: readonly Keyword[] = standardKeywords,
): Classification {
  const compiled = keywords === standardKeywords ? standard : compileKeywords(keywords);
  return isSuspect(text, compiled.ownOpenings) ? readSuspect(text, compiled) : new OrdinaryReply(text);
}

/** The same without the glance that rules out ordinary texts: what the tests compare classifyReply with. */
export function classifyThoroughly(text: string, keywords: readonly Keyword[] = standardKeywords): Classification {
  return readSuspect(text, compileKeywords(keywords));
}

/** Normalising takes longer than all the rest, and nobody reads the normalised text of an ordinary reply. */
class OrdinaryReply implements Classification {
  readonly verdict = 'none';
  readonly rule = null;
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

interface CompiledKeywords {
  exact: ReadonlyMap<string, { rule: string; rank: number }>;
  patterns: readonly { pattern: RegExp; rule: string; rank: number }[];
  /** Exact words that may be followed by others: published and extra ones, longest first. */
  leading: readonly string[];
  /** Null for the standard keywords, whose openings the glance knows. */
  ownOpenings: OwnOpenings | null;
}

// In a keyword, _ is any one character as people see characters: a flag is two code points, an accent may be one.
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
    const rule = `${source === 'own' ? `own:${match}` : source === 'extra' ? 'extra' : match}:${normalised}`;
    if (match === 'prefix' || normalised.includes('_')) {
      patterns.push({ pattern: compilePattern(normalised, match), rule, rank });
    } else {
      if (!exact.has(normalised)) exact.set(normalised, { rule, rank });
      if (source !== 'own') leading.push(normalised);
    }
  });
  leading.sort((a, b) => b.length - a.length);
  const others = keywords.filter((keyword) => !standardKeywords.includes(keyword));
  const compiled = {
    exact,
    patterns,
    leading,
    ownOpenings: others.length === 0 ? null : listOwnOpenings(others.map(({ word }) => normaliseText(word))),
  };
  compiledLists.set(keywords, compiled);
  return compiled;
}

function compilePattern(word: string, match: Keyword['match']): RegExp {
  const source = word.split('_').map(escapePattern).join(anyCharacter);
  return new RegExp(`^${source}${match === 'exact' ? '$' : ''}`, 'u');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function readSuspect(text: string, keywords: CompiledKeywords): Classification {
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

// Longer texts, two SMSs' worth, are stories: only their opening could be an opt-out, and that is a keyword's.
const longestReviewed = 320;
// A keyword may be followed by so many words, or by any number after a full stop within one SMS's length.
const fewWords = 3;
const oneSms = 160;

/** Texts with which phones report a reaction; they quote what we sent, "reply STOP" included. */
const reaction =
  /^(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,20}to|removed an? .{1,20}from|.{0,12}\bto) ?["“„«]/u;
const stopSigns = /^[\s\p{P}]*[🛑⛔🚫][\s\p{P}🛑⛔🚫\p{Default_Ignorable_Code_Point}]*$/u;

function findReviewRule(text: string, normalised: string, keywords: CompiledKeywords): string | null {
  if (normalised === '') return text.length <= oneSms && stopSigns.test(text) ? 'review:stop-sign' : null;
  if (normalised.length > longestReviewed || reaction.test(normalised)) return null;
  if (text.length <= maxSlipLength && isSlip(normalised)) return 'review:slip';

  // The end of a line ends a sentence: a name or "Sent from my phone" often stands below the keyword.
  const sentences = /[\r\n]/.test(text) ? normaliseText(text.replace(/\s*[\r\n]+\s*/g, '. ')) : normalised;
  const wish = sentences.replace(/[‘’]/g, "'");
  if (isKeywordWithWords(wish, keywords.leading)) return 'review:keyword-with-words';
  return isPolite(wish) || endsInKeyword(wish) || hasPhrase(wish) ? 'review:phrase' : null;
}

const slipTargets = standardKeywords
  .map(({ word }) => word)
  .filter((word) => word.length >= 4 && !word.includes('_'));

/** One slip of the fingers away from a standard keyword: "sotp", "unsuscribe", "st op", "STOPPPP", "s.t.o.p". */
function isSlip(normalised: string): boolean {
  if (ordinaryWords.has(normalised)) return false;
  const unstretched = normalised.replace(/(\p{L})\1{2,}/gu, '$1');
  const unspelled = /^(?:\p{L}[^\p{L}\p{N}]+)+\p{L}$/u.test(normalised)
    ? normalised.replace(/[^\p{L}]/gu, '')
    : normalised;
  if (standard.exact.has(unstretched) || standard.exact.has(unspelled)) return true;
  // Words of three letters are left out: too many others are one slip away from them ("and", "send", "ens").
  return slipTargets.some((target) => isOneSlipAway(normalised, target));
}

/** Whether one character added, left out, or wrong, or two swapped, makes the one of the other (Damerau-Levenshtein). */
function isOneSlipAway(one: string, other: string): boolean {
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
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]);
}

const sentenceEnd = /^ ?[.!?,;]|^ [-–—] /u;
const words = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'_]*/gu;

/** What follows a keyword when it is an ordinary verb: "stop by", "stop crying", "cancel my appointment". */
const ordinaryContinuations: Readonly<Record<string, RegExp>> = {
  stop: /^(?:by|at|over|in|on|off|for|near|here|there|outside|and|or|before|after|until|till|when|if|then|bus|sign|street|watch|\p{L}+ing)(?!\p{L})/u,
  quit: /^(?:\p{L}+ing?|my|your|ur|the|his|her|their|our|job|work|school)(?!\p{L})/u,
  cancel:
    /(?<!\p{L})(?:appointment|appt|meeting|booking|order|flight|trip|lunch|dinner|supper|class|lesson|reservation|table|session|today|tonight|tonite|tomorrow|tmr\p{L}?)(?!\p{L})/u,
  end: /^(?!(?:(?:my|our|the|these|your|ur|all) )*(?:it|this|that|now|please|pls|plz|all|sms\p{L}*|subs\p{L}*|messages?|msgs?|texts?|service|membership|me|thanks?|asb|immediately|asap|\p{N}+)(?!\p{L}))/u,
};

function isKeywordWithWords(wish: string, leading: readonly string[]): boolean {
  const keyword = leading.find((word) => wish.startsWith(word));
  if (keyword === undefined) return false;
  if (wish.length <= oneSms && wish.replace(/[^\p{L}\p{N}]/gu, '').replaceAll(keyword, '') === '') return true;
  const rest = wish.slice(keyword.length);
  if (/^[\p{L}\p{N}\p{M}'_]/u.test(rest)) return false;
  if (sentenceEnd.test(rest)) return wish.length <= oneSms;
  const count = rest.match(words)?.length ?? 0;
  return count > 0 && count <= fewWords && !ordinaryContinuations[keyword]?.test(rest.trimStart());
}

const courtesy = '(?:please|pls|plz|plse|plss|pleas|kindly|asb|asseblief|ngicela|ndicela|ke kopa)';
const greeting =
  '(?:hi|hello|hey|hallo|good (?:morning|day|afternoon|evening)|sir|madam|ok|okay|no|nope|nee|just|sorry|thanks|thank you|dankie|i said|(?:can|could|will|would) (?:you|u))';
const withCourtesy = new RegExp(`^(?:(?:${greeting}|${courtesy})[^\\p{L}\\p{N}]+)*${courtesy}[^\\p{L}\\p{N}]+`, 'u');
const withGreeting = new RegExp(`^(?:${greeting}[^\\p{L}\\p{N}]+)+(?=stop|unsub|opt)`, 'u');

/** A keyword after words of courtesy: "please cancel this"; after a mere greeting only one that is hardly a common verb. */
function isPolite(wish: string): boolean {
  const opening = withCourtesy.exec(wish) ?? withGreeting.exec(wish);
  if (opening === null) return false;
  const rest = wish.slice(opening[0].length);
  return findKeyword(rest, standard) !== null || isKeywordWithWords(rest, standard.leading);
}

const keywordAsLastSentence =
  /(?:[.!?,;] ?|[^ ] [-–—] |(?<!\p{L})(?:please|pls|plz|kindly|asb|asseblief|thanks|thank you|interested|number|said) )(?:stop|unsubscribe|unsub)$/u;

function endsInKeyword(wish: string): boolean {
  if (wish.length > oneSms || !/(?:stop|unsub|unsubscribe)$/.test(wish)) return false;
  if (keywordAsLastSentence.test(wish)) return true;
  return / (?:unsubscribe|unsub)$/.test(wish) && (wish.match(words)?.length ?? 0) <= fewWords + 1;
}

// "My sister won't stop calling" wishes nothing of us.
const notNegated = "(?<!(?:n't|not|never|cant|wont|dont|didnt|doesnt) )";
const anywhere = compilePhrases(reviewPhrases);
const atStart = compilePhrases([...openingPhrases, ...reviewPhrases]);
const leadIns: ReadonlySet<string> = new Set(leadInWords);
const wordStart = /(?<![\p{L}\p{N}\p{M}'])[\p{L}\p{N}]/gu;

function compilePhrases(phrases: readonly ReviewPhrase[]): RegExp {
  const sources = phrases.map(({ opening, rest }) => `${escapePattern(opening)}(?:${rest})`);
  return new RegExp(`${notNegated}(?:${sources.join('|')})`, 'uy');
}

function hasPhrase(wish: string): boolean {
  if (mayOpen(wish, 0) && matchesAt(atStart, wish, 0)) return true;
  const firstWord = /^[\p{L}\p{N}]+/u.exec(wish)?.[0] ?? '';
  if (!leadIns.has(firstWord)) return false;
  wordStart.lastIndex = firstWord.length;
  for (;;) {
    const at = wordStart.exec(wish)?.index;
    if (at === undefined) return false;
    if (mayOpenLater(wish, at) && matchesAt(anywhere, wish, at)) return true;
  }
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
