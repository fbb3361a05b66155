import type { Metadata } from 'next';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { AuditFilters } from '@/components/audit/audit-filters';
import { AuditTable } from '@/components/audit/audit-table';
import { staffTimeZone } from '@/lib/lists/schema';
import { auditList } from '@/lib/audit/list';
import { listAuditEntries, listAuditStaff } from '@/lib/audit/queries';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readListSearch, type ListParams } from '@/lib/lists/list-search';
import { composeAuditFileName } from './file-name';
import { readAuditFilter } from './read-filter';

export const metadata: Metadata = { title: 'Audit log' };

const readAuditSearch = (params: ListParams) => ({
  filter: readAuditFilter(params),
  cursor: readListSearch(params).cursor,
});

export default staffPage({ search: readAuditSearch }, async ({ scope }, { search: { filter, cursor } }) => {
  const [page, staff, hiddenColumns] = await Promise.all([
    listAuditEntries(getPool(), scope, filter, cursor),
    listAuditStaff(getPool(), scope),
    readHiddenColumns(auditList.view.name),
  ]);
  const { action, userId, accountId, from, to } = filter;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Everything staff have done, and why. Nothing here can be changed."
        actions={
          <DownloadButton
            label="Download audit log"
            path="/api/admin/downloads/audit"
            fileName={composeAuditFileName(staffTimeZone)}
            contents="The whole audit log"
            noun="Entries"
            list={{ ...auditList.view, fileColumns: [] }}
          />
        }
      />
      <AuditFilters staff={staff} />
      <AuditTable
        list={auditList.view}
        page={page}
        hiddenColumns={hiddenColumns}
        isFiltered={[action, userId, accountId, from, to].some((value) => value !== null)}
      />
    </>
  );
});
