'use client';

import { useRouter } from 'next/navigation';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useOnce } from '@/components/actions/use-once';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { MenuGroup, MenuItem, useArrival } from '@/components/ui/menu';
import type { OtherAccount, SwitchTo } from './account-menu';

interface AccountMenuItemsProps {
  others: readonly OtherAccount[];
  onChoose: (accountId: number) => void;
}

export function AccountMenuItems({ others, onChoose }: AccountMenuItemsProps) {
  const router = useRouter();
  useArrival();
  return (
    <>
      <MenuGroup label="Switch to">
        {others.map((other) => (
          <MenuItem key={other.id} onSelect={() => onChoose(other.id)}>
            {other.name}
          </MenuItem>
        ))}
      </MenuGroup>
      <MenuItem onSelect={() => router.push('/accounts')}>All your accounts</MenuItem>
    </>
  );
}

/** Switches as soon as it is there, and says so when that fails. */
export function Switching({ accountId, switchTo }: { accountId: number; switchTo: SwitchTo }) {
  const { run, problem, clear } = useAction({
    undone: 'You are in the account in which you were.',
    unsure: 'We do not know whether you have switched. Try again: that does no harm.',
  });
  useOnce(() => run(prepareCall(switchTo, { accountId }), () => undefined));
  return (
    <Dialog open={problem !== null} onClose={clear} title="You have not switched">
      <div className="grid gap-4 px-5 pt-1 pb-5">
        <ProblemCallout problem={problem} />
        <div className="flex justify-end">
          <Button onClick={clear}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}
