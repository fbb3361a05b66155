import { ShieldBan, ShieldCheck } from 'lucide-react';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import type { RemoveOptOutsAnswer } from '@/lib/opt-outs/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import type { NumberStory } from '@/lib/stories/schema';
import { BlockCard } from './block-card';
import { EarlierEpisodes } from './earlier-episodes';
import { EvidenceButton } from './evidence-button';
import { RemoveButton } from './remove-button';
import { StoryTimeline } from './story-timeline';

interface NumberPageProps {
  story: NumberStory;
  /** Whether the page begins with the latest. */
  isLatest: boolean;
  timeZone: string;
  /** What the evidence pack will be called, without its ending. */
  evidenceName: string;
  remove: (msisdns: string[]) => Promise<RemoveOptOutsAnswer>;
}

/** The state of one number now, and its story. */
export function NumberPage({ story, isLatest, timeZone, evidenceName, remove }: NumberPageProps) {
  const { msisdn, block } = story;
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
            ) : (
              <Badge tone="good" icon={ShieldCheck}>
                Not opted out
              </Badge>
            )}
            <LiveIndicator topics={['messages', 'replies', 'opt-outs']} />
            <CopyButton text={formatMsisdn(msisdn)} label="Copy the number" />
          </span>
        }
        actions={
          <>
            {block && <WayOut msisdn={msisdn} kind={block.kind} remove={remove} />}
            <EvidenceButton msisdn={msisdn} name={evidenceName} />
          </>
        }
      />
      <div className="space-y-5">
        <BlockCard block={block} timeZone={timeZone} />
        <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <StoryTimeline story={story} isLatest={isLatest} timeZone={timeZone} />
          <div className="space-y-5">
            <EarlierEpisodes episodes={story.earlierEpisodes} timeZone={timeZone} />
            <Card title="Removal requests">
              <RemovalNote msisdn={msisdn} kind={block?.kind ?? null} />
            </Card>
          </div>
        </div>
      </div>
    </>
  );
}

type Kind = NonNullable<NumberStory['block']>['kind'];

/** What the account can do about a block, which depends on who made it (design: the invariants). */
function WayOut({ msisdn, kind, remove }: { msisdn: string; kind: Kind } & Pick<NumberPageProps, 'remove'>) {
  if (isReplyMade(kind)) return <ButtonLink href={getRequestHref(msisdn)}>Request removal</ButtonLink>;
  if (kind === 'STAFF') return null;
  return <RemoveButton msisdn={msisdn} remove={remove} />;
}

/** How a block of this kind comes off the list. */
function RemovalNote({ msisdn, kind }: { msisdn: string; kind: Kind | null }) {
  const isRequestable = kind !== null && isReplyMade(kind);
  return (
    <div className="space-y-2 px-4 py-3.5 text-sm text-ink-soft">
      <p>
        {kind === null && 'There is nothing to remove: the number is not on your list.'}
        {isRequestable &&
          'The recipient opted out, so only their own YES lifts the block. A request asks them for it once, by SMS.'}
        {kind === 'STAFF' && 'WinSMS staff added this number for you. Ask them to remove it.'}
        {kind !== null &&
          !isRequestable &&
          kind !== 'STAFF' &&
          'Your account added this number itself, so you can remove it yourself.'}
      </p>
      {isRequestable && (
        <Link
          href={getRequestHref(msisdn)}
          className="inline-block rounded-sm text-accent-text underline-offset-4 hover:underline"
        >
          Request removal
        </Link>
      )}
    </div>
  );
}

function isReplyMade(kind: Kind): boolean {
  return kind === 'REPLY' || kind === 'SHARED_SENDER';
}

function getRequestHref(msisdn: string): string {
  return `/removal-requests/new?number=${msisdn}`;
}
