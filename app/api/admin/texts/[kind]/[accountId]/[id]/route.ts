import { z } from 'zod';
import { staffRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { respondText } from '@/lib/http/text-file';
import { readWholeTextForStaff, wholeTextKinds } from '@/lib/stories/whole-text';

/** The whole of a text of any account, as a file, for staff. */
export const GET = staffRoute(
  {
    params: z.object({
      kind: z.enum(wholeTextKinds),
      accountId: z.coerce.number().int().min(1).max(2_147_483_647),
      id: z.string(),
    }),
    doing: 'Reading a whole text',
    missing: 'There is no such text.',
  },
  async ({ scope }, { params: key }) => {
    const text = await readWholeTextForStaff(getPool(), scope, key);
    return text === null ? null : respondText(text, `${key.kind}-${key.accountId}-${key.id}.txt`);
  },
);
