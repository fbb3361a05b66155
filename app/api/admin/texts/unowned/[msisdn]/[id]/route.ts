import { z } from 'zod';
import { staffRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { respondText } from '@/lib/http/text-file';
import { readWholeUnownedText } from '@/lib/stories/whole-text';

/** The whole of a reply that belongs to no account, as a file, for staff. */
export const GET = staffRoute(
  {
    params: z.object({ msisdn: z.string(), id: z.string() }),
    doing: 'Reading a whole text',
    missing: 'There is no such text.',
  },
  async ({ scope }, { params: key }) => {
    const text = await readWholeUnownedText(getPool(), scope, key);
    return text === null ? null : respondText(text, `unowned-reply-${key.id}.txt`);
  },
);
