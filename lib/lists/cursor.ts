import { z } from 'zod';

export type SortOrder = 'newest' | 'oldest';

/** A place in a list ordered by time and id, and the direction to read from there. */
export interface Cursor {
  /** The order of the list in which it was given out; in another it is no place. */
  sort: SortOrder;
  direction: 'older' | 'newer';
  /** As PostgreSQL wrote it: microseconds count, and a JavaScript Date has none. */
  at: string;
  id: string;
}

const timestamp =
  /^(?!0000)\d{4}-\d\d-\d\d ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d){0,2}$/;

const cursorShape = z.tuple([
  z.enum(['newest', 'oldest']),
  z.enum(['older', 'newer']),
  // a date that does not exist would be an error of the database
  z
    .string()
    .regex(timestamp)
    .refine((at) => isDate(at.slice(0, 10))),
  z.string().regex(/^\d{1,18}$/),
]);

export function encodeCursor({ sort, direction, at, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, direction, at, id])).toString('base64url');
}

/**
 * @returns null for anything that `encodeCursor` did not make for this order: the list then starts at its
 *   beginning
 */
export function decodeCursor(encoded: string | null | undefined, sort: SortOrder): Cursor | null {
  if (!encoded || encoded.length > 200) return null;
  try {
    const parsed = cursorShape.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
    if (!parsed.success || parsed.data[0] !== sort) return null;
    const [, direction, at, id] = parsed.data;
    return { sort, direction, at, id };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
