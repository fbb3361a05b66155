import { IfMay } from '@/components/permissions/permissions';
import type { ReactNode } from 'react';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import type { RemovalRequestDetail } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { CancelButton, type CancelRequest } from './cancel-button';
import { NextStep } from './next-step';
import { RegistryNote } from './registry-note';
import { RequestConversation } from './request-conversation';
import { RequestStateBadge } from './request-state-badge';
import { RequestTimeline } from './request-timeline';

interface RequestPageProps {
  request: RemovalRequestDetail;
  /** The national registry blocks marketing to the number. */
  isOnRegistry: boolean;
  timeZone: string;
  cancel: CancelRequest;
}

/** One request: where it stands, what was asked and answered, and how it came there. */
export function RequestPage({ request, isOnRegistry, timeZone, cancel }: RequestPageProps) {
  return (
    <>
      <PageHeader
        title={formatMsisdn(request.msisdn)}
        above={[{ href: '/removal-requests', label: 'Removal requests' }]}
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <RequestStateBadge state={request.state} />
            <LiveIndicator topics={['removal-requests', 'messages', 'replies']} />
          </span>
        }
        actions={
          request.canCancel && (
            <IfMay may="removal-requests.make">
              <CancelButton
                requestId={request.id}
                // What waits can still be kept back; what has left cannot.
                isAsked={request.consent !== null && request.consent.status !== 'QUEUED'}
                cancel={cancel}
              />
            </IfMay>
          )
        }
      />
      <div className="space-y-4">
        <NextStep request={request} timeZone={timeZone} />
        {isOnRegistry && <RegistryNote isOver={request.finishedAt !== null} />}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <RequestConversation audience="customer" request={request} timeZone={timeZone} />
          <div className="space-y-4">
            <Card title="Time line">
              <RequestTimeline audience="customer" events={request.events} timeZone={timeZone} />
            </Card>
            <Card title="Request">
              <dl className="divide-y divide-line text-sm">
                <Fact name="Number">
                  <CopyablePhoneNumber msisdn={request.msisdn} />
                  <Link
                    href={`/messages/opt-outs?q=${request.msisdn}`}
                    className="rounded-sm text-accent-text underline-offset-4 hover:underline"
                  >
                    Find it in Auto Opt-Outs
                  </Link>
                </Fact>
                <Fact name="Permission">
                  <span className="text-ink-soft">“{request.permission.text}”</span>
                  <p className="mt-1 text-ink-faint">
                    {request.permission.by ?? 'The account’s owner'},{' '}
                    <Time value={request.permission.at} timeZone={timeZone} />
                    {request.permission.address && `, from ${request.permission.address}`}
                  </p>
                </Fact>
                {request.isPublic && <Fact name="Came through">The public contact form</Fact>}
              </dl>
            </Card>
          </div>
        </div>
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-3 px-4 py-2.5">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
