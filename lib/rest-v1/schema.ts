import { z } from 'zod';

/** A number behind the `?`, given or not; nothing after the `=` is not given. */
const numberIn = (name: string, from: number, to: number, otherwise: number, range: string) =>
  z
    .preprocess(
      (value) => (value === '' || value === undefined ? String(otherwise) : value),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    )
    .refine((value) => value >= from && value <= to)
    .catch(Number.NaN)
    .refine((value) => !Number.isNaN(value), `The ${name} parameter must be a number ${range}.`);

/** Which part of a list. */
export const pageQuery = z.object({
  offset: numberIn('offset', 0, Number.MAX_SAFE_INTEGER, 0, 'greater than or equal to 0'),
  limit: numberIn('limit', 1, 1000, 100, 'from 1 to 1000'),
});

export type Page = z.output<typeof pageQuery>;
