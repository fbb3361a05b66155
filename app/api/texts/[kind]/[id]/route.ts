import { z } from 'zod';
import { findCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { respondProblem } from '@/lib/http/problem';
import { respondText } from '@/lib/http/text-file';
import { readWholeText, wholeTextKinds } from '@/lib/stories/whole-text';

const kindSchema = z.enum(wholeTextKinds);

/** The whole of a text that the pages show the beginning of, as a file. */
export async function GET(
  _request: Request,
  context: { params: Promise<{ kind: string; id: string }> },
): Promise<Response> {
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const { kind, id } = await context.params;
  const known = kindSchema.safeParse(kind);
  const text = known.success ? await readWholeText(getPool(), session.scope, known.data, id) : null;
  if (text === null) return respondProblem(404, 'Not found', 'There is no such text.');
  return respondText(text, `${kind}-${id}.txt`);
}
