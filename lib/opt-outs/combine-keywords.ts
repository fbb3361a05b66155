import { standardKeywords, type Keyword } from './keywords';

/** A keyword as the database has it. */
export interface StoredKeyword {
  word: string;
  match: 'EXACT' | 'PREFIX';
}

/** So many lists are kept before all are forgotten and made anew. */
const keptLists = 1000;
const lists = new Map<string, readonly Keyword[]>();

/**
 * All keywords that count for an account: the standard ones, those of the staff, its own. The same list for
 * the same words, as the matcher compiles a list but once.
 */
export function combineKeywords(
  platform: readonly StoredKeyword[],
  own: readonly StoredKeyword[],
): readonly Keyword[] {
  if (platform.length === 0 && own.length === 0) return standardKeywords;
  const name = JSON.stringify([platform, own]);
  const known = lists.get(name);
  if (known) return known;
  if (lists.size >= keptLists) lists.clear();
  const list = [
    ...standardKeywords,
    ...platform.map((one) => readKeyword(one, 'platform')),
    ...own.map((one) => readKeyword(one, 'own')),
  ];
  lists.set(name, list);
  return list;
}

/** A stored keyword as the matcher takes it. */
export function readKeyword({ word, match }: StoredKeyword, source: Keyword['source']): Keyword {
  return { word, match: match === 'EXACT' ? 'exact' : 'prefix', source };
}
