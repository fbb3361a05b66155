/**
 * What a web process with an open page does with notifications, and nothing else: hears each that is said of
 * any account, keeps it for a minute, and reads of which account it is. Told and heard by IPC.
 *
 *   fan-out-side.ts DATABASE_URL
 */
import { createListener } from '@/lib/db/listen';
import { accountChangedChannel, parseAccountChange } from '@/lib/events/account-changes';
import { RecentEvents } from '@/lib/events/recent-events';
import { readClockMs } from './interleave';

/** What a listening process has had since it was told to begin. */
export interface Heard {
  /** When each notification came: milliseconds of the machine's monotonic clock. */
  atMs: number[];
  cpuMs: number;
}

function listen(url: string): void {
  let atMs: number[] = [];
  let begunWith = process.cpuUsage();
  new RecentEvents(createListener(url), accountChangedChannel).follow(null, (event) => {
    if (event.type === 'resync') process.send?.('ready');
    else if (parseAccountChange(event.payload)) atMs.push(readClockMs());
  });
  process.on('message', (word) => {
    if (word === 'begin') {
      atMs = [];
      begunWith = process.cpuUsage();
      return;
    }
    const { user, system } = process.cpuUsage(begunWith);
    process.send?.({ atMs, cpuMs: (user + system) / 1000 } satisfies Heard);
  });
  process.on('disconnect', () => process.exit());
}

const [given] = process.argv.slice(2);
if (given !== undefined && process.send) listen(given);
