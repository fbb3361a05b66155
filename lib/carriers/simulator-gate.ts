import 'server-only';
import { notFound } from 'next/navigation';
import { requireStaff } from '@/lib/auth/gates';
import { makeActionWrapper } from '@/lib/auth/make-action';
import { makePageWrapper } from '@/lib/auth/make-page';
import { makeRouteWrapper } from '@/lib/auth/make-route';
import type { WatchedSession } from '@/lib/auth/sessions';
import { env } from '@/lib/env';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import { readNetwork } from '@/lib/http/visitor-address';

/** Who holds the simulator's phones. */
export interface SimulatorVisitor {
  /** By which to count what they do. */
  key: string;
  /** Of a member of staff; null where everybody may come in. */
  session: WatchedSession | null;
}

/**
 * The gate of the simulator: its page, its actions and its events. A reply from one of its phones opts out
 * like any other, for whichever account wrote to it, so it is open to everybody only while it is a demo of
 * this machine's (SIMULATOR_OPEN); elsewhere to the provider's staff. With a real carrier it is not there at
 * all.
 */
async function enterSimulator(): Promise<SimulatorVisitor> {
  if (env.CARRIER !== 'simulator') notFound();
  if (env.SIMULATOR_OPEN) {
    return { key: readNetwork(await findVisitorAddress()) ?? 'unknown', session: null };
  }
  const { user, session } = await requireStaff();
  return { key: `user:${user.id}`, session };
}

/** Makes a server action of the simulator. */
export const simulatorAction = makeActionWrapper(enterSimulator, () => ({}));

/** Makes a page of the simulator. */
export const simulatorPage = makePageWrapper(enterSimulator);

/** Makes a route of the simulator. */
export const simulatorRoute = makeRouteWrapper(enterSimulator, ({ key, session }) => ({
  holder: session && key,
  ids: {},
}));
