import 'server-only';
import { ListReader, type ListParams, type ReadList } from '@/lib/lists/list-search';
import { verdictLabels } from './labels';
import type { ReplyFilter, StoredVerdict } from './schema';

const verdicts = Object.keys(verdictLabels) as StoredVerdict[];

/** Reads the URL of incoming replies: q, verdict, from, to, sort, cursor. */
export function readReplyFilter(params: ListParams): ReadList<ReplyFilter> {
  const reader = new ListReader(params);
  return reader.finish({ verdicts: reader.several('verdict', verdicts) });
}
