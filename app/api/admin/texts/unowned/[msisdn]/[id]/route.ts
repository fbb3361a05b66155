import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { respondProblem } from '@/lib/http/problem';
import { respondText } from '@/lib/http/text-file';
import { readWholeUnownedText } from '@/lib/stories/whole-text';

/** The whole of a reply that belongs to no account, as a file, for staff. */
export async function GET(
  _request: Request,
  context: { params: Promise<{ msisdn: string; id: string }> },
): Promise<Response> {
  const { scope } = await requireStaff();
  const { msisdn, id } = await context.params;
  const text = await readWholeUnownedText(getPool(), scope, { msisdn, id });
  if (text === null) return respondProblem(404, 'Not found', 'There is no such text.');
  return respondText(text, `unowned-reply-${id}.txt`);
}
