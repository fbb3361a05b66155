import { ShieldBan } from 'lucide-react';
import type { ListPage } from '@/components/data-table/list-page';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import type { MessageRow } from '@/lib/messages/schema';
import type { ReplyRow } from '@/lib/replies/schema';
import { IncomingTable } from './incoming-table';
import { MessageTabs } from './message-tabs';
import { OutgoingTable, OutgoingTableSkeleton } from './outgoing-table';

type MessagesPageProps = {
  /** "W58324" */
  accountNumber: string;
  timeZone: string;
  /** What the download of this tab will be called. */
  fileName: string;
} & ({ tab: 'outgoing'; page: ListPage<MessageRow> } | { tab: 'incoming'; page: ListPage<ReplyRow> });

const heading = {
  title: 'Message Logs',
  description: 'What you sent and what came back.',
};

const nouns = { outgoing: 'Outgoing messages', incoming: 'Incoming replies' };

export async function MessagesPage(props: MessagesPageProps) {
  const { tab, accountNumber, timeZone, fileName } = props;
  const hiddenColumns = await readHiddenColumns(tab);
  return (
    <>
      <PageHeader
        {...heading}
        actions={
          <>
            <ButtonLink href="/messages/opt-outs">
              <ShieldBan aria-hidden="true" className="size-4" />
              Auto Opt-Outs
            </ButtonLink>
            <DownloadButton
              path={`/api/downloads/${tab}`}
              fileName={fileName}
              contents={`All ${nouns[tab].toLowerCase()} of ${accountNumber}`}
              noun={nouns[tab]}
            />
          </>
        }
      />
      <MessageTabs current={tab} />
      {props.tab === 'outgoing' ? (
        <OutgoingTable key="outgoing" page={props.page} timeZone={timeZone} hiddenColumns={hiddenColumns} />
      ) : (
        <IncomingTable key="incoming" page={props.page} timeZone={timeZone} hiddenColumns={hiddenColumns} />
      )}
    </>
  );
}

/** For `loading.tsx`. */
export function MessagesPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <OutgoingTableSkeleton />
    </>
  );
}
