import type { ComponentProps } from 'react';
import { IfMay } from '@/components/permissions/permissions';
import type { MarketerStanding, RegistrationRow } from '@/lib/registry/schema';
import { MarketerCard } from '@/components/registry/marketer-card';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import type { DayCounts } from '@/lib/home/schema';
import type { AuditRow } from '@/lib/audit/list';
import { auditActions } from '@/lib/audit/schema';
import { kindLabels } from '@/lib/opt-outs/labels';
import type { OptOutRow } from '@/lib/opt-outs/list';
import type { StaffRequestRow } from '@/lib/removal-requests/list';
import { AccountActions } from './account-actions';
import { AccountPeople } from './account-people';
import { AccountStatusBadge } from './account-status-badge';
import type { AccountLine } from './accounts-page';
import { RequestStateBadge } from '@/components/removal-requests/request-state-badge';
import { staffTimeZone } from '@/lib/lists/schema';

type AccountPageProps = {
  account: AccountLine;
  /** The last 30, today included. */
  days: readonly DayCounts[];
  /** The newest first, a handful. */
  optOuts: readonly OptOutRow[];
  /** The newest first, a handful. */
  requests: readonly StaffRequestRow[];
  /** What staff did to it, the newest first, a handful. */
  entries: readonly AuditRow[];
  members: ComponentProps<typeof AccountPeople>['members'];
  standing: MarketerStanding;
  registrations: readonly RegistrationRow[];
  resetFactor: ComponentProps<typeof AccountPeople>['resetFactor'];
} & Omit<ComponentProps<typeof AccountActions>, 'account'>;

/** One account, to be looked at; and what staff can do to it. */
export function AccountPage({
  account,
  days,
  optOuts,
  requests,
  entries,
  members,
  standing,
  registrations,
  resetFactor,
  ...actions
}: AccountPageProps) {
  const sum = (of: 'messages' | 'delivered' | 'replies' | 'optOuts') =>
    days.reduce((total, day) => total + day[of], 0);
  return (
    <>
      <PageHeader
        title={account.name}
        above={[{ href: '/admin/accounts', label: 'Accounts' }]}
        aside={
          <span className="flex items-center gap-2 text-sm text-ink-faint tabular-nums">
            W{account.id} <AccountStatusBadge status={account.status} />
            {account.trialMsisdn !== null && <Badge tone="info">Trial</Badge>}
          </span>
        }
        actions={
          <IfMay may="accounts.manage">
            <AccountActions account={account} {...actions} />
          </IfMay>
        }
      />
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-3">
        <Stat label="Opt-outs" value={account.optOuts} note="In force" />
        <Stat label="Credits" value={account.credits} note="Left to send with" />
        <Stat label="Messages" value={sum('messages')} note="In the last 30 days" />
        <Stat label="Delivered" value={sum('delivered')} note="Of those" />
        <Stat label="Replies" value={sum('replies')} note="In the last 30 days" />
        <Stat label="Opt-outs by reply" value={sum('optOuts')} note="In the last 30 days" />
      </div>
      <AccountPeople accountId={account.id} members={members} resetFactor={resetFactor} />
      <MarketerCard standing={standing} registrations={registrations} timeZone={staffTimeZone} />
      <Card title="Latest opt-outs" className="mt-4">
        {optOuts.length === 0 ? (
          <EmptyState kind="nothing-yet" title="Nobody has opted out">
            What the account sees in its Auto Opt-Outs is shown here, the newest first.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {optOuts.map((optOut) => (
              <li
                key={optOut.id}
                className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm sm:grid-cols-[9rem_minmax(0,1fr)_8rem_9rem]"
              >
                <span className="font-medium">
                  <PhoneNumber msisdn={optOut.msisdn} />
                </span>
                <span className="truncate max-sm:order-3 max-sm:col-span-2">
                  {optOut.replyText ?? <span className="text-ink-faint">No reply</span>}
                </span>
                <span className="max-sm:order-4 max-sm:text-xs">{kindLabels[optOut.kind]}</span>
                <span className="text-ink-faint sm:text-right">
                  <Time value={optOut.createdAt} timeZone={staffTimeZone} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
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
                  <RequestStateBadge audience="staff" state={request.state} />
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
