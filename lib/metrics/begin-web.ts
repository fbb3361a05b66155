import { getPool } from '@/lib/db/client';
import { beginStopping, closeConnectionsWhenStopping, whenStopping } from '@/lib/http/stopping';
import { startTracing } from './start-tracing';
import { keepTimeToHonour } from './time-to-honour';

/**
 * What a web process does beside its requests: it keeps the times to honour, and hears that it is to stop.
 * SIGUSR2 announces it (scripts/part.ts); upon SIGTERM and SIGINT Next.js closes its port.
 * Of SIGHUP, which a terminal that is closed sends, Next.js knows nothing: the process would end at once.
 */
export async function beginWeb(): Promise<void> {
  const stopTracing = await startTracing('web');
  whenStopping(() => void stopTracing());
  const stopHonourTimes = keepTimeToHonour(getPool);
  whenStopping(() => void stopHonourTimes());
  closeConnectionsWhenStopping();
  for (const signal of ['SIGUSR2', 'SIGTERM', 'SIGINT'] as const) process.on(signal, beginStopping);
  process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
}
