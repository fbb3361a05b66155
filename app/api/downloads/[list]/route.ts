import type { NextRequest } from 'next/server';
import { composeFileName } from '@/lib/auth/account-number';
import { findCustomer } from '@/lib/auth/gates';
import type { AccountScope } from '@/lib/auth/scope';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { AppError } from '@/lib/http/app-error';
import type { ListParams, ReadList } from '@/lib/lists/list-search';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { readDownloadFormat } from '@/lib/lists/download-format';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import type { FileQuery } from '@/lib/lists/file-query';
import { log } from '@/lib/log';
import { readMessageFilter } from '@/lib/messages/list-filter';
import { composeMessageDownload } from '@/lib/messages/queries';
import { readOptOutFilter } from '@/lib/opt-outs/list-filter';
import { composeOptOutDownload } from '@/lib/opt-outs/queries';
import { readReplyFilter } from '@/lib/replies/list-filter';
import { composeReplyDownload } from '@/lib/replies/queries';

type Compose<Filter> = (
  scope: AccountScope,
  filter: Filter,
  timeZone: string,
  columns: readonly string[] | null,
) => FileQuery;

const downloads = {
  'auto-opt-outs': { sheet: 'Auto Opt-Outs', prepare: prepare(readOptOutFilter, composeOptOutDownload) },
  outgoing: { sheet: 'Outgoing', prepare: prepare(readMessageFilter, composeMessageDownload) },
  incoming: { sheet: 'Incoming', prepare: prepare(readReplyFilter, composeReplyDownload) },
};

/**
 * A list as a file: the parameters of its page, which narrow it; ?format=, ?separator= and ?text= as `readDownloadFormat` has
 * them; ?columns= ids parted by commas.
 */
export async function GET(
  request: NextRequest,
  context: { params: Promise<{ list: string }> },
): Promise<Response> {
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const { list } = await context.params;
  if (!Object.hasOwn(downloads, list)) return respondProblem(404, 'Not found', 'There is no such list.');
  const params = Object.fromEntries(request.nextUrl.searchParams);
  const read = readDownloadFormat(params);
  if (!read.ok) return respondProblem(400, 'The file cannot be made like this', read.reason);
  const { timeZone } = session.account;
  try {
    const { sheet, prepare } = downloads[list as keyof typeof downloads];
    const query = prepare(params, session.scope, timeZone);
    return await withPlace('download', request, String(session.account.id), async () => {
      const rows = await streamFile(getDownloadPool(), query, read.format, sheet);
      const name = composeFileName(session.account.id, list, timeZone);
      return new Response(rows, { headers: describeFile(name, read.format.type) });
    });
  } catch (err) {
    if (err instanceof AppError) return respondProblem(400, 'The file could not be made', err.userMessage);
    log.error({ err, list, accountId: session.account.id }, 'A download could not begin');
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

/** From the parameters of a URL to the query of a file. A page shows what it can; a file that is not what was asked for helps nobody. */
function prepare<Filter>(read: (params: ListParams) => ReadList<Filter>, compose: Compose<Filter>) {
  return (params: Record<string, string>, scope: AccountScope, timeZone: string): FileQuery => {
    // The page one is on does not matter: a file has all of them.
    const { filter, ignored } = read({ ...params, cursor: undefined });
    if (ignored.length > 0) {
      throw new AppError(
        'unknown-filter',
        `A download has filters that do not exist: ${ignored.join(', ')}.`,
        {
          userMessage: `This cannot be filtered by: ${ignored.join(', ')}. Choose the filters of the list again, then download.`,
        },
      );
    }
    const columns = params.columns ? params.columns.split(',') : null;
    return compose(scope, filter, timeZone, columns);
  };
}
