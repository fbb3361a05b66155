import { z } from 'zod';

/** The account and the id in a page's address. */
export const keySchema = z.object({
  accountId: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  id: z.string().regex(/^\d{1,18}$/),
});
