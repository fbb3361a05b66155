import type { ComponentProps } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { auditActions, type AuditRow } from '@/lib/audit/schema';
import type { QueueRow } from '@/lib/removal-requests/schema';
import { AccountActions } from './account-actions';
import { AccountStatusBadge } from './account-status-badge';
import type { AccountLine } from './accounts-page';
import { RequestStateBadge } from './request-states';
import { staffTimeZone } from './staff-time-zone';

type AccountPageProps = {
  account: AccountLine;
  /** The newest first, a handful. */
  requests: readonly QueueRow[];
  /** What staff did to it, the newest first, a handful. */
  entries: readonly AuditRow[];
} & Omit<ComponentProps<typeof AccountActions>, 'account'>;

/** One account, to be looked at; and what staff can do to it. */
export function AccountPage({ account, requests, entries, ...actions }: AccountPageProps) {
  return (
    <>
      <PageHeader
        title={account.name}
        above={[{ href: '/admin/accounts', label: 'Accounts' }]}
        aside={
          <span className="flex items-center gap-2 text-sm text-ink-faint tabular-nums">
            W{account.id} <AccountStatusBadge status={account.status} />
          </span>
        }
        actions={<AccountActions account={account} {...actions} />}
      />
      <div className="grid grid-cols-2 gap-3">
        <Stat label="Opt-outs" value={account.optOuts} note="In force" />
        <Stat label="Credits" value={account.credits} note="Left to send with" />
      </div>
      <div className="mt-4 grid items-start gap-4 lg:grid-cols-2">
        <Card title="Latest removal requests">
          {requests.length === 0 ? (
            <EmptyState kind="nothing-yet" title="No removal requests">
              This account has never asked to write to someone again.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {requests.map((request) => (
                <li key={request.id} className="flex items-center justify-between gap-3 px-4 py-2.5 text-sm">
                  <span>
                    <Link
                      href={`/admin/removal-requests/${request.accountId}/${request.id}`}
                      className="font-medium underline-offset-4 hover:underline"
                    >
                      <PhoneNumber msisdn={request.msisdn} />
                    </Link>
                    <span className="block text-xs text-ink-soft">
                      <Time value={request.createdAt} timeZone={staffTimeZone} />
                    </span>
                  </span>
                  <RequestStateBadge state={request.state} />
                </li>
              ))}
            </ul>
          )}
        </Card>
        <Card
          title="What staff did"
          aside={
            entries.length > 0 && (
              <Link
                href={`/admin/audit?account=W${account.id}`}
                className="text-sm text-accent-text underline-offset-4 hover:underline"
              >
                Audit log
              </Link>
            )
          }
        >
          {entries.length === 0 ? (
            <EmptyState kind="nothing-yet" title="Nothing yet">
              Decisions, corrections and suspensions of this account are written down here.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {entries.map((entry) => (
                <li key={entry.id} className="px-4 py-2.5 text-sm">
                  {auditActions[entry.action]}
                  <span className="block text-ink-soft">{entry.target}</span>
                  <span className="block text-xs text-ink-soft">
                    {entry.userName}, <Time value={entry.createdAt} timeZone={staffTimeZone} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
    </>
  );
}
