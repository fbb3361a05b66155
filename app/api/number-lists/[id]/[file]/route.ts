import type { NextRequest } from 'next/server';
import { composeFileName } from '@/lib/accounts/account-number';
import { findCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { getDownloadPool } from '@/lib/db/download-pool';
import { describeCsv, separatorSchema, streamCsv } from '@/lib/http/csv-download';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { log } from '@/lib/log';
import { composeListFile, parseListId, readNumberList } from '@/lib/number-lists/queries';
import { listFiles } from '@/lib/number-lists/schema';

/** A file of a number list: its report; of a check, the numbers that are clear and those that are blocked. ?separator= one character. */
export async function GET(
  request: NextRequest,
  context: { params: Promise<{ id: string; file: string }> },
): Promise<Response> {
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const params = await context.params;
  const id = parseListId(params.id);
  const file = listFiles.find((name) => name === params.file);
  const list = id === null ? null : await readNumberList(getPool(), session.scope, id);
  if (!list || !file || (list.purpose === 'IMPORT' && file !== 'report')) {
    return respondProblem(404, 'Not found', 'There is no such list. Lists are removed after 30 days.');
  }
  const separator = separatorSchema.safeParse(request.nextUrl.searchParams.get('separator') ?? ',');
  if (!separator.success) {
    return respondProblem(400, 'This field separator cannot be used', separator.error.issues[0]?.message);
  }
  const { id: accountId, timeZone } = session.account;
  const name = `${list.purpose === 'IMPORT' ? 'import' : 'check'}-${list.id}-${file}`;
  try {
    return await withPlace('download', request, String(accountId), async () => {
      const query = composeListFile(session.scope, list, file);
      const rows = await streamCsv(getDownloadPool(), query, separator.data);
      return new Response(rows, { headers: describeCsv(composeFileName(accountId, name, timeZone)) });
    });
  } catch (err) {
    log.error({ err, listId: list.id, file, accountId }, 'A file of a number list could not begin');
    return respondProblem(
      503,
      'The file could not be made',
      'Too much is going on just now. Try again in a minute.',
      {
        'retry-after': '60',
      },
    );
  }
}
