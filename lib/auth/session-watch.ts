import 'server-only';
import { getPool } from '@/lib/db/client';
import type { Listener } from '@/lib/db/listen';
import { getListener } from '@/lib/events/process-listener';
import { log } from '@/lib/log';
import { findEnded, sessionEndedChannel, type WatchedSession } from './sessions';

/**
 * How often sessions are looked at without a word: one may fall idle, or a user be suspended by hand in the
 * database.
 */
const checkEveryMs = 10_000;

interface Watcher {
  session: WatchedSession;
  onEnd: () => void;
}

/**
 * Tells whoever holds something open for a session (an event stream) that the session has ended: at once when
 * it is said on the channel, otherwise at the next look. One statement looks at all of them, and nothing runs
 * while nobody watches.
 */
export class SessionWatch {
  private readonly watchers = new Set<Watcher>();
  private timer: NodeJS.Timeout | undefined;
  private stopListening = () => {};
  private looking = false;
  private lookAgain = false;

  constructor(
    private readonly listener: Pick<Listener, 'on'>,
    private readonly find: (watched: readonly WatchedSession[]) => Promise<Set<string>>,
    private readonly everyMs = checkEveryMs,
  ) {}

  /** How many are watching. */
  get size(): number {
    return this.watchers.size;
  }

  /**
   * Calls `onEnd` once when the session has ended; not after the answer was called. A session that ended
   * before is told of as well: listening begins with a look.
   */
  watch(session: WatchedSession, onEnd: () => void): () => void {
    const watcher: Watcher = { session, onEnd };
    if (this.watchers.size === 0) this.begin();
    this.watchers.add(watcher);
    void this.look();
    return () => this.leave(watcher);
  }

  private begin(): void {
    this.stopListening = this.listener.on(sessionEndedChannel, () => void this.look());
    this.timer = setInterval(() => void this.look(), this.everyMs);
    this.timer.unref();
  }

  private leave(watcher: Watcher): void {
    if (!this.watchers.delete(watcher) || this.watchers.size > 0) return;
    clearInterval(this.timer);
    this.stopListening();
  }

  /** One look at a time; what is said meanwhile is looked at next, all of it together. */
  private async look(): Promise<void> {
    this.lookAgain = true;
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.lookAgain && this.watchers.size > 0) {
        this.lookAgain = false;
        const looked = [...this.watchers];
        const ended = await this.find(looked.map(({ session }) => session));
        for (const watcher of looked) if (ended.has(watcher.session.id)) this.endFor(watcher);
      }
    } catch (err) {
      log.warn({ err }, 'Sessions could not be looked at; trying again in a while');
    } finally {
      this.looking = false;
    }
  }

  private endFor(watcher: Watcher): void {
    if (!this.watchers.has(watcher)) return;
    this.leave(watcher);
    try {
      watcher.onEnd();
    } catch (err) {
      log.error({ err }, 'What was held open for a session could not be ended');
    }
  }
}

const kept = globalThis as typeof globalThis & { clientZoneSessionWatch?: SessionWatch };

function getSessionWatch(): SessionWatch {
  return (kept.clientZoneSessionWatch ??= new SessionWatch(getListener(), (watched) =>
    findEnded(getPool(), watched, new Date()),
  ));
}

/**
 * For event streams: calls `onEnd` once when the session that was let in by a gate has ended (signed out,
 * suspended, too long unused, moved to another account).
 *
 * @param session the gate's `session` (`(await findCustomer())?.session`)
 * @returns how to stop watching; call it when the stream closes for another reason
 */
export function watchSession(session: WatchedSession, onEnd: () => void): () => void {
  return getSessionWatch().watch(session, onEnd);
}
