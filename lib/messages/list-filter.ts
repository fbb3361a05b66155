import 'server-only';
import { ListReader, type ListParams, type ReadList } from '@/lib/lists/list-search';
import { statusLabels } from './labels';
import type { MessageFilter, MessageStatus } from './schema';

const statuses = Object.keys(statusLabels) as MessageStatus[];

/** Reads the URL of outgoing messages: q, status, from, to, sort, cursor. */
export function readMessageFilter(params: ListParams): ReadList<MessageFilter> {
  const reader = new ListReader(params);
  return reader.finish({ statuses: reader.several('status', statuses) });
}
