import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import { ReplyLine } from '@/components/messages/reply-line';
import type { ReplyRow } from '@/lib/replies/schema';

interface AdminHomePageProps {
  accounts: readonly {
    /** "W58324" */
    number: string;
    name: string;
    status: 'ACTIVE' | 'SUSPENDED';
    optOuts: number;
    credits: number;
  }[];
  /** Replies to which no account had written; the newest first. */
  unownedReplies: readonly ReplyRow[];
  timeZone: string;
}

export function AdminHomePage({ accounts, unownedReplies, timeZone }: AdminHomePageProps) {
  return (
    <>
      <PageHeader
        title="Accounts"
        aside={<span className="text-sm text-ink-faint">{formatCount(accounts.length)}</span>}
      />
      <Card>
        <table className="w-full text-sm">
          <caption className="sr-only">Accounts</caption>
          <thead className="text-xs whitespace-nowrap text-ink-faint">
            <tr className="*:border-b *:border-line *:px-4 *:py-2 *:text-left *:font-medium">
              <th scope="col">Account</th>
              <th scope="col" className="max-sm:hidden">
                Status
              </th>
              <th scope="col" className="text-right!">
                Opt-outs
              </th>
              <th scope="col" className="text-right!">
                Credits
              </th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.number} className="*:border-line *:px-4 *:py-2.5 not-last:*:border-b">
                <th scope="row" className="text-left font-normal">
                  <span className="font-medium">{account.name}</span>{' '}
                  <span className="text-ink-faint tabular-nums max-sm:block">{account.number}</span>
                </th>
                <td className="max-sm:hidden">
                  {account.status === 'ACTIVE' ? (
                    <Badge tone="good">Active</Badge>
                  ) : (
                    <Badge tone="bad">Suspended</Badge>
                  )}
                </td>
                <td className="text-right tabular-nums">{formatCount(account.optOuts)}</td>
                <td className="text-right tabular-nums">{formatCount(account.credits)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
      <Card title="Replies without an owner" className="mt-6">
        {unownedReplies.length === 0 ? (
          <EmptyState kind="nothing-yet" title="Every reply has an owner">
            A reply from someone to whom no account has written is kept here.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {unownedReplies.map((reply) => (
              <ReplyLine
                key={`${reply.msisdn} ${reply.id}`}
                reply={reply}
                time={<Time value={reply.receivedAt} timeZone={timeZone} />}
              />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
