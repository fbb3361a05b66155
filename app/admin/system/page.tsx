import type { Metadata } from 'next';
import { SystemPage } from '@/components/system/system-page';
import { staffPage } from '@/lib/auth/make-page';
import {
  addNewCarrier,
  changeCarrierState,
  chooseDoubtPolicy,
  decideAboutDoubts,
  deleteCarrier,
  deleteRoute,
  putRoute,
  saveCarrier,
} from '@/lib/carriers/system-actions';
import { readSystem } from '@/lib/carriers/system-queries';
import { getPool } from '@/lib/db/client';
import { viewReplica } from '@/lib/lists/ask-replica';
import { readTimeToHonour } from '@/lib/metrics/time-to-honour';
import { listDoubtGroups, readDoubtPolicy } from '@/lib/messages/doubt-queries';

export const metadata: Metadata = { title: 'System' };

export default staffPage({}, async ({ scope }) => {
  const [system, honour, groups, policy] = await Promise.all([
    readSystem(getPool(), scope),
    readTimeToHonour(getPool()),
    listDoubtGroups(getPool(), scope),
    readDoubtPolicy(getPool(), scope),
  ]);
  return (
    <SystemPage
      system={system}
      honour={honour}
      replica={viewReplica()}
      doubts={{ groups, ...policy }}
      actions={{
        changeState: changeCarrierState,
        addCarrier: addNewCarrier,
        changeCarrier: saveCarrier,
        removeCarrier: deleteCarrier,
        saveRoute: putRoute,
        removeRoute: deleteRoute,
        decide: decideAboutDoubts,
        choosePolicy: chooseDoubtPolicy,
      }}
    />
  );
});
