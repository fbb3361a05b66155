import type { NextRequest } from 'next/server';
import { composeFileName } from '@/lib/auth/account-number';
import { findCustomer } from '@/lib/auth/gates';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { AppError } from '@/lib/http/app-error';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { readDownloadFormat } from '@/lib/lists/download-format';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import { log } from '@/lib/log';
import { messageList } from '@/lib/messages/list';
import { optOutList } from '@/lib/opt-outs/list';
import { replyList } from '@/lib/replies/list';

const lists = [optOutList, messageList, replyList];

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
  const { list: name } = await context.params;
  const list = lists.find(({ file }) => file.name === name);
  if (!list) return respondProblem(404, 'Not found', 'There is no such list.');
  const params = Object.fromEntries(request.nextUrl.searchParams);
  const read = readDownloadFormat(params);
  if (!read.ok) return respondProblem(400, 'The file cannot be made like this', read.reason);
  const { timeZone } = session.account;
  try {
    const query = list.prepareFile(params, session.scope, timeZone);
    return await withPlace('download', request, String(session.account.id), async () => {
      const rows = await streamFile(getDownloadPool(), query, read.format, list.file.sheet);
      const fileName = composeFileName(session.account.id, name, timeZone);
      return new Response(rows, { headers: describeFile(fileName, read.format.type) });
    });
  } catch (err) {
    if (err instanceof AppError) return respondProblem(400, 'The file could not be made', err.userMessage);
    log.error({ err, list: name, accountId: session.account.id }, 'A download could not begin');
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
