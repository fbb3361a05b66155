import { getPool } from '@/lib/db/client';
import { closeConnectionsWhenStopping, stopUponSignals, whenStopping } from '@/lib/http/stopping';
import { startTracing } from './start-tracing';
import { keepTimeToHonour } from './time-to-honour';

/** What a web process does beside its requests: it keeps the times to honour, and hears a signal to stop. */
export async function beginWeb(): Promise<void> {
  const stopTracing = await startTracing('web');
  whenStopping(() => void stopTracing());
  const stopHonourTimes = keepTimeToHonour(getPool);
  whenStopping(() => void stopHonourTimes());
  closeConnectionsWhenStopping();
  stopUponSignals();
}
