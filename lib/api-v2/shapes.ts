import { z } from 'zod';
import { parseMsisdn, type Msisdn } from '@/lib/sms/msisdn';

/** The schemas that have a name in the OpenAPI document. */
export const named = z.registry<{ id: string }>();

export const e164 = z
  .string()
  .regex(/^\+[1-9]\d{7,14}$/)
  .describe('E.164: “+27821234567”.');
export const at = z.iso.datetime().describe('A moment, ISO 8601, UTC.');
export const cursor = z.string().max(1_000).describe('As the answer before gave it; opaque.');
export const next = z.string().nullable().describe('The cursor of the next page; null: this is the last.');
export const typedNumber = z
  .union([z.string().max(100), z.int().nonnegative()])
  .transform(String)
  .describe('A number in any usual form: “+27 82 123 4567”, “0821234567”, 27821234567.');

const readNumber = (typed: string, context: z.RefinementCtx): Msisdn => {
  const read = parseMsisdn(decode(typed));
  if (read.ok) return read.msisdn;
  context.addIssue({ code: 'custom', message: read.message });
  return z.NEVER;
};

/** A number in a path, which some servers hand over as it was encoded. */
export const numberInPath = z.strictObject({
  number: z.string().max(100).transform(readNumber).describe('A number in any usual form.'),
});

/** One number, behind the `?` or in a body. */
export const oneNumber = z
  .union([z.string().max(100), z.int().nonnegative()])
  .transform((typed, context) => readNumber(String(typed), context));

/** An id of this API. */
export const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'An id is a number without a leading zero, as an answer gave it.');

/** What a path names by an id of this API. */
export const idInPath = z.strictObject({ id: idText.describe('As an answer gave it.') });

/** A filter that may be given several times. */
export const several = <Value extends string>(values: readonly [Value, ...Value[]]) =>
  z
    .union([z.enum(values), z.array(z.enum(values))])
    .transform((given): Value[] => [given].flat() as Value[])
    .optional();

/** What every list with pages is asked with. */
export const pageQuery = {
  order: z.enum(['newest', 'oldest']).default('newest'),
  cursor: cursor.optional(),
};

export const moment = z.iso
  .datetime({ offset: true })
  .transform((given) => new Date(given))
  .refine((date) => date.getTime() > 0, 'Give a moment after 1970.');

/** The moments that a list lies between. */
export const between = {
  from: moment.optional().describe('Only those from this moment on, such as “2026-11-01T00:00:00+02:00”.'),
  to: moment.optional().describe('Only those before this moment.'),
};

/** A filter by one of the account's sender numbers. */
export const senderFilter = z
  .string()
  .max(20)
  .regex(/^[^\0]*$/)
  .optional();

function decode(typed: string): string {
  try {
    return decodeURIComponent(typed);
  } catch {
    return typed;
  }
}

export const limit = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual).describe(`At most ${most}.`);
