import { composeAuditFileName } from '@/app/admin/audit/file-name';
import { readAuditFilter } from '@/app/admin/audit/read-filter';
import { staffTimeZone } from '@/lib/lists/schema';
import { composeAuditDownload } from '@/lib/audit/queries';
import { staffRoute } from '@/lib/auth/make-route';
import { downloadFormatSchema } from '@/lib/lists/download-format';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { describeFile, streamFile } from '@/lib/lists/file-download';

/** The audit log as a file: ?format= and ?separator= as `downloadFormatSchema` has them, and the page's own filters. */
export const GET = staffRoute(
  {
    query: downloadFormatSchema,
    doing: 'Making a file of the audit log',
    invalid: 'The file cannot be made like this',
    failed: 'The file could not be made',
  },
  ({ scope }, { query: format, search, withPlace }) => {
    const query = composeAuditDownload(scope, readAuditFilter(search), staffTimeZone);
    return withPlace('download', async () => {
      const rows = await streamFile(getDownloadPool(), query, format, 'Audit log');
      return new Response(rows, { headers: describeFile(composeAuditFileName(staffTimeZone), format.type) });
    });
  },
);
