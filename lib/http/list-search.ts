import { z } from 'zod';

const one = z.string().max(500).catch('').default('');

/** What a list's page reads from its URL: `q` and `cursor`. Anything odd counts as not given. */
export const listSearchSchema = z
  .object({ q: one, cursor: one })
  .transform(({ q, cursor }) => ({ search: q.slice(0, 200), cursor: cursor || null }));

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export async function readListSearch(
  searchParams: SearchParams,
): Promise<{ search: string; cursor: string | null }> {
  return listSearchSchema.parse(await searchParams);
}
