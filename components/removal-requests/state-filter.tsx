'use client';

import { ListFilter } from 'lucide-react';
import { useAddress } from '@/components/data-table/use-address';
import { getButtonClass } from '@/components/ui/button';
import { Menu, MenuChoice, MenuGroup } from '@/components/ui/menu';
import { Spinner } from '@/components/ui/spinner';
import { stateLabels } from '@/lib/removal-requests/labels';
import { removalRequestStates, type RemovalRequestState } from '@/lib/removal-requests/schema';

/** Which state the list shows, kept in the address. */
export function useStateFilter() {
  const { isPending, change } = useAddress();
  return {
    isPending,
    choose: (state: RemovalRequestState | null) => change({ state, cursor: null }, 'push'),
  };
}

export function StateFilter({ state }: { state: RemovalRequestState | null }) {
  const { isPending, choose } = useStateFilter();
  return (
    <Menu
      label={`State: ${state ? stateLabels[state] : 'all'}`}
      align="end"
      buttonClassName={getButtonClass()}
      button={
        <>
          {isPending ? <Spinner /> : <ListFilter aria-hidden="true" className="size-4" />}
          <span className="max-sm:sr-only">{state ? stateLabels[state] : 'All states'}</span>
        </>
      }
    >
      <MenuGroup label="Show">
        <MenuChoice kind="radio" checked={state === null} onSelect={() => choose(null)}>
          All states
        </MenuChoice>
        {removalRequestStates.map((choice) => (
          <MenuChoice key={choice} kind="radio" checked={state === choice} onSelect={() => choose(choice)}>
            {stateLabels[choice]}
          </MenuChoice>
        ))}
      </MenuGroup>
    </Menu>
  );
}
