'use client';

import { ChevronsUpDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ServerAction } from '@/components/actions/call-action';
import { LatePart, loadAhead } from '@/components/ui/late';
import { Menu } from '@/components/ui/menu';
import type { ActionResult } from '@/lib/auth/schema';

export interface OtherAccount {
  id: number;
  name: string;
}

export type SwitchTo = ServerAction<[input: { accountId: number }], ActionResult>;

interface AccountMenuProps {
  /** The one in which this browser works. */
  account: { name: string; number: string };
  /** The other ones of whoever is signed in. */
  others: readonly OtherAccount[];
  switchTo: SwitchTo;
}

const loadItems = () => import('./account-menu-items');

/** Which account one works with, and how to go on in another. */
export function AccountMenu({ account, others, switchTo }: AccountMenuProps) {
  const hasOthers = others.length > 0;
  useEffect(() => {
    // Most have one account alone.
    if (hasOthers) loadAhead(loadItems);
  }, [hasOthers]);
  const [choice, setChoice] = useState<{ count: number; accountId: number } | null>(null);
  const name = (
    <span className="min-w-0 grow">
      <span className="block truncate text-sm font-medium">{account.name}</span>
      <span className="block text-xs text-ink-faint tabular-nums">{account.number}</span>
    </span>
  );
  return (
    <>
      {hasOthers ? (
        <Menu
          label={`Account: ${account.name}. Switch to another`}
          buttonClassName="flex w-full items-center gap-2 rounded-md px-2.5 py-1 text-left transition-colors hover:bg-hover"
          button={
            <>
              {name}
              <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
            </>
          }
        >
          <LatePart load={loadItems}>
            {({ AccountMenuItems }) => (
              <AccountMenuItems
                others={others}
                onChoose={(accountId) =>
                  setChoice((current) => ({ count: (current?.count ?? 0) + 1, accountId }))
                }
              />
            )}
          </LatePart>
        </Menu>
      ) : (
        <div className="px-2.5">{name}</div>
      )}
      {choice && (
        <LatePart load={loadItems} waiting={<></>}>
          {({ Switching }) => (
            <Switching key={choice.count} accountId={choice.accountId} switchTo={switchTo} />
          )}
        </LatePart>
      )}
    </>
  );
}
