'use client';

import { EmptyState } from '@/components/ui/empty-state';
import { staffTimeZone, type ListPage } from '@/lib/lists/schema';
import type { AllRequestsList, StaffRequestRow } from '@/lib/removal-requests/list';
import { RequestsTable } from './requests-table';

interface AllRequestsProps {
  list: AllRequestsList;
  page: ListPage<StaffRequestRow>;
  hiddenColumns: readonly string[];
}

/** The requests of all accounts, for staff. */
export function AllRequests(props: AllRequestsProps) {
  return (
    <RequestsTable
      {...props}
      audience="staff"
      timeZone={staffTimeZone}
      empty={
        <EmptyState kind="nothing-yet" title="No such request">
          No removal request is in this state.
        </EmptyState>
      }
    />
  );
}
