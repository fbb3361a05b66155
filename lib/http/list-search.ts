import { z } from 'zod';

const one = z.string().max(500).catch('').default('');

/** What a list's page reads from its URL: `q`, and a cursor in `older` or `newer`. Anything odd counts as not given. */
export const listSearchSchema = z
  .object({ q: one, older: one, newer: one })
  .transform(({ q, older, newer }) => ({ search: q.slice(0, 200), cursor: older || newer || null }));

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export async function readListSearch(searchParams: SearchParams): Promise<{ search: string; cursor: string | null }> {
  return listSearchSchema.parse(await searchParams);
}
