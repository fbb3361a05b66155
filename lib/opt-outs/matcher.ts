import { normaliseText } from '../sms/text';
import { Glance } from './glance';
import { ordinaryWords, standardKeywords, type Keyword } from './keywords';
import {
  courtesyWords,
  expandOpening,
  fillerWords,
  leadInWords,
  openingPhrases,
  reviewPhrases,
  type ReviewPhrase,
} from './review-phrases';

export { standardKeywords, type Keyword } from './keywords';

/** `opt-out`: certain, block. `review`: probable, a person decides. */
export type Verdict = 'opt-out' | 'review' | 'none';

/**
 * What a reply is. `rule` says what it matched: `exact:stop`, `prefix:opt out`, `extra:unsub`, `platform:exact:…`,
 * `platform:prefix:…`, `own:exact:…`, `own:prefix:…`, `review:keyword-with-words`, `review:phrase`, `review:stop-sign`, `review:slip`.
 */
export interface Classification {
  verdict: Verdict;
  rule: string | null;
  /** The text as it was compared: normaliseText. */
  normalised: string;
}

/** Reads a reply (design: the three verdicts). Pure. Of two keywords that match, the first in the list gives the rule. */
export function classifyReply(text: string, keywords: readonly Keyword[] = standardKeywords): Classification {
  const compiled = keywords === standardKeywords ? standard : compileKeywords(keywords);
  const isSuspect = standardGlance.isSuspect(text) || compiled.ownGlance?.isSuspect(text) === true;
  return isSuspect ? readSuspect(text, compiled) : new OrdinaryReply(text);
}

/** The same without the glance that rules out ordinary texts: what the tests compare classifyReply with. */
export function classifyThoroughly(
  text: string,
  keywords: readonly Keyword[] = standardKeywords,
): Classification {
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
  /** For keywords that are not standard; null without any. */
  ownGlance: Glance | null;
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
    const rule = `${nameRule(source, match)}:${normalised}`;
    if (match === 'prefix' || normalised.includes('_')) {
      patterns.push({ pattern: compilePattern(normalised, match), rule, rank });
    } else {
      if (!exact.has(normalised)) exact.set(normalised, { rule, rank });
      if (source !== 'own') leading.push(normalised);
    }
  });
  leading.sort((a, b) => b.length - a.length);
  const openings = keywords
    .filter((keyword) => !standardKeywords.includes(keyword))
    .map((keyword) => normaliseText(keyword.word))
    .filter((word) => word !== '');
  const compiled = {
    exact,
    patterns,
    leading,
    ownGlance: openings.length === 0 ? null : new Glance({ openings }, 64 + 2 * openings.join('').length),
  };
  compiledLists.set(keywords, compiled);
  return compiled;
}

function nameRule(source: Keyword['source'], match: Keyword['match']): string {
  if (source === 'own' || source === 'platform') return `${source}:${match}`;
  return source === 'extra' ? 'extra' : match;
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
  /^(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,20}to|removed an? .{1,20}from|to) ?["“„«]/u;
const stopSigns = /^[\s\p{P}]*[🛑⛔🚫][\s\p{P}🛑⛔🚫\p{Default_Ignorable_Code_Point}]*$/u;

function findReviewRule(text: string, normalised: string, keywords: CompiledKeywords): string | null {
  if (normalised === '') return text.length <= oneSms && stopSigns.test(text) ? 'review:stop-sign' : null;
  if (normalised.length > longestReviewed || reaction.test(normalised)) return null;
  if (isSlip(normalised)) return 'review:slip';

  // The end of a line ends a sentence: a name or "Sent from my phone" often stands below the keyword.
  const sentences = /[\r\n]/.test(text) ? normaliseText(text.replace(/\s*[\r\n]+\s*/g, '. ')) : normalised;
  const wish = sentences.replace(/[‘’]/g, "'");
  if (isKeywordWithWords(wish, keywords.leading)) return 'review:keyword-with-words';
  return hasPhrase(wish) ? 'review:phrase' : null;
}

const slipTargets = standardKeywords
  .map(({ word }) => word)
  .filter((word) => word.length >= 4 && !word.includes('_'));

const standardGlance = new Glance(
  {
    openings: [
      ...standardKeywords.filter(({ match }) => match === 'prefix').map(({ word }) => word),
      // "stopstop"
      ...[...standard.exact.keys()].map((word) => word + word),
      ...[...openingPhrases, ...reviewPhrases].flatMap(({ opening }) => expandOpening(opening)),
    ],
    wholeWords: [...standard.exact.keys()],
    leadIns: leadInWords,
    fillers: fillerWords,
    slipTargets,
    stretchTargets: [...standard.exact.keys()],
  },
  4096,
);

// One more character, which may be two UTF-16 units.
const longestSlip = Math.max(...slipTargets.map((word) => word.length)) + 2;

/** One slip of the fingers away from a standard keyword: "sotp", "unsuscribe", "st op", "STOPPPP", "s.t.o.p". */
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

/** Whether one character added, left out, or wrong, or two swapped, makes the one of the other (Damerau-Levenshtein). */
function isOneSlipAway(typed: string, target: string): boolean {
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

const sentenceEnd = /^ ?[.!?,;]|^ [-–—] /u;
const wordGoesOn = /^[\p{L}\p{N}\p{M}'_]/u;
const words = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'_]*/gu;

/** What follows a keyword when it is an ordinary verb: "stop by", "stop crying", "cancel my appointment". */
const ordinaryContinuations: Readonly<Record<string, RegExp>> = {
  stop: /^(?:by|at|over|in|on|off|for|near|here|there|outside|and|or|before|after|until|till|when|if|then|bus|sign|street|watch|\p{L}+ing)(?!\p{L})/u,
  quit: /^(?:\p{L}+ing|my|your|ur|the|his|her|their|our|job|work|school)(?!\p{L})/u,
  cancel:
    /(?<!\p{L})(?:appointment|appt|meeting|booking|order|flight|trip|lunch|dinner|supper|class|lesson|reservation|table|session|today|tonight|tonite|tomorrow|tmr\p{L}?)(?!\p{L})/u,
  end: /^(?!(?:(?:my|our|the|these|your|ur|all) )*(?:it|this|that|now|please|pls|plz|all|sms\p{L}*|subs\p{L}*|messages?|msgs?|texts?|service|membership|me|thanks?|asb|immediately|asap|\p{N}+)(?!\p{L}))/u,
};

function isKeywordWithWords(wish: string, leading: readonly string[]): boolean {
  if (wish.length <= oneSms && leading.some((word) => isRepeated(word, wish))) return true;
  const keyword = leading.find((word) => wish.startsWith(word) && !wordGoesOn.test(wish.slice(word.length)));
  if (keyword === undefined) return false;
  const rest = wish.slice(keyword.length);
  if (sentenceEnd.test(rest)) return wish.length <= oneSms;
  const count = rest.match(words)?.length ?? 0;
  return count > 0 && count <= fewWords && !ordinaryContinuations[keyword]?.test(rest.trimStart());
}

/** "stop stop stop", "stopstop". */
function isRepeated(word: string, wish: string): boolean {
  return wish.startsWith(word) && wish.replaceAll(word, '').search(/[\p{L}\p{N}]/u) === -1 && wish !== word;
}

const anywhere = compilePhrases(reviewPhrases);
const atStart = compilePhrases([...openingPhrases, ...reviewPhrases]);
const leadIns: ReadonlySet<string> = new Set(leadInWords);
const fillers: ReadonlySet<string> = new Set(fillerWords);
const courtesies: ReadonlySet<string> = new Set(courtesyWords);
const word = /([\p{L}\p{N}\p{M}]+)[^\p{L}\p{N}\p{M}]+/uy;

function compilePhrases(phrases: readonly ReviewPhrase[]): RegExp {
  const sources = phrases.map(({ opening, rest }) => {
    const choices = opening.replaceAll('{', '(?:').replaceAll('}', ')');
    return `${choices}(?:${rest})`;
  });
  return new RegExp(sources.join('|'), 'uy');
}

/** A phrase, or a keyword that is not the first word: at the start, or with nothing before it but a lead-in and fillers. */
function hasPhrase(wish: string): boolean {
  if (matchesAt(atStart, wish, 0)) return true;
  for (let at = 0; ;) {
    word.lastIndex = at;
    const filler = word.exec(wish)?.[1];
    if (filler === undefined || !(at === 0 ? leadIns : fillers).has(filler)) return false;
    at = word.lastIndex;
    if (isWishAfter(filler, wish, at)) return true;
  }
}

function isWishAfter(filler: string, wish: string, at: number): boolean {
  if (filler === 'not' || filler === 'never') return false;
  const isCourteous = courtesies.has(filler);
  if (matchesAt(isCourteous ? atStart : anywhere, wish, at)) return true;
  // "I stop at nothing", "we cancel it then": only what is hardly a common verb, and said to us.
  const rest = wish.slice(at);
  const isMeant = isCourteous || (/^(?:stop|unsub)/.test(rest) && !/^(?:i|we|they|it|to)$/.test(filler));
  return isMeant && (findKeyword(rest, standard) !== null || isKeywordWithWords(rest, standard.leading));
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
