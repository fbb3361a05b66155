import { composeAuditFileName } from '@/app/admin/audit/file-name';
import { readAuditFilter } from '@/app/admin/audit/read-filter';
import { staffTimeZone } from '@/lib/lists/schema';
import { composeAuditDownload } from '@/lib/audit/queries';
import { staffRoute } from '@/lib/auth/make-route';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';

/**
 * The audit log as a file: ?format= and ?separator= as `downloadFormatSchema` has them, and the page's own
 * filters.
 */
export const GET = staffRoute(
  { ...fileRoute, doing: 'Making a file of the audit log' },
  ({ scope }, { query: format, search, withPlace }) => {
    const query = composeAuditDownload(scope, readAuditFilter(search), staffTimeZone);
    const file = { name: composeAuditFileName(staffTimeZone), sheet: 'Audit log' };
    return withPlace('download', () => respondFile(query, format, file));
  },
);
