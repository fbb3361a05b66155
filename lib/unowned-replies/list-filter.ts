import 'server-only';
import { ListReader, type ListParams, type ReadList } from '@/lib/lists/list-search';
import { verdictLabels } from '@/lib/replies/labels';
import type { StoredVerdict } from '@/lib/replies/schema';
import { unownedStateLabels } from './labels';
import type { UnownedFilter, UnownedState } from './schema';

const states = Object.keys(unownedStateLabels) as UnownedState[];
const verdicts = Object.keys(verdictLabels) as StoredVerdict[];

/** Reads the URL of replies without an owner: q, state, verdict, from, to, sort, cursor. */
export function readUnownedFilter(params: ListParams): ReadList<UnownedFilter> {
  const reader = new ListReader(params);
  return reader.finish({
    states: reader.several('state', states),
    verdicts: reader.several('verdict', verdicts),
  });
}
