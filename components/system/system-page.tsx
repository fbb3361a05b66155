import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { formatNumberOf } from '@/components/ui/format-count';
import { describePrefix } from '@/lib/carriers/labels';
import { countedAtMost, type SystemView } from '@/lib/carriers/schema';
import type { ReplicaView, TimesToHonour } from '@/lib/metrics/schema';
import type { DoubtGroup, DoubtPolicy } from '@/lib/messages/schema';
import type { SystemActions } from './actions';
import { CarriersSection } from './carriers-section';
import { DoubtsCard } from './doubts-card';
import { HonourCard } from './honour-card';
import { ReplicaCard } from './replica-card';
import { RoutesCard } from './routes-card';

interface SystemPageProps {
  system: SystemView;
  honour: TimesToHonour;
  /** Null: there is none. */
  replica: ReplicaView | null;
  doubts: { groups: readonly DoubtGroup[]; policy: DoubtPolicy; again: number };
  actions: SystemActions;
}

/** Carriers, routes and messages in doubt, for the provider's staff. */
export function SystemPage({ system, honour, replica, doubts, actions }: SystemPageProps) {
  const { carriers, routes, uncovered, unrouted } = system;
  return (
    <>
      <PageHeader
        title="System"
        aside={<LiveIndicator topics={['carriers']} />}
        description="The carriers, which numbers they take, and messages in doubt. Every change is in the audit log."
      />
      {uncovered.length > 0 && (
        <div className="mb-4">
          <Callout tone="warn" title="Numbers without a carrier">
            {uncovered
              .map((prefix) => (prefix === '' ? 'All other numbers' : describePrefix(prefix)))
              .join(', ')}
            : no active carrier takes them, and their messages wait.
            {unrouted > 0 &&
              ` ${unrouted >= countedAtMost ? 'More than ' : ''}${formatNumberOf(unrouted, 'message')} without a route ${unrouted === 1 ? 'is' : 'are'} due now.`}
          </Callout>
        </div>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <CarriersSection carriers={carriers} actions={actions} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <HonourCard times={honour} />
          {replica && <ReplicaCard replica={replica} />}
          <RoutesCard routes={routes} carriers={carriers.map(({ name }) => name)} actions={actions} />
          <DoubtsCard {...doubts} actions={actions} />
        </div>
      </div>
    </>
  );
}
