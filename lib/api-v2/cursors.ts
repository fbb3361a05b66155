import { z } from 'zod';
import { ApiRefusal } from '@/lib/api-keys/make-api';

const digits = z.string().regex(/^\d{1,18}$/);
const timestamp =
  /^(?!0000)\d{4}-\d\d-\d\d ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d){0,2}$/;

const momentAndId = z.tuple([z.string().regex(timestamp).refine(isDate), digits]);

/** What each list keeps of a place. */
const shapes = {
  'opt-outs-newest': momentAndId,
  'opt-outs-oldest': momentAndId,
  'messages-newest': momentAndId,
  'messages-oldest': momentAndId,
  consents: momentAndId,
  'replies-newest': momentAndId,
  'replies-oldest': momentAndId,
  'removal-requests-newest': z.tuple([digits]),
  'removal-requests-oldest': z.tuple([digits]),
  'webhook-deliveries': z.tuple([digits]),
  history: z.tuple([digits]),
  changes: z.tuple([digits, digits, digits]),
};
type Shapes = { [List in keyof typeof shapes]: z.infer<(typeof shapes)[List]> };

/** A place in a list as a program gets it. It names its account, so that one of another is known as such. */
export function encodePlace<List extends keyof Shapes>(
  accountId: number,
  list: List,
  place: Shapes[List],
): string {
  return Buffer.from(JSON.stringify([accountId, list, ...place])).toString('base64url');
}

/**
 * @returns null when no cursor is given; a refusal for one that was not made for this account and this list
 */
export function decodePlace<List extends keyof Shapes>(
  accountId: number,
  list: List,
  cursor: string | undefined,
): Shapes[List] | null | ApiRefusal {
  if (cursor === undefined) return null;
  const message =
    'This cursor was not made for this list of this account. Leave it out to begin at the beginning.';
  const refusal = new ApiRefusal({ code: 'refused', reason: 'invalid-cursor', message });
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(read) || read[0] !== accountId || read[1] !== list) return refusal;
    const place = shapes[list].safeParse(read.slice(2));
    return place.success ? (place.data as Shapes[List]) : refusal;
  } catch (error) {
    if (error instanceof SyntaxError) return refusal;
    throw error;
  }
}

/** A date that does not exist would be an error of the database. */
function isDate(at: string): boolean {
  const day = at.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
