import { findKeywordProblem, shortestPrefix } from '@/lib/opt-outs/keyword-problem';
import { standardKeywords, type Keyword } from '@/lib/opt-outs/matcher';
import { normaliseText } from '@/lib/sms/text';
import { maxKeywordLength, maxOwnKeywords, type KeywordMatch } from './schema';

export type CheckedKeyword = { ok: true; keyword: Keyword } | { ok: false; message: string };

/**
 * Whether an account may add what was typed as a keyword, and in which form it is kept. The refusals are for
 * people.
 *
 * @param own the keywords that the account has
 */
export function checkOwnKeyword(
  typed: string,
  match: KeywordMatch,
  own: readonly Pick<Keyword, 'word' | 'match'>[],
): CheckedKeyword {
  const word = normaliseText(typed);
  const problem = findKeywordProblem(word, match === 'prefix', maxKeywordLength);
  if (problem === 'empty') {
    return refuse(
      typed.trim() === ''
        ? 'Write a word or a few.'
        : 'Write at least one letter or digit: signs at the ends do not count.',
    );
  }
  if (problem === 'too-long') return refuse(`Keep it to ${maxKeywordLength} characters.`);
  if (problem === 'too-short') {
    return refuse(
      `“${word}” is too short for “starts with”: it would opt out everyone whose reply happens to begin so. Write at least ${shortestPrefix} letters, or choose “is exactly”.`,
    );
  }
  const published = findCovering(word, match, standardKeywords);
  if (published !== null) {
    return refuse(
      published.word === word
        ? `“${word}” already opts out, for every account.`
        : `“${word}” already opts out: for every account, what starts with “${published.word}” does.`,
    );
  }
  const covering = findCovering(word, match, own);
  if (covering !== null) {
    return refuse(
      covering.word === word && covering.match === match
        ? `“${word}” is on your list already.`
        : `“${word}” already opts out: your list has what starts with “${covering.word}”.`,
    );
  }
  if (own.length >= maxOwnKeywords) {
    return refuse(`You have ${maxOwnKeywords} keywords, the most there can be. Remove one first.`);
  }
  return { ok: true, keyword: { word, match, source: 'own' } };
}

/** The keyword that already catches whatever this one would. A wildcard is compared as it is written. */
function findCovering<Known extends Pick<Keyword, 'word' | 'match'>>(
  word: string,
  match: KeywordMatch,
  keywords: readonly Known[],
): Known | null {
  return (
    keywords.find((known) => known.word === word && known.match === match) ??
    keywords.find((known) => known.match === 'prefix' && word.startsWith(known.word)) ??
    null
  );
}

function refuse(message: string): CheckedKeyword {
  return { ok: false, message };
}
