import type { NextRequest } from 'next/server';
import { composeFileName } from '@/lib/auth/account-number';
import { findCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { readDownloadFormat } from '@/lib/lists/download-format';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import { log } from '@/lib/log';
import { composeListFile, parseListId, readNumberList } from '@/lib/number-lists/queries';
import { listFiles, type ListFile } from '@/lib/number-lists/schema';

const sheetNames: Record<ListFile, string> = { report: 'Report', clean: 'Clear', blocked: 'Blocked' };

/**
 * A file of a number list: its report; of a check, the numbers that are clear and those that are blocked. ?format=, ?separator=
 * and ?text= as `readDownloadFormat` has them.
 */
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
  const read = readDownloadFormat(Object.fromEntries(request.nextUrl.searchParams));
  if (!read.ok) return respondProblem(400, 'The file cannot be made like this', read.reason);
  const { id: accountId, timeZone } = session.account;
  const name = `${list.purpose === 'IMPORT' ? 'import' : 'check'}-${list.id}-${file}`;
  try {
    return await withPlace('download', request, String(accountId), async () => {
      const query = composeListFile(session.scope, list, file, timeZone);
      const rows = await streamFile(getDownloadPool(), query, read.format, sheetNames[file]);
      const headers = describeFile(composeFileName(accountId, name, timeZone), read.format.type);
      return new Response(rows, { headers });
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
