import { setTimeout as delay } from 'node:timers/promises';

/** For vi.waitFor, which gives up after a second otherwise: a busy machine stands still for longer. */
export const patience = { timeout: 45_000 };

/**
 * Asks again and again until the answer is yes; for what another process or the database does in its own
 * time.
 *
 * @throws when it is still no after `deadlineMs`
 */
export async function waitUntil(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs = 45_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await delay(10);
  }
}
