'use client';

import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { Detail, DetailList } from '@/components/data-table/detail-list';
import { EmptyState } from '@/components/ui/empty-state';
import { Time } from '@/components/ui/time';
import type { ActivityList, ActivityRow } from '@/lib/activity/list';
import type { ListPage, ListProblem } from '@/lib/lists/schema';

const looks: LooksOf<ActivityList> = {
  when: { from: undefined, card: 'foot' },
  who: { width: 'w-44', from: undefined, card: 'title' },
  what: { width: undefined, from: undefined, card: 'body' },
  details: { width: undefined, from: 'md', card: 'body' },
  from: { width: 'w-36', from: 'lg', card: 'foot-aside' },
};

export interface ActivityTableProps {
  list: ActivityList;
  page: ListPage<ActivityRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
}

export function ActivityTable(props: ActivityTableProps) {
  const { timeZone, list } = props;
  return (
    <DataTable
      {...props}
      looks={looks}
      empty={
        <EmptyState kind="nothing-yet" title="Nothing yet">
          Sign-ins, downloads, changes of settings and of people, and opt-outs by hand appear here.
        </EmptyState>
      }
      detail={{
        title: ({ who }) => who ?? 'Activity',
        render: (row) => (
          <DetailList>
            <Detail name="What">
              {list.columns.find(({ id }) => id === 'what')?.words?.[row.kind] ?? row.kind}
            </Detail>
            {row.about !== null && <Detail name="Details">{row.about}</Detail>}
            <Detail name="When">
              <Time value={row.createdAt} timeZone={timeZone} />
            </Detail>
            <Detail name="From where">{row.address ?? 'Not known'}</Detail>
          </DetailList>
        ),
      }}
    />
  );
}
