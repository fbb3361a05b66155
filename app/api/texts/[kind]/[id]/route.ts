import { z } from 'zod';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { respondText } from '@/lib/http/text-file';
import { readWholeText, wholeTextKinds } from '@/lib/stories/whole-text';

/** The whole of a text that the pages show the beginning of, as a file. */
export const GET = customerRoute(
  {
    params: z.object({ kind: z.enum(wholeTextKinds), id: z.string() }),
    doing: 'Reading a whole text',
    missing: 'There is no such text.',
  },
  async ({ scope }, { params: { kind, id } }) => {
    const text = await readWholeText(getPool(), scope, kind, id);
    return text === null ? null : respondText(text, `${kind}-${id}.txt`);
  },
);
