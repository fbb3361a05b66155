import 'server-only';
import { z } from 'zod';
import { ListReader, type ListParams, type ReadList } from '@/lib/lists/list-search';
import { kindLabels, ruleGroups } from './labels';
import type { OptOutFilter, OptOutKind } from './schema';

const kinds = Object.keys(kindLabels) as OptOutKind[];
const rule = z.enum(ruleGroups.map(({ value }) => value));

/** Reads the URL of Auto Opt-Outs: q, kind, rule, from, to, sort, cursor. */
export function readOptOutFilter(params: ListParams): ReadList<OptOutFilter> {
  const reader = new ListReader(params);
  return reader.finish({ kinds: reader.several('kind', kinds), rule: reader.one('rule', rule) });
}
