'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import type { CarrierRow } from '@/lib/carriers/schema';
import type { SystemActions } from './actions';
import { CarrierCard } from './carrier-card';
import { CarrierDialog } from './carrier-dialog';

/** All carriers, the one of the environment first. */
export function CarriersSection({
  carriers,
  actions,
}: {
  carriers: readonly CarrierRow[];
  actions: SystemActions;
}) {
  const [dialog, setDialog] = useState<{
    carrier: CarrierRow | null;
    opening: number;
    isOpen: boolean;
  } | null>(null);
  const open = (carrier: CarrierRow | null) =>
    setDialog((current) => ({ carrier, opening: (current?.opening ?? 0) + 1, isOpen: true }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {carriers.map((carrier) => (
        <CarrierCard key={carrier.name} carrier={carrier} actions={actions} edit={() => open(carrier)} />
      ))}
      <IfMay may="carriers.manage">
        <div className="flex max-sm:*:grow">
          <Button aria-haspopup="dialog" onClick={() => open(null)}>
            <Plus aria-hidden="true" className="size-4" />
            Add a carrier
          </Button>
        </div>
      </IfMay>
      {dialog && (
        <CarrierDialog
          key={dialog.opening}
          carrier={dialog.carrier}
          actions={actions}
          open={dialog.isOpen}
          onClose={() => setDialog((current) => current && { ...current, isOpen: false })}
        />
      )}
    </div>
  );
}
