import { standardKeywords, type Keyword } from '@/lib/opt-outs/matcher';

/** A keyword as the database has it. */
export interface StoredKeyword {
  word: string;
  match: 'EXACT' | 'PREFIX';
}

interface Composed {
  content: string;
  keywords: readonly Keyword[];
}

/** Compiled, 50 keywords take some 70 kB: enough for the accounts that are being answered at the moment. */
const keptAccounts = 200;
const composed = new Map<number, Composed>();

/**
 * The account's own keywords behind the standard ones. As long as they stay the same so does the array, since the matcher
 * compiles an array once; when they have changed the next call has the new ones. What has not been asked for longest is
 * forgotten first.
 */
export function composeKeywords(accountId: number, own: readonly StoredKeyword[]): readonly Keyword[] {
  if (own.length === 0) return standardKeywords;
  const content = JSON.stringify(own.map(({ word, match }) => [word, match]));
  const known = composed.get(accountId);
  const current =
    known?.content === content ? known : { content, keywords: [...standardKeywords, ...own.map(toKeyword)] };
  composed.delete(accountId);
  composed.set(accountId, current);
  const oldest = composed.keys().next();
  if (composed.size > keptAccounts && !oldest.done) composed.delete(oldest.value);
  return current.keywords;
}

export function toKeyword({ word, match }: StoredKeyword): Keyword {
  return { word, match: match === 'EXACT' ? 'exact' : 'prefix', source: 'own' };
}
