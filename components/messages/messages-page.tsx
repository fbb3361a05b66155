import { ShieldBan } from 'lucide-react';
import type { ListPage, ListProblem } from '@/components/data-table/list-page';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { messageColumns } from '@/lib/messages/labels';
import type { MessageRow } from '@/lib/messages/schema';
import { replyColumns } from '@/lib/replies/labels';
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
  ignored: readonly string[];
  problem?: ListProblem;
  /** How many replies wait for a person to decide. */
  toReview?: number;
} & ({ tab: 'outgoing'; page: ListPage<MessageRow> } | { tab: 'incoming'; page: ListPage<ReplyRow> });

const heading = {
  title: 'Message Logs',
  description: 'What you sent and what came back.',
};

const files = {
  outgoing: { noun: 'Outgoing messages', columns: messageColumns },
  incoming: { noun: 'Incoming replies', columns: replyColumns },
};

export async function MessagesPage(props: MessagesPageProps) {
  const { tab, accountNumber, timeZone, fileName, ignored, problem } = props;
  const common = { timeZone, ignored, problem, hiddenColumns: await readHiddenColumns(tab) };
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
              key={tab}
              path={`/api/downloads/${tab}`}
              fileName={fileName}
              contents={`All ${files[tab].noun.toLowerCase()} of ${accountNumber}`}
              noun={files[tab].noun}
              columns={files[tab].columns}
              ignored={ignored}
            />
          </>
        }
      />
      <MessageTabs current={tab} toReview={props.toReview} />
      {props.tab === 'outgoing' ? (
        <OutgoingTable key="outgoing" page={props.page} {...common} />
      ) : (
        <IncomingTable key="incoming" page={props.page} {...common} />
      )}
    </>
  );
}

/** For `loading.tsx`. */
export function MessagesPageSkeleton() {
  return (
    <>
      <PageHeader {...heading} />
      <MessageTabs current={null} />
      <OutgoingTableSkeleton />
    </>
  );
}
