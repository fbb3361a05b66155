'use client';

import { IfMay } from '@/components/permissions/permissions';
import type { ListPage } from '@/lib/lists/schema';
import { LiveIndicator } from '@/components/live/live-indicator';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { stateLabels } from '@/lib/removal-requests/labels';
import type { RequestList, RequestRow } from '@/lib/removal-requests/list';
import type { RemovalRequestState } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { HowItWorks } from './how-it-works';
import { RequestsTable } from './requests-table';
import { StateFilter, useStateFilter } from './state-filter';

interface OwnRequestsProps {
  list: RequestList;
  page: ListPage<RequestRow>;
  state: RemovalRequestState | null;
  timeZone: string;
  hiddenColumns: readonly string[];
}

/** The requests of the account that one is signed in for. */
export function OwnRequests({ state, ...table }: OwnRequestsProps) {
  return (
    <RequestsTable
      {...table}
      audience="customer"
      aside={
        <>
          <LiveIndicator topics={['removal-requests']} />
          <StateFilter state={state} />
        </>
      }
      announce={(row) => `New removal request: ${formatMsisdn(row.msisdn)}.`}
      empty={state ? <NoneInState state={state} /> : <NothingYet />}
    />
  );
}

function NothingYet() {
  return (
    <EmptyState
      kind="nothing-yet"
      title="No removal requests yet"
      action={
        <IfMay may="removal-requests.make">
          <ButtonLink href="/removal-requests/new" variant="primary">
            Request removal
          </ButtonLink>
        </IfMay>
      }
    >
      <HowItWorks />
    </EmptyState>
  );
}

function NoneInState({ state }: { state: RemovalRequestState }) {
  const { choose } = useStateFilter();
  return (
    <EmptyState
      kind="no-match"
      title={`No request is in the state “${stateLabels[state]}”`}
      action={<Button onClick={() => choose(null)}>Show all states</Button>}
    />
  );
}
