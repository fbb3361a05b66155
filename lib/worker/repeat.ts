import { setTimeout as delay } from 'node:timers/promises';
import { log } from '@/lib/log';

/**
 * Runs `work` again and again: at once when it says there is more, else after a pause. A failure is logged
 * and tried again after the pause.
 *
 * @param work resolves to whether there is more to do
 * @returns ends it after the run under way
 */
export function repeat(name: string, pauseMs: number, work: () => Promise<boolean>): () => Promise<void> {
  const stopped = new AbortController();
  const run = async () => {
    while (!stopped.signal.aborted) {
      let more = false;
      try {
        more = await work();
      } catch (err) {
        log.error({ err, name }, 'A repeated task failed; trying again');
      }
      // ends early, by rejecting, only when it is stopped
      if (!more) await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const finished = run();
  return async () => {
    stopped.abort();
    await finished;
  };
}
