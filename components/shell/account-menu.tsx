'use client';

import { ChevronsUpDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Menu, MenuGroup, MenuItem } from '@/components/ui/menu';
import type { ActionResult } from '@/lib/auth/schema';

interface AccountMenuProps {
  /** The one in which this browser works. */
  account: { name: string; number: string };
  /** The other ones of whoever is signed in. */
  others: readonly { id: number; name: string }[];
  switchTo: ServerAction<[input: { accountId: number }], ActionResult>;
}

/** Which account one works with, and how to go on in another. */
export function AccountMenu({ account, others, switchTo }: AccountMenuProps) {
  const router = useRouter();
  const { run, problem, clear } = useAction({
    undone: 'You are in the account in which you were.',
    unsure: 'We do not know whether you have switched. Try again: that does no harm.',
  });
  const name = (
    <span className="min-w-0 grow">
      <span className="block truncate text-sm font-medium">{account.name}</span>
      <span className="block text-xs text-ink-faint tabular-nums">{account.number}</span>
    </span>
  );
  if (others.length === 0) return <div className="px-2.5">{name}</div>;
  return (
    <>
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
        <MenuGroup label="Switch to">
          {others.map((other) => (
            <MenuItem
              key={other.id}
              onSelect={() => run(prepareCall(switchTo, { accountId: other.id }), () => undefined)}
            >
              {other.name}
            </MenuItem>
          ))}
        </MenuGroup>
        <MenuItem onSelect={() => router.push('/accounts')}>All your accounts</MenuItem>
      </Menu>
      <Dialog open={problem !== null} onClose={clear} title="You have not switched">
        <div className="grid gap-4 px-5 pt-1 pb-5">
          <ProblemCallout problem={problem} />
          <div className="flex justify-end">
            <Button onClick={clear}>Close</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
