import { z } from 'zod';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { respondProblem } from '@/lib/http/problem';
import { respondText } from '@/lib/http/text-file';
import { readWholeTextForStaff, wholeTextKinds } from '@/lib/stories/whole-text';

const parameters = z.object({
  kind: z.enum(wholeTextKinds),
  accountId: z.coerce.number().int().min(1).max(2_147_483_647),
  id: z.string(),
});

/** The whole of a text of any account, as a file, for staff. */
export async function GET(
  _request: Request,
  context: { params: Promise<{ kind: string; accountId: string; id: string }> },
): Promise<Response> {
  const { scope } = await requireStaff();
  const key = parameters.safeParse(await context.params);
  const text = key.success ? await readWholeTextForStaff(getPool(), scope, key.data) : null;
  if (text === null || !key.success) return respondProblem(404, 'Not found', 'There is no such text.');
  return respondText(text, `${key.data.kind}-${key.data.accountId}-${key.data.id}.txt`);
}
