import { readKeyword, type StoredKeyword } from '@/lib/opt-outs/combine-keywords';
import type { Keyword } from '@/lib/opt-outs/matcher';

/** A keyword of the account, as the matcher takes it. */
export function toKeyword(stored: StoredKeyword): Keyword {
  return readKeyword(stored, 'own');
}
