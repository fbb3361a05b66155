'use client';

import { useState } from 'react';
import { AccountStatusBadge } from '@/components/accounts/account-status-badge';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { formatCount } from '@/components/ui/format-count';
import type { SubAccount } from '@/lib/accounts/schema';
import { TransferDialog, type TransferCredits } from './transfer-dialog';

interface SubAccountsTableProps {
  subAccounts: readonly SubAccount[];
  /** What the main account has. */
  credits: number;
  transfer: TransferCredits;
}

export function SubAccountsTable({ subAccounts, credits, transfer }: SubAccountsTableProps) {
  const [chosen, setChosen] = useState<{ id: number; opening: number; isOpen: boolean } | null>(null);
  const sub = subAccounts.find(({ id }) => id === chosen?.id);
  return (
    <>
      <table className="w-full rounded-lg border border-line bg-surface text-sm">
        <caption className="sr-only">Sub-accounts</caption>
        <thead className="text-xs text-ink-faint">
          <tr className="*:border-b *:border-line *:px-4 *:py-2 *:text-left *:font-medium">
            <th scope="col">Account</th>
            <th scope="col" className="text-right!">
              Credits
            </th>
            <th scope="col" className="text-right! max-sm:hidden">
              Sent this month
            </th>
            <th scope="col" className="text-right! max-sm:hidden">
              Opt-outs
            </th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {subAccounts.map((one) => (
            <tr key={one.id} className="*:border-line *:px-4 *:py-2.5 not-last:*:border-b">
              <th scope="row" className="text-left font-normal max-sm:w-full">
                <span className="font-medium">{one.name}</span>{' '}
                <span className="text-ink-faint tabular-nums max-sm:block">W{one.id}</span>{' '}
                {one.status === 'SUSPENDED' && <AccountStatusBadge status={one.status} />}
                <span className="block text-xs text-ink-soft sm:hidden">
                  {formatCount(one.sentThisMonth)} sent this month, {formatCount(one.optOuts)} opt-outs
                </span>
              </th>
              <td className="text-right tabular-nums">{formatCount(one.credits)}</td>
              <td className="text-right tabular-nums max-sm:hidden">{formatCount(one.sentThisMonth)}</td>
              <td className="text-right tabular-nums max-sm:hidden">{formatCount(one.optOuts)}</td>
              <td className="text-right">
                <IfMay may="credits.manage">
                  <Button
                    size="small"
                    className="whitespace-nowrap"
                    aria-haspopup="dialog"
                    aria-label={`Move credits: ${one.name}`}
                    onClick={() =>
                      setChosen((last) => ({ id: one.id, opening: (last?.opening ?? 0) + 1, isOpen: true }))
                    }
                  >
                    Move credits
                  </Button>
                </IfMay>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && sub && (
        <TransferDialog
          key={chosen.opening}
          sub={sub}
          credits={credits}
          transfer={transfer}
          open={chosen.isOpen}
          onClose={() => setChosen({ ...chosen, isOpen: false })}
        />
      )}
    </>
  );
}
