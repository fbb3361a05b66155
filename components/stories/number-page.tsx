import { IfMay } from '@/components/permissions/permissions';
import { ShieldBan, ShieldCheck } from 'lucide-react';
import { RemovalRequestsOfNumber } from '@/components/removal-requests/requests-of-number';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { ConsentRecords } from '@/components/consents/consent-records';
import type { WithdrawConsent } from '@/components/consents/withdraw-button';
import { RegistryRecords } from '@/components/registry/registry-records';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import type { RemoveOptOuts } from '@/components/opt-outs/actions';
import type { RequestRow } from '@/lib/removal-requests/list';
import { requestableKinds } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { NumberStory } from '@/lib/stories/schema';
import { BlockCard } from './block-card';
import { EarlierEpisodes } from './earlier-episodes';
import { ComplaintButton } from './complaint-button';
import { EvidenceButton } from './evidence-button';
import { RemoveButton } from './remove-button';
import { StoryTimeline } from './story-timeline';

interface NumberPageProps {
  story: NumberStory;
  /** The requests about it, the newest first. */
  requests: readonly RequestRow[];
  /** An opt-out of another account of the family holds messages back. */
  isBlockedElsewhere: boolean;
  /** Whether the page begins with the latest. */
  isLatest: boolean;
  timeZone: string;
  /** What the evidence pack will be called, without its ending. */
  evidenceName: string;
  /** The same of a complaint pack, without its days. */
  complaintName: string;
  /** "2026-11-29", of the account's calendar. */
  today: string;
  /** The same, of South Africa, whose days those of consents are. */
  consentToday: string;
  remove: RemoveOptOuts;
  withdraw: WithdrawConsent;
}

/** The state of one number now, and its story. */
export function NumberPage(props: NumberPageProps) {
  const {
    story,
    requests,
    isBlockedElsewhere,
    isLatest,
    timeZone,
    evidenceName,
    complaintName,
    today,
    consentToday,
    remove,
    withdraw,
  } = props;
  const { msisdn, block, registry } = story;
  const isOnRegistry = registry.some(({ liftedAt }) => liftedAt === null);
  return (
    <>
      <PageHeader
        title={formatMsisdn(msisdn)}
        above={[
          { href: '/messages', label: 'Message Logs' },
          { href: '/messages/opt-outs', label: 'Auto Opt-Outs' },
        ]}
        aside={
          <span className="flex items-center gap-2">
            {block ? (
              <Badge tone="warn" icon={ShieldBan}>
                Opted out
              </Badge>
            ) : isBlockedElsewhere ? (
              <Badge tone="warn" icon={ShieldBan}>
                Opted out elsewhere
              </Badge>
            ) : isOnRegistry ? (
              <Badge tone="warn" icon={ShieldBan}>
                On the registry
              </Badge>
            ) : (
              <Badge tone="good" icon={ShieldCheck}>
                Not opted out
              </Badge>
            )}
            <LiveIndicator topics={['messages', 'replies', 'opt-outs', 'removal-requests']} />
            <CopyButton text={formatMsisdn(msisdn)} label="Copy the number" />
          </span>
        }
        actions={
          <>
            {block && (
              <IfMay may="opt-outs.change">
                <WayOut msisdn={msisdn} kind={block.kind} remove={remove} />
              </IfMay>
            )}
            <EvidenceButton msisdn={msisdn} name={evidenceName} />
            <ComplaintButton msisdn={msisdn} name={complaintName} today={today} />
          </>
        }
      />
      <div className="space-y-5">
        <BlockCard
          block={block}
          isBlockedElsewhere={isBlockedElsewhere}
          isOnRegistry={isOnRegistry}
          timeZone={timeZone}
        />
        <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <StoryTimeline story={story} isLatest={isLatest} timeZone={timeZone} />
          <div className="space-y-5">
            {registry.length > 0 && (
              <Card title="National opt-out registry">
                <div className="p-4 text-sm">
                  <RegistryRecords records={registry} timeZone={timeZone} />
                </div>
              </Card>
            )}
            <ConsentRecords
              msisdn={msisdn}
              records={story.consents}
              timeZone={timeZone}
              today={consentToday}
              withdraw={withdraw}
            />
            <EarlierEpisodes episodes={story.earlierEpisodes} timeZone={timeZone} />
            <RemovalRequestsOfNumber
              rows={requests}
              timeZone={timeZone}
              requestHref={block && isRequestable(block.kind) ? getRequestHref(msisdn) : null}
            />
          </div>
        </div>
      </div>
    </>
  );
}

type Kind = NonNullable<NumberStory['block']>['kind'];

/** What the account can do about a block, which depends on who made it (design: the invariants). */
function WayOut({ msisdn, kind, remove }: { msisdn: string; kind: Kind } & Pick<NumberPageProps, 'remove'>) {
  if (isRequestable(kind)) return <ButtonLink href={getRequestHref(msisdn)}>Request removal</ButtonLink>;
  return <RemoveButton msisdn={msisdn} remove={remove} />;
}

function isRequestable(kind: Kind): boolean {
  return (requestableKinds as readonly Kind[]).includes(kind);
}

function getRequestHref(msisdn: string): string {
  return `/removal-requests/new?number=${msisdn}`;
}
