import type { NextRequest } from 'next/server';
import { composeUnownedFileName } from '@/app/admin/replies/file-name';
import { requireStaff } from '@/lib/auth/gates';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { AppError } from '@/lib/http/app-error';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { readDownloadFormat } from '@/lib/lists/download-format';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import { staffTimeZone } from '@/lib/lists/schema';
import { log } from '@/lib/log';
import { unownedList } from '@/lib/unowned-replies/list';

/**
 * The replies without an owner as a file: the parameters of their page; ?format=, ?separator= and ?text= as `readDownloadFormat`
 * has them; ?columns= ids parted by commas.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const { scope } = await requireStaff();
  const params = Object.fromEntries(request.nextUrl.searchParams);
  const read = readDownloadFormat(params);
  if (!read.ok) return respondProblem(400, 'The file cannot be made like this', read.reason);
  try {
    const query = unownedList.prepareFile(params, scope, staffTimeZone);
    return await withPlace('download', request, `staff:${scope.userId}`, async () => {
      const rows = await streamFile(getDownloadPool(), query, read.format, unownedList.file.sheet);
      return new Response(rows, { headers: describeFile(composeUnownedFileName(), read.format.type) });
    });
  } catch (err) {
    if (err instanceof AppError) return respondProblem(400, 'The file could not be made', err.userMessage);
    log.error({ err, actor: scope.actor }, 'A download could not begin');
    return respondProblem(
      503,
      'The file could not be made',
      'Too much is going on just now. Try again in a minute.',
      { 'retry-after': '60' },
    );
  }
}
