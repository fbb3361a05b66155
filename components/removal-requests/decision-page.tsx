import type { ReactNode } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { CutNote } from '@/components/ui/cut-note';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import { staffStateLabels } from '@/lib/removal-requests/labels';
import type { StaffRequest } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { getRequestHref, getTextHref } from './audience';
import type { Decide } from './decision-prompt';
import { RegistryNote } from './registry-note';
import { RequestDecision } from './request-decision';
import { RequestConversation } from './request-conversation';
import { RequestStateBadge } from './request-state-badge';
import { RequestTimeline } from './request-timeline';
import { staffTimeZone } from '@/lib/lists/schema';

interface DecisionPageProps {
  request: StaffRequest;
  /** The national registry blocks marketing of this account to the number. */
  isOnRegistry: boolean;
  decide: Decide;
  nextHref: string | null;
}

const linkClass = 'text-accent-text underline-offset-4 hover:underline';

/** One request, with all that is needed to decide on it. */
export function DecisionPage({ request, isOnRegistry, decide, nextHref }: DecisionPageProps) {
  const { account, history } = request;
  return (
    <>
      <PageHeader
        title={formatMsisdn(request.msisdn)}
        above={[{ href: '/admin/removal-requests', label: 'Removal requests' }]}
        aside={
          <>
            <CopyButton text={formatMsisdn(request.msisdn)} label="Copy the number" />
            <RequestStateBadge audience="staff" state={request.state} />
          </>
        }
        description={
          <>
            {account.name} (W{account.id}) asks to write to this number again.
          </>
        }
      />
      <RequestDecision
        // A message about the last request must not stand over the next.
        key={`${request.accountId} ${request.id}`}
        request={{
          accountId: request.accountId,
          requestId: request.id,
          msisdn: request.msisdn,
          accountName: account.name,
        }}
        isOpen={request.state === 'AWAITING_APPROVAL'}
        decide={decide}
        nextHref={nextHref}
      />
      <Outcome request={request} />
      {isOnRegistry && (
        <div className="mb-4">
          <RegistryNote isOver={request.finishedAt !== null} />
        </div>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <RequestConversation audience="staff" request={request} timeZone={staffTimeZone} />
          <BlockCard request={request} />
          <PermissionCard request={request} />
          <Card title="Time line">
            <RequestTimeline audience="staff" events={request.events} timeZone={staffTimeZone} />
          </Card>
        </div>
        <div className="grid gap-4">
          <Card title="Account">
            <Facts>
              <Fact name="Account">
                <Link href={`/admin/accounts/${account.id}`} className={linkClass}>
                  {account.name}
                </Link>{' '}
                <span className="text-ink-faint tabular-nums">W{account.id}</span>{' '}
                {account.status === 'SUSPENDED' && <Badge tone="bad">Suspended</Badge>}
              </Fact>
              <Fact name="Since">
                <Time value={history.since} timeZone={staffTimeZone} />
              </Fact>
              <Fact name="Messages, 30 days">{formatCount(history.messages30Days)}</Fact>
              <Fact name="Opt-outs">{formatCount(history.optOuts)}</Fact>
            </Facts>
            <div className="border-t border-line px-4 py-3 text-sm">
              <p className="mb-1.5 text-xs text-ink-faint">Its removal requests</p>
              <RequestTally requests={history.requests} />
            </div>
          </Card>
          <Card title="This number before">
            <NumberHistory request={request} />
          </Card>
        </div>
      </div>
    </>
  );
}

/** How it ended, and by whom. */
function Outcome({ request }: { request: StaffRequest }) {
  const { state, decidedByName, decisionReason, finishedAt } = request;
  if (finishedAt === null) return null;
  const verb = state === 'REMOVED' ? 'Approved' : staffStateLabels[state];
  return (
    <div className="mb-4">
      <Callout tone={state === 'REMOVED' ? 'good' : 'info'}>
        {verb}
        {decidedByName && ` by ${decidedByName}`}, <Time value={finishedAt} timeZone={staffTimeZone} />.
        {decisionReason && <span className="block">Reason: {decisionReason}</span>}
      </Callout>
    </div>
  );
}

function BlockCard({ request }: { request: StaffRequest }) {
  const { blockedBy, optOut } = request;
  return (
    <Card
      title="What blocked the number"
      aside={
        optOut ? (
          <Badge>{kindLabels[optOut.kind]}</Badge>
        ) : (
          <span className="text-xs text-ink-faint">Lifted since</span>
        )
      }
    >
      {blockedBy === null ? (
        <p className="px-4 py-3 text-sm text-ink-soft">There is no record of how it began.</p>
      ) : (
        <>
          {blockedBy.text !== null && (
            <div className="px-4 pt-3">
              <Quote>{blockedBy.text}</Quote>
              <CutNote
                text={blockedBy.text}
                wholeLength={blockedBy.wholeLength}
                href={getTextHref('staff', 'event', { accountId: request.accountId, id: blockedBy.eventId })}
              />
            </div>
          )}
          <Facts>
            {blockedBy.rule && <Fact name="Rule">{describeRule(blockedBy.rule)}</Fact>}
            {blockedBy.reason && <Fact name="Reason">{blockedBy.reason}</Fact>}
            {blockedBy.senderNumber && (
              <Fact name="Sender number">
                <PhoneNumber msisdn={blockedBy.senderNumber} />
              </Fact>
            )}
            <Fact name="When">
              <Time value={blockedBy.at} timeZone={staffTimeZone} />
            </Fact>
            {blockedBy.answeredText !== null && (
              <Fact name="It answered">
                <span className="whitespace-pre-wrap text-ink-soft">{blockedBy.answeredText}</span>
              </Fact>
            )}
          </Facts>
        </>
      )}
    </Card>
  );
}

function PermissionCard({ request }: { request: StaffRequest }) {
  const { permission, isPublic } = request;
  return (
    <Card title="Permission" aside={isPublic && <Badge>Public form</Badge>}>
      <div className="px-4 pt-3">
        <Quote>{permission.text}</Quote>
      </div>
      <Facts>
        <Fact name="Given by">
          {permission.by ?? (isPublic ? 'Whoever filled in the public form' : 'Unknown')}
        </Fact>
        <Fact name="When">
          <Time value={permission.at} timeZone={staffTimeZone} />
        </Fact>
        <Fact name="From address">
          {permission.address ? (
            <span className="font-mono text-xs break-all">{permission.address}</span>
          ) : (
            <span className="text-ink-faint">Not known</span>
          )}
        </Fact>
      </Facts>
    </Card>
  );
}

function RequestTally({ requests }: { requests: StaffRequest['history']['requests'] }) {
  const counted = (Object.keys(staffStateLabels) as (keyof typeof staffStateLabels)[]).filter(
    (state) => requests[state] > 0,
  );
  return (
    <ul className="grid gap-1">
      {counted.map((state) => (
        <li key={state} className="flex justify-between gap-3">
          <span className="text-ink-soft">{staffStateLabels[state]}</span>
          <span className="tabular-nums">{formatCount(requests[state])}</span>
        </li>
      ))}
    </ul>
  );
}

function NumberHistory({ request }: { request: StaffRequest }) {
  const { earlierEpisodes, earlierRequests } = request;
  if (earlierEpisodes.length === 0 && earlierRequests.length === 0) {
    return <p className="px-4 py-3 text-sm text-ink-soft">This is its first block, and its first request.</p>;
  }
  return (
    <div className="divide-y divide-line text-sm">
      {earlierEpisodes.length > 0 && (
        <div className="px-4 py-3">
          <p className="mb-1.5 text-xs text-ink-faint">Other blocks</p>
          <ul className="grid gap-1.5">
            {earlierEpisodes.map(({ episodeId, beganAt, endedAt, endedBy }) => (
              <li key={episodeId}>
                <Time value={beganAt} timeZone={staffTimeZone} />
                <span className="block text-xs text-ink-soft">
                  {endedAt ? (
                    <>
                      until <Time value={endedAt} timeZone={staffTimeZone} />
                      {endedBy && `, ${describeActor(endedBy)}`}
                    </>
                  ) : (
                    'in force'
                  )}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {earlierRequests.length > 0 && (
        <div className="px-4 py-3">
          <p className="mb-1.5 text-xs text-ink-faint">Other requests</p>
          <ul className="grid gap-1.5">
            {earlierRequests.map((earlier) => (
              <li key={earlier.id} className="flex flex-wrap items-center justify-between gap-2">
                <Link href={getRequestHref('staff', earlier)} className={linkClass}>
                  <Time value={earlier.createdAt} timeZone={staffTimeZone} />
                </Link>
                <RequestStateBadge audience="staff" state={earlier.state} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** Who ended a block: "staff:3" as people say it. */
function describeActor(actor: string): string {
  if (actor.startsWith('staff:')) return 'by staff';
  if (/^(user|key):/.test(actor)) return 'by the account';
  return actor === 'recipient' ? 'by the recipient' : 'by itself';
}

/** What someone wrote, word for word. */
function Quote({ children }: { children: string }) {
  return (
    <blockquote className="max-h-64 overflow-y-auto rounded-md border border-line bg-canvas px-3.5 py-2.5 text-base wrap-anywhere whitespace-pre-wrap">
      {children || <span className="text-ink-faint italic">Empty text</span>}
    </blockquote>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid gap-2 px-4 py-3 text-sm">{children}</dl>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
