import { staffTimeZone, type ListPage, type ListProblem } from '@/lib/lists/schema';
import { DownloadButton } from '@/components/downloads/download-button';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import type { SetAsideReply } from '@/lib/carriers/schema';
import type { ReplyRow } from '@/lib/replies/list';
import { unownedList, type UnownedReply } from '@/lib/unowned-replies/list';
import type { WaitingCounts } from '@/lib/unowned-replies/schema';
import type { UnownedActions } from './unowned-decision';
import { SetAsideCard, type SetAsideActions } from './set-aside-card';
import { UnownedQueue } from './unowned-queue';
import { UnownedTable } from './unowned-table';

interface UnownedRepliesPageProps {
  /** Replies that belonged to no account when they came. */
  page: ListPage<UnownedReply>;
  problem?: ListProblem;
  ignored: readonly string[];
  hiddenColumns: readonly string[];
  /** What the download will be called. */
  fileName: string;
  decide: UnownedActions;
  /** Of them, those that wait for staff longest; null where the list is narrowed to something else. */
  undecided: readonly UnownedReply[] | null;
  undecidedCounts: WaitingCounts;
  /**
   * Replies that are probably opt-outs, which a person of their account is to decide about; the oldest first.
   */
  waiting: readonly (ReplyRow & { accountId: number; accountName: string })[];
  /** Replies that could not be recorded. */
  setAside: { replies: readonly SetAsideReply[]; actions: SetAsideActions };
}

export function UnownedRepliesPage({
  waiting,
  fileName,
  undecided,
  undecidedCounts,
  setAside,
  ...table
}: UnownedRepliesPageProps) {
  return (
    <>
      <PageHeader
        title="Replies"
        description="Replies without an owner, and below them what an account has yet to decide. An answer to a consent SMS stands with its removal request."
        actions={
          <DownloadButton
            label="Download replies"
            path={`/api/admin/downloads/${unownedList.file.name}`}
            fileName={fileName}
            contents="All replies without an owner"
            noun="Replies without an owner"
            list={unownedList.view}
            ignored={table.ignored}
          />
        }
      />
      <SetAsideCard {...setAside} />
      {undecided && undecided.length > 0 && (
        <UnownedQueue replies={undecided} counts={undecidedCounts} decide={table.decide} />
      )}
      <UnownedTable {...table} list={unownedList.view} />
      <Card
        title="Replies that wait for their account"
        className="mt-4"
        aside={
          waiting.length > 0 && (
            <span className="text-xs text-ink-faint tabular-nums">{formatCount(waiting.length)} oldest</span>
          )
        }
      >
        {waiting.length === 0 ? (
          <EmptyState kind="nothing-yet" title="Nothing waits">
            A reply that is probably an opt-out waits here until somebody of its account has decided.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {waiting.map((reply) => (
              <li key={`${reply.accountId} ${reply.id}`} className="grid gap-1 px-4 py-2.5 text-sm">
                <span className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <Link
                    href={`/admin/accounts/${reply.accountId}`}
                    className="font-medium underline-offset-4 hover:underline"
                  >
                    {reply.accountName}
                  </Link>
                  <span className="text-ink-faint">
                    <Time value={reply.receivedAt} timeZone={staffTimeZone} />
                  </span>
                </span>
                <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                  <PhoneNumber msisdn={reply.msisdn} />
                  <span className="min-w-0 wrap-anywhere">{reply.text}</span>
                  {reply.rule && <span className="text-ink-faint">{describeRule(reply.rule)}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
