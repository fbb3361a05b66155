import { z } from 'zod';
import { decodeCursor, type SortOrder } from './cursor';

export type { SortOrder } from './cursor';

/** The parameters of a URL, as Next.js hands them to a page. */
export type ListParams = Record<string, string | string[] | undefined>;

/** What the URL of every list says: `q`, `from`, `to`, `sort`. */
export interface ListFilter {
  /** Part of a number however it is typed, or of a text. Empty: everything. */
  search: string;
  /** "2026-11-22": the first and the last day, in the account's time zone. */
  from: string | null;
  to: string | null;
  sort: SortOrder;
}

export interface ReadList<Filter> {
  filter: Filter;
  /** The place to read from; null: the beginning. */
  cursor: string | null;
  /** The parameters whose value does not exist: the list is not narrowed by them, and its page says so. */
  ignored: string[];
}

const maxSearchLength = 200;

const day = z.iso.date().refine((text) => text >= '1900');

/**
 * Reads one list's URL, parameter by parameter: what makes no sense is set aside and named, the rest counts.
 */
export class ListReader {
  private readonly ignored: string[] = [];

  constructor(private readonly params: ListParams) {}

  /** A parameter with one value; null when it is not given. */
  one<Value>(name: string, schema: z.ZodType<Value, string>): Value | null {
    const given = this.params[name];
    if (given === undefined || given === '') return null;
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    this.ignored.push(name);
    return null;
  }

  /**
   * A parameter with several values parted by commas; those that exist, each once, in the order of `values`.
   */
  several<Value extends string>(name: string, values: readonly Value[]): Value[] {
    const given = this.one(name, z.string().max(500))?.split(',') ?? [];
    if (given.some((value) => !(values as readonly string[]).includes(value))) this.ignored.push(name);
    return values.filter((value) => given.includes(value));
  }

  /** What all lists have, with what this one has besides. */
  finish<Own>(own: Own): ReadList<ListFilter & Own> {
    const sort = this.one('sort', z.enum(['newest', 'oldest'])) ?? 'newest';
    const filter = {
      search: this.one('q', z.string().max(500))?.slice(0, maxSearchLength) ?? '',
      from: this.one('from', day),
      to: this.one('to', day),
      sort,
      ...own,
    };
    const cursor = this.one(
      'cursor',
      z.string().refine((encoded) => decodeCursor(encoded, sort) !== null),
    );
    return { filter, cursor, ignored: this.ignored };
  }
}

/** What a list that is only searched and paged reads from its URL. */
export function readListSearch(params: ListParams): { search: string; cursor: string | null } {
  const { filter, cursor } = new ListReader(params).finish({});
  return { search: filter.search, cursor };
}
