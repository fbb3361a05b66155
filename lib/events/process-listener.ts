import 'server-only';
import { createListener, type Listener } from '@/lib/db/listen';
import { env } from '@/lib/env';

const kept = globalThis as typeof globalThis & { clientZoneListener?: Listener };

/** One LISTEN connection for the whole web process, however many pages are open. */
export function getListener(): Listener {
  return (kept.clientZoneListener ??= createListener(env.DATABASE_URL));
}
