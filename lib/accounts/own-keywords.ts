import type { Keyword } from '@/lib/opt-outs/matcher';

/** A keyword as the database has it. */
export interface StoredKeyword {
  word: string;
  match: 'EXACT' | 'PREFIX';
}

export function toKeyword({ word, match }: StoredKeyword): Keyword {
  return { word, match: match === 'EXACT' ? 'exact' : 'prefix', source: 'own' };
}
