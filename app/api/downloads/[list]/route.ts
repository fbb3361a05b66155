import type { NextRequest } from 'next/server';
import { composeFileName } from '@/lib/accounts/account-number';
import { findCustomer } from '@/lib/auth/gates';
import type { AccountScope } from '@/lib/auth/scope';
import type { DownloadOptions } from '@/lib/db/account-list';
import { getDownloadPool } from '@/lib/db/download-pool';
import { AppError } from '@/lib/http/app-error';
import { describeCsv, separatorSchema, streamCsv } from '@/lib/http/csv-download';
import type { ListParams, ReadList } from '@/lib/http/list-search';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
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
  options: DownloadOptions,
) => string;

const downloads = {
  'auto-opt-outs': prepare(readOptOutFilter, composeOptOutDownload),
  outgoing: prepare(readMessageFilter, composeMessageDownload),
  incoming: prepare(readReplyFilter, composeReplyDownload),
};

/**
 * A list as a CSV file: the parameters of its page, which narrow it; ?separator= one character; ?columns= ids parted by
 * commas; ?text=1 for numbers that spreadsheets keep as text.
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
  const separator = separatorSchema.safeParse(params.separator ?? ',');
  if (!separator.success) {
    return respondProblem(400, 'This field separator cannot be used', separator.error.issues[0]?.message);
  }
  const { timeZone } = session.account;
  try {
    const query = downloads[list as keyof typeof downloads](params, session.scope, timeZone);
    return await withPlace('download', request, String(session.account.id), async () => {
      const rows = await streamCsv(getDownloadPool(), query, separator.data);
      return new Response(rows, {
        headers: describeCsv(composeFileName(session.account.id, list, timeZone)),
      });
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
  return (params: Record<string, string>, scope: AccountScope, timeZone: string): string => {
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
    return compose(scope, filter, timeZone, { columns, numbersAsText: params.text === '1' });
  };
}
