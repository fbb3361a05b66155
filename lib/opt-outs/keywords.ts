/**
 * Where a keyword comes from. Published: the provider's help page, always on. Platform: set by staff. Own:
 * given by an account.
 */
export type KeywordSource = 'published' | 'extra' | 'platform' | 'own';

/** A word or words that opt a recipient out. In `word`, `_` stands for any one character. */
export interface Keyword {
  word: string;
  match: 'exact' | 'prefix';
  source: KeywordSource;
}

function listKeywords(source: KeywordSource, match: Keyword['match'], words: readonly string[]): Keyword[] {
  return words.map((word) => ({ word, match, source }));
}

/** What counts as an opt-out whatever the account; an account's own keywords are added behind these. */
export const standardKeywords: readonly Keyword[] = Object.freeze([
  ...listKeywords('published', 'exact', ['stop', 'end', 'cancel', 'unsubscribe', 'quit']),
  ...listKeywords('published', 'prefix', ['stop send', 'opt out', 'opt_out']),
  ...listKeywords('extra', 'exact', ['stopall', 'stop all', 'optout', 'unsub', 'revoke']),
]);

/**
 * English and Afrikaans words that are one slip away from a standard keyword and mean something else: whoever
 * writes them meant them. Found by comparing every slip with word lists of both languages.
 */
export const ordinaryWords: ReadonlySet<string> = new Set(
  (
    'atop estop scop shop skop slop sop stap step stip stoa stob stoep stof stok stol stolp stom stomp stoop stope ' +
    'stops stopt stor stot stoup stow stowp stoy strop swop top ' +
    'buit cuit duit guit kuit luit muit quat qubit quid quiet quilt quim quin quint quip quirt quist quite quito quits ' +
    'quiz quoit quot ruit squit suit tuit uit ' +
    'cancels cancer cannel carcel chancel rancel evoke reevoke revoked revoker revokes revote rewoke stovall'
  ).split(' '),
);
