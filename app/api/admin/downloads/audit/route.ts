import type { NextRequest } from 'next/server';
import { composeAuditFileName } from '@/app/admin/audit/file-name';
import { readAuditFilter } from '@/app/admin/audit/read-filter';
import { staffTimeZone } from '@/components/staff/staff-time-zone';
import { composeAuditDownload } from '@/lib/audit/queries';
import { requireStaff } from '@/lib/auth/gates';
import { getDownloadPool } from '@/lib/db/download-pool';
import { describeCsv, separatorSchema, streamCsv } from '@/lib/http/csv-download';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { log } from '@/lib/log';

/** The audit log as a CSV file: ?separator= one character, and the page's own filters. */
export async function GET(request: NextRequest): Promise<Response> {
  const { scope } = await requireStaff();
  const parameters = Object.fromEntries(request.nextUrl.searchParams);
  const separator = separatorSchema.safeParse(parameters.separator ?? ',');
  if (!separator.success) {
    return respondProblem(400, 'This field separator cannot be used', separator.error.issues[0]?.message);
  }
  const query = composeAuditDownload(scope, readAuditFilter(parameters), staffTimeZone);
  try {
    return await withPlace('download', request, `staff:${scope.userId}`, async () => {
      const rows = await streamCsv(getDownloadPool(), query, separator.data);
      return new Response(rows, { headers: describeCsv(composeAuditFileName(staffTimeZone)) });
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
