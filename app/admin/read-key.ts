import { z } from 'zod';

const keySchema = z.object({
  accountId: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  id: z.string().regex(/^\d{1,18}$/),
});

export type KeyParams = Promise<{ accountId: string; id: string }>;

/** The account and the id in a page's address; null when they are none. */
export async function readKey(params: KeyParams): Promise<{ accountId: number; id: string } | null> {
  const parsed = keySchema.safeParse(await params);
  return parsed.success ? parsed.data : null;
}
