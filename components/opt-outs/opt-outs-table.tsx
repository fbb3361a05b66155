'use client';

import { useMay } from '@/components/permissions/permissions';
import { X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { LooksOf } from '@/components/data-table/compose-columns';
import { DataTable } from '@/components/data-table/data-table';
import { DataTableSkeleton } from '@/components/data-table/data-table-skeleton';
import type { ListPage, ListProblem } from '@/lib/lists/schema';
import { RowLink } from '@/components/data-table/row-link';
import { focusTable } from '@/components/data-table/table-rows';
import { LiveIndicator } from '@/components/live/live-indicator';
import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { IconButton } from '@/components/ui/icon-button';
import { LatePart, loadAhead, useLate } from '@/components/ui/late';
import { showToast } from '@/components/ui/toast';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import type { OptOutList, OptOutRow } from '@/lib/opt-outs/list';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { AddOptOuts, RemoveOptOuts } from './actions';
import { kindTips } from './kind-tips';
import { getRemoval, getRequestHref } from './removal';

const loadDetail = () => import('./opt-out-detail');
const loadDialog = () => import('./remove-dialog');
const loadBulkActions = () => import('./bulk-actions');

function composeLooks(onRemove: (row: OptOutRow) => void, mayChange: boolean): LooksOf<OptOutList> {
  return {
    reply: {
      width: undefined,
      from: undefined,
      card: 'body',
      cell: ({ replyText }) => replyText ?? <span className="text-ink-faint">No reply</span>,
    },
    rule: { look: 'soft', cell: ({ rule }) => rule && describeRule(rule) },
    kind: {
      width: 'w-28',
      from: 'xl',
      card: 'foot',
      cell: ({ kind }) => <Badge tip={kindTips[kind]}>{kindLabels[kind]}</Badge>,
    },
    when: { from: undefined, card: 'aside' },
    removal: {
      width: 'w-36',
      card: 'foot-aside',
      cell: (row) => {
        const { msisdn, kind } = row;
        if (!mayChange) return null;
        switch (getRemoval(kind)) {
          case 'own':
            return (
              <IconButton
                icon={X}
                label={`Delete ${formatMsisdn(msisdn)}`}
                onPointerEnter={() => loadAhead(loadDialog)}
                onFocus={() => loadAhead(loadDialog)}
                onClick={() => onRemove(row)}
                tone="bad"
                className="-my-1 -ml-2 max-sm:-mr-2"
              />
            );
          case 'request':
            return (
              <RowLink href={getRequestHref(msisdn)} className="subtle-link">
                Request removal
              </RowLink>
            );
        }
      },
    },
  };
}

export interface OptOutsTableProps {
  list: OptOutList;
  page: ListPage<OptOutRow>;
  timeZone: string;
  hiddenColumns: readonly string[];
  ignored: readonly string[];
  problem?: ListProblem;
  /** Server actions. */
  add: AddOptOuts;
  remove: RemoveOptOuts;
}

export function OptOutsTable({ add, remove, ...table }: OptOutsTableProps) {
  const { timeZone } = table;
  const mayChange = useMay('opt-outs.change');
  const [removal, setRemoval] = useState({ openings: 0, isOpen: false, msisdns: [] as string[] });
  const { module: dialog, request } = useLate(loadDialog);
  const { looks, askFor } = useMemo(() => {
    const askFor = (rows: readonly OptOutRow[]) =>
      request(() =>
        setRemoval(({ openings }) => ({
          openings: openings + 1,
          isOpen: true,
          msisdns: rows.map(({ msisdn }) => msisdn),
        })),
      );
    return { askFor, looks: composeLooks((row) => askFor([row]), mayChange) };
  }, [mayChange, request]);

  const [undoing, setUndoing] = useState<{ count: number; msisdns: string[] } | null>(null);

  function tellRemoved(msisdns: string[]) {
    const [first = ''] = msisdns;
    const what = msisdns.length === 1 ? formatMsisdn(first) : formatNumberOf(msisdns.length, 'number');
    showToast(`${what} removed`, {
      label: 'Undo',
      run: () => setUndoing((current) => ({ count: (current?.count ?? 0) + 1, msisdns })),
    });
  }

  return (
    <>
      {dialog && undoing && <dialog.AddAgain key={undoing.count} msisdns={undoing.msisdns} add={add} />}
      <DataTable
        {...table}
        looks={looks}
        aside={<LiveIndicator topics={['opt-outs']} />}
        announce={(row) => `New opt-out: ${formatMsisdn(row.msisdn)}.`}
        empty={
          <EmptyState kind="nothing-yet" title="Nobody has opted out">
            When a recipient replies “Stop”, the number appears here at once and is not written to again.
          </EmptyState>
        }
        detail={{
          title: (row) => formatMsisdn(row.msisdn),
          render: (row, close) => (
            <LatePart load={loadDetail}>
              {({ OptOutDetail }) => (
                <OptOutDetail
                  row={row}
                  timeZone={timeZone}
                  onRemove={() => {
                    close();
                    askFor([row]);
                  }}
                />
              )}
            </LatePart>
          ),
          prepare: () => {
            loadAhead(loadDetail);
            if (mayChange) loadAhead(loadBulkActions);
          },
        }}
        selection={
          mayChange
            ? (rows) => (
                <LatePart load={loadBulkActions} waiting={<></>}>
                  {({ BulkActions }) => <BulkActions rows={rows} onRemove={askFor} />}
                </LatePart>
              )
            : undefined
        }
      />
      {dialog && removal.openings > 0 && (
        <dialog.RemoveDialog
          key={removal.openings}
          open={removal.isOpen}
          onClose={() => {
            setRemoval((current) => ({ ...current, isOpen: false }));
            focusTable('Auto Opt-Outs');
          }}
          msisdns={removal.msisdns}
          remove={remove}
          onRemoved={tellRemoved}
        />
      )}
    </>
  );
}

const skeletonLooks = composeLooks(() => undefined, true);

export function OptOutsTableSkeleton({ list }: { list: OptOutList }) {
  return <DataTableSkeleton list={list} looks={skeletonLooks} canSelect />;
}
