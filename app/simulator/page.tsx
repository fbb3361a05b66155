import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { SimulatorPage } from '@/components/simulator/simulator-page';
import { loadPhone, sendReply } from '@/lib/carriers/simulator-actions';
import { listPhones } from '@/lib/carriers/simulator-phones';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';

export const metadata: Metadata = { title: 'Simulator' };

/** The phones of the simulated network: for whoever tries the Client Zone out; not there with a real carrier. */
export default async function Page() {
  if (env.CARRIER !== 'simulator') notFound();
  return (
    <SimulatorPage
      phones={await listPhones(getPool())}
      timeZone="Africa/Johannesburg"
      loadPhone={loadPhone}
      sendReply={sendReply}
    />
  );
}
