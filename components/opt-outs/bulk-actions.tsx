'use client';

import { Copy, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { copyText } from '@/components/ui/copy-text';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { loadAhead } from '@/components/ui/late';
import { showToast } from '@/components/ui/toast';
import type { OptOutRow } from '@/lib/opt-outs/list';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { describeRest, getRemoval } from './removal';

const loadDialog = () => import('./remove-dialog');

interface BulkActionsProps {
  rows: readonly OptOutRow[];
  onRemove: (rows: readonly OptOutRow[]) => void;
}

/** What can be done with rows that are selected. */
export function BulkActions({ rows, onRemove }: BulkActionsProps) {
  const removable = rows.filter(({ kind }) => getRemoval(kind) === 'own');
  const rest = describeRest(rows);
  return (
    <>
      <Button
        size="small"
        onClick={async () => {
          const numbers = rows.map(({ msisdn }) => formatMsisdn(msisdn));
          if (await copyText(numbers.join('\n')))
            showToast(`${formatNumberOf(rows.length, 'number')} copied`);
        }}
      >
        <Copy aria-hidden="true" className="size-3.5" />
        Copy numbers
      </Button>
      {removable.length > 0 && (
        <Button
          size="small"
          variant="danger"
          onPointerEnter={() => loadAhead(loadDialog)}
          onClick={() => onRemove(removable)}
        >
          <X aria-hidden="true" className="size-3.5" />
          Remove {formatCount(removable.length)}
        </Button>
      )}
      {rest && (
        <span className="max-w-64 text-xs text-ink-soft max-sm:order-last max-sm:max-w-full">{rest}</span>
      )}
    </>
  );
}
