import type { Metadata } from 'next';
import { SimulatorPage } from '@/components/simulator/simulator-page';
import { loadPhone, sendReply } from '@/lib/carriers/simulator-actions';
import { simulatorPage } from '@/lib/carriers/simulator-gate';
import { listPhones } from '@/lib/carriers/simulator-phones';
import { getPool } from '@/lib/db/client';
import { env, isMailOpen } from '@/lib/env';

export const metadata: Metadata = { title: 'Simulator' };

/**
 * The phones of the simulated network: for whoever tries the demo out, elsewhere for staff; not there with a
 * real carrier.
 */
export default simulatorPage({}, async () => (
  <SimulatorPage
    phones={await listPhones(getPool())}
    timeZone="Africa/Johannesburg"
    loadPhone={loadPhone}
    sendReply={sendReply}
    mailHref={isMailOpen(env) ? '/simulator/mail' : undefined}
  />
));
