import { setTimeout as delay } from 'node:timers/promises';
import { boxName } from '@/lib/carriers/kannel/box-name';

/** Whether the worker would take what Kannel brings. */
export type WorkerDoor = 'open' | 'away' | 'other-carrier' | 'other-secret';

/**
 * Asks the worker where Kannel will call whether it knows this carrier and this secret; it records nothing of
 * that. Kannel itself would try again for a day and say nothing, and whoever has typed a reply would wait.
 *
 * @param door.listener where the worker listens: "http://127.0.0.1:3001"
 */
export async function askWorker(door: {
  listener: string;
  carrier: string;
  secret: string;
}): Promise<WorkerDoor> {
  const { listener, carrier, secret } = door;
  let status: number;
  try {
    // A reply that has nothing in it, which is refused behind all that there is to find out.
    ({ status } = await fetch(`${listener.replace(/\/+$/, '')}/carrier/${carrier}/reply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{}',
      redirect: 'manual',
      signal: AbortSignal.timeout(2_000),
    }));
  } catch {
    // Whatever keeps it from answering, Kannel meets the same.
    return 'away';
  }
  if (status === 400) return 'open';
  if (status === 401 || status === 429) return 'other-secret';
  return status === 404 ? 'other-carrier' : 'away';
}

/** What is said of it, and what to do. */
export function describeWorkerDoor(door: WorkerDoor, host: string): string {
  switch (door) {
    case 'open':
      return `It hands replies and receipts to the worker at ${host}, which takes them.`;
    case 'away':
      return `It hands replies and receipts to the worker at ${host}, which is not there yet; start it with: npm start`;
    case 'other-carrier':
      return `The worker at ${host} was started without Kannel, and takes nothing of it. Stop Client Zone (Ctrl-C in its terminal) and start it again: npm start`;
    case 'other-secret':
      return `The worker at ${host} has another CARRIER_SECRET, and refuses all that Kannel brings. Run both with the same DATA_DIR, or the same CARRIER_SECRET.`;
  }
}

/**
 * Asks bearerbox whether a worker is a box of it. It takes one box a second, and one that was there before it
 * comes back within a few.
 *
 * @param deadlineMs how long it is asked
 */
export async function askForBox(
  { adminPort, adminPassword }: { adminPort: number; adminPassword: string },
  deadlineMs = 5_000,
): Promise<boolean> {
  const status = `http://127.0.0.1:${adminPort}/status.txt?password=${encodeURIComponent(adminPassword)}`;
  const endAt = performance.now() + deadlineMs;
  for (;;) {
    try {
      const response = await fetch(status, { signal: AbortSignal.timeout(2_000) });
      if ((await response.text()).includes(`smsbox:${boxName},`)) return true;
    } catch {
      // It has only just begun; whatever else keeps it from answering keeps the worker away, too.
    }
    if (performance.now() > endAt) return false;
    await delay(200);
  }
}

/** What is said of it, and what to do. */
export function describeBox(isThere: boolean): string {
  return isThere
    ? 'The worker is there, and takes its replies and receipts.'
    : 'No worker takes its replies and receipts yet; they wait in bearerbox. Start Client Zone, or start it again if it runs without KANNEL_BOX_ADDRESS: npm start';
}
