/** Fewer letters begin too many ordinary replies. */
export const shortestPrefix = 3;

/** What makes a word no keyword, whoever adds it; null when it may be one. `word`: normalised. */
export function findKeywordProblem(
  word: string,
  isPrefix: boolean,
  maxLength: number,
): 'empty' | 'too-long' | 'too-short' | null {
  if (word === '') return 'empty';
  if (word.length > maxLength) return 'too-long';
  return isPrefix && countLetters(word) < shortestPrefix ? 'too-short' : null;
}

function countLetters(word: string): number {
  return word.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}
