import { ShieldBan } from 'lucide-react';
import type { ListPage, ListProblem } from '@/lib/lists/schema';
import { readHiddenColumns } from '@/components/data-table/read-hidden-columns';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { messageList, type MessageRow } from '@/lib/messages/list';
import { replyList, type ReplyRow } from '@/lib/replies/list';
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

const lists = { outgoing: messageList, incoming: replyList };

export async function MessagesPage(props: MessagesPageProps) {
  const { tab, accountNumber, timeZone, fileName, ignored, problem } = props;
  const { view, file } = lists[tab];
  const common = { timeZone, ignored, problem, hiddenColumns: await readHiddenColumns(view.name) };
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
              path={`/api/downloads/${file.name}`}
              fileName={fileName}
              contents={`All ${view.label.toLowerCase()} of ${accountNumber}`}
              noun={view.label}
              list={view}
              ignored={ignored}
            />
          </>
        }
      />
      <MessageTabs current={tab} toReview={props.toReview} />
      {props.tab === 'outgoing' ? (
        <OutgoingTable key="outgoing" list={messageList.view} page={props.page} {...common} />
      ) : (
        <IncomingTable key="incoming" list={replyList.view} page={props.page} {...common} />
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
      <OutgoingTableSkeleton list={messageList.view} />
    </>
  );
}
