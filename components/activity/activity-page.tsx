import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { activityList } from '@/lib/activity/list';
import { ActivityTable, type ActivityTableProps } from './activity-table';

interface ActivityPageProps extends Omit<ActivityTableProps, 'list' | 'hiddenColumns'> {
  /** "W58324" */
  accountNumber: string;
  fileName: string;
}

export async function ActivityPage({ accountNumber, fileName, ...table }: ActivityPageProps) {
  const list = activityList.view;
  return (
    <>
      <PageHeader
        title="Activity"
        above={[{ href: '/people', label: 'People' }]}
        description="Who did what in this account, when and from where. Nothing here can be changed."
        actions={
          <DownloadButton
            label="Download activity"
            path={`/api/downloads/${activityList.file.name}`}
            fileName={fileName}
            contents={`All activity of ${accountNumber}`}
            noun="Activities"
            list={list}
            ignored={table.ignored}
          />
        }
      />
      <ActivityTable {...table} list={list} hiddenColumns={await readHiddenColumns(list.name)} />
    </>
  );
}
