import type { NextRequest } from 'next/server';
import { composeAuditFileName } from '@/app/admin/audit/file-name';
import { readAuditFilter } from '@/app/admin/audit/read-filter';
import { staffTimeZone } from '@/components/platform/staff-time-zone';
import { composeAuditDownload } from '@/lib/audit/queries';
import { requireStaff } from '@/lib/auth/gates';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { readDownloadFormat } from '@/lib/lists/download-format';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import { log } from '@/lib/log';

/** The audit log as a file: ?format= and ?separator= as `readDownloadFormat` has them, and the page's own filters. */
export async function GET(request: NextRequest): Promise<Response> {
  const { scope } = await requireStaff();
  const parameters = Object.fromEntries(request.nextUrl.searchParams);
  const read = readDownloadFormat(parameters);
  if (!read.ok) return respondProblem(400, 'The file cannot be made like this', read.reason);
  const query = composeAuditDownload(scope, readAuditFilter(parameters), staffTimeZone);
  try {
    return await withPlace('download', request, `staff:${scope.userId}`, async () => {
      const rows = await streamFile(getDownloadPool(), query, read.format, 'Audit log');
      const headers = describeFile(composeAuditFileName(staffTimeZone), read.format.type);
      return new Response(rows, { headers });
    });
  } catch (err) {
    log.error({ err, actor: scope.actor }, 'A download could not begin');
    return respondProblem(
      503,
      'The file could not be made',
      'Too much is going on just now. Try again in a minute.',
      { 'retry-after': '60' },
    );
  }
}
