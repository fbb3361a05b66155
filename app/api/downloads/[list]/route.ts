import type { NextRequest } from 'next/server';
import { composeFileName } from '@/lib/accounts/account-number';
import { findCustomer } from '@/lib/auth/gates';
import { getDownloadPool } from '@/lib/db/download-pool';
import { describeCsv, separatorSchema, streamCsv } from '@/lib/http/csv-download';
import { respondProblem } from '@/lib/http/problem';
import { log } from '@/lib/log';
import { composeMessageDownload } from '@/lib/messages/queries';
import { composeOptOutDownload } from '@/lib/opt-outs/queries';
import { composeReplyDownload } from '@/lib/replies/queries';

const downloads = {
  'auto-opt-outs': composeOptOutDownload,
  outgoing: composeMessageDownload,
  incoming: composeReplyDownload,
};

/** A list as a CSV file: ?separator= one character, ?q= what it is narrowed to. */
export async function GET(
  request: NextRequest,
  context: { params: Promise<{ list: string }> },
): Promise<Response> {
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const { list } = await context.params;
  if (!Object.hasOwn(downloads, list)) return respondProblem(404, 'Not found', 'There is no such list.');
  const separator = separatorSchema.safeParse(request.nextUrl.searchParams.get('separator') ?? ',');
  if (!separator.success) {
    return respondProblem(400, 'This field separator cannot be used', separator.error.issues[0]?.message);
  }
  const search = (request.nextUrl.searchParams.get('q') ?? '').slice(0, 200);
  const { timeZone } = session.account;
  const query = downloads[list as keyof typeof downloads](session.scope, { search }, timeZone);
  try {
    const rows = await streamCsv(getDownloadPool(), query, separator.data);
    return new Response(rows, { headers: describeCsv(composeFileName(session.account.id, list, timeZone)) });
  } catch (err) {
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
