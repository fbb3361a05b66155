import type { Clause } from './reply-clauses';
import { beginsWithPhrase, wishesAlone, wishesAloneAtLast } from './wish-phrases';
import {
  closings,
  courtesies,
  determiners,
  greetings,
  joins,
  leadIns,
  meantWords,
  negations,
  openers,
  takesMeaning,
} from './wish-surroundings';

/** How a wish was found. */
export type WishRule = 'review:keyword-alone' | 'review:keyword-with-words' | 'review:phrase';

/** The keywords as clauses have them. */
export interface ClauseKeywords {
  /** Whether the words are a keyword, exactly. */
  isKeyword(words: string): boolean;
  /** Keywords that other words may follow: the standard ones, longest first. */
  leading: readonly string[];
  /** How an account's own wishes begin. */
  prefixes: readonly string[];
}

const longestName = 4;
const longestClosing = 5;
/** So far into a clause a wish may begin, and so many words of it are looked at. */
const furthestBeginning = 24;
const longestLookedAt = 40;

/** The first wish in a reply, or null. */
export function findWish(clauses: readonly Clause[], keywords: ClauseKeywords): WishRule | null {
  // "Enough, thanks": what is said last may have thanks behind it.
  const lastSaid = clauses.findLastIndex(({ words }) => words.length > longestClosing || !isClosing(words));
  for (const [at, clause] of clauses.entries()) {
    const isLast = clause.isLast || at === lastSaid;
    const rule = findWishInClause(isLast === clause.isLast ? clause : { ...clause, isLast }, keywords);
    if (rule !== null) return rule;
  }
  return null;
}

function findWishInClause(clause: Clause, keywords: ClauseKeywords): WishRule | null {
  const words = clause.words.slice(0, longestLookedAt);
  if (clause.endsInCapitals && isCalledOut(clause.words, keywords)) return 'review:keyword-alone';
  if (clause.words.length <= longestLookedAt) {
    const alone = findAlone(clause, keywords);
    if (alone !== null) return alone;
  }
  const text = `${words.join(' ')} `;
  for (const { word, at, isMeant } of listBeginnings(words)) {
    const alone = isMeant ? findAlone({ ...clause, words: words.slice(word) }, keywords) : null;
    if (alone !== null) return alone;
    if (word === 0 && keywords.prefixes.some((prefix) => text.startsWith(prefix)))
      return 'review:keyword-with-words';
    if (beginsWithPhrase(text, at, words[word] as string)) return 'review:phrase';
    if (
      (word === 0 ? clause.isFirst || clause.beginsLine : isMeant) &&
      isKeywordWithWords(words.slice(word), keywords.leading)
    ) {
      return 'review:keyword-with-words';
    }
  }
  return null;
}

/** Without greetings before it and thanks behind it. */
function stripSurroundings(words: readonly string[]): readonly string[] {
  const rest = stripClosing(words);
  const start = rest.findIndex((word) => !openers.has(word));
  return rest.slice(start === -1 ? rest.length - 1 : start);
}

function stripClosing(words: readonly string[]): readonly string[] {
  let end = words.length;
  // Most clauses end in a word that ends no closing: there is nothing to compare then.
  if (
    !closingEnds.has(words[end - 1] ?? '') &&
    !words.slice(-longestClosing).some((word) => openEnded.has(word))
  )
    return words;
  for (let length = longestClosing; length > 0; length--) {
    if (length >= end || !isClosing(words.slice(end - length, end))) continue;
    end -= length;
    length = longestClosing + 1;
  }
  return words.slice(0, end);
}

const closingEnds = new Set([...closings].map((closing) => closing.split(' ').at(-1) as string));
/** The first words of closings that any word may end. */
const openEnded = new Set(
  [...closings].filter((closing) => closing.endsWith('*')).map((closing) => closing.split(' ')[0] as string),
);

function isClosing(words: readonly string[]): boolean {
  return closings.has(words.join(' ')) || closings.has([...words.slice(0, -1), '*'].join(' '));
}

/** Whether a clause is nothing but a wish and what may surround it. */
function findAlone(clause: Clause, keywords: ClauseKeywords): WishRule | null {
  const { words, isQuestion } = clause;
  if (isQuestion && words.length <= 3 && !/^(?:stop|unsub)/.test(words[0] ?? '')) return null;
  const core = stripClosing(words);
  for (let start = 0; start < core.length; start++) {
    const rule = readCore(core.slice(start), clause, keywords);
    if (rule !== null) return rule;
    if (!openers.has(core[start] as string)) break;
  }
  return readCore(dropName(words, stripSurroundings(words)), clause, keywords);
}

function readCore(core: readonly string[], clause: Clause, { isKeyword }: ClauseKeywords): WishRule | null {
  const whole = core.join(' ');
  if (isKeyword(whole))
    return clause.isFirst && clause.isLast ? 'review:keyword-with-words' : 'review:keyword-alone';
  if (wishesAlone.has(whole)) return 'review:phrase';
  const isAtLast = clause.isLast || clause.isLineOfItsOwn;
  return isAtLast && wishesAloneAtLast.has(whole) ? 'review:phrase' : null;
}

/** "you waste my time STOP", which is no "reply STOP". */
function isCalledOut(words: readonly string[], { isKeyword }: ClauseKeywords): boolean {
  return (
    isKeyword(words.at(-1) as string) &&
    !words.slice(-4, -1).some((word) => invitingWords.has(word) || negations.has(word))
  );
}

const invitingWords: ReadonlySet<string> = new Set(
  'reply replying sms send sending text type with word words say press antwoord stuur met whatsapp or of phrase option bus full next last non the a'.split(
    ' ',
  ),
);

/** "hi thabo stop" without the name; "karoo coffee unsubscribe" too, as no noun is meant. */
function dropName(words: readonly string[], core: readonly string[]): readonly string[] {
  const [last = ''] = core.slice(-1);
  const isNamed = greetings.has(words[0] ?? '') || /^(?:unsub\w*|optout)$/.test(last);
  if (takesMeaning.test(last)) return core;
  const names = core.slice(0, -1);
  return isNamed &&
    names.length <= longestName &&
    !names.some((name) => determiners.has(name) || negations.has(name))
    ? [last]
    : core;
}

interface Beginning {
  /** Index of a word, and of its first character in the words joined by spaces. */
  word: number;
  at: number;
  /** After a word of courtesy a keyword is meant for us. */
  isMeant: boolean;
}

/** Where in a clause a wish may begin. */
function* listBeginnings(words: readonly string[]): Generator<Beginning> {
  let at = 0;
  let lastNegation = -9;
  let isLedIn = true;
  const nameEnd = greetings.has(words[0] ?? '') ? findNameStart(words) + longestName : 0;
  for (let word = 0; word < Math.min(words.length, furthestBeginning); word++) {
    const current = words[word] as string;
    const before = words[word - 1];
    const isMeant = before !== undefined && (courtesies.has(before) || joins.has(before));
    if (word - lastNegation > 2 && (isLedIn || isMeant || word <= nameEnd)) yield { word, at, isMeant };
    if (negations.has(current)) lastNegation = word;
    isLedIn &&= leadIns.has(current);
    at += current.length + 1;
  }
}

function findNameStart(words: readonly string[]): number {
  const start = words.findIndex((word) => !openers.has(word));
  return start === -1 ? words.length : start;
}

const meantForMessages = new RegExp(
  `^(?:(?:${meantWords.replaceAll('*', '\\w*').replace('|#', '|\\d+')}) ){1,3}$`,
  'u',
);
/** What follows "stop" when it is no wish: "stop by", "stop crying", "stop the car", "stop 5 in Rosebank". */
const ordinaryAfterStop =
  /^(?:by|at|over|in|on|off|for|near|here|there|outside|and|or|before|after|until|till|when|if|then|bus|sign|street|watch|loss|order|go|to(?! (?:\d{4,6}|number) )|with|is|was|are|am|being|so|too|gou|eers|langs|bo|onder|next|number [^ ]+|\d+ (?:in|at|on|is|was|for|from|to|by|near|of|along|op|by|naby)|(?:the|a|my|our|his|her|their|that) (?!sms|messages?|msgs?|texts?|spam|nonsense|calls?|emails?|ads|adverts?|whatsapps?|rubbish|subs).*|\p{L}+ing) /u;
const fewWords = 3;

function isKeywordWithWords(words: readonly string[], leading: readonly string[]): boolean {
  const text = `${words.join(' ')} `;
  const keyword = leading.find((candidate) => text.startsWith(`${candidate} `));
  if (keyword === undefined) return false;
  const rest = text.slice(keyword.length + 1);
  if (rest === '') return true;
  const count = words.length - keyword.split(' ').length;
  if (takesMeaning.test(keyword)) return meantForMessages.test(rest);
  const restWords = stripSurroundings(words).length - keyword.split(' ').length;
  if (keyword.startsWith('stop'))
    return Math.min(count, restWords) <= fewWords && !ordinaryAfterStop.test(rest);
  return true;
}
