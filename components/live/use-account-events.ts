'use client';

import { useRouter } from 'next/navigation';
import { startTransition, useEffect, useSyncExternalStore } from 'react';
import { listenToEvents, observeStatus, type StreamStatus } from './event-stream';

/** What of an account can change under an open page. */
export type LiveTopic = 'messages' | 'replies' | 'opt-outs' | 'credits' | 'removal-requests' | 'notices';

/** Whose changes: those of the signed-in account, or, for staff, those of all accounts. */
export type LiveSource = 'account' | 'staff';

const urls: Record<LiveSource, string> = { account: '/api/events', staff: '/api/admin/events' };
const eventName = 'change';
/** Changes come in bursts (one reply changes replies, opt-outs and messages): the first shows at once, the rest together. */
const pauseMs = 250;

const status = {
  account: observeStatus(urls.account, eventName),
  staff: observeStatus(urls.staff, eventName),
};

/**
 * When each topic changed last, as the shell, which listens on every page, has heard. A page that comes up while something
 * changes was rendered before and listens only after: what changed in between would not be shown.
 */
const changedAt = new Map<string, number>();
/** The longest that a page takes from being asked for to listening. */
const comingUpMs = 10_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let refreshedAt = 0;

/** One refresh for all that listen on a page, however many changes and listeners asked for it. */
function scheduleRefresh(refresh: () => void) {
  if (timer !== undefined) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      refreshedAt = Date.now();
      startTransition(refresh);
    },
    Math.max(0, refreshedAt + pauseMs - Date.now()),
  );
}

/** `isResync`: nothing is known to have changed; the connection has only just been made. */
function readChange(data: string): { topics: readonly string[]; isResync: boolean } {
  const { topics = [], isResync = false } = JSON.parse(data) as { topics?: string[]; isResync?: boolean };
  return { topics, isResync };
}

/**
 * Keeps what the server rendered up to date: asks for it again when one of `topics` has changed, and after a gap in the
 * connection. Returns the state of the connection.
 *
 * @param topics separated by spaces, so that it stays the same between renders
 */
export function useAccountEvents(topics: string, source: LiveSource = 'account'): StreamStatus {
  const router = useRouter();

  useEffect(() => {
    const wanted = new Set(topics.split(' '));
    const refresh = () => scheduleRefresh(() => router.refresh());
    const since = Date.now() - comingUpMs;
    if ([...wanted].some((topic) => (changedAt.get(topic) ?? 0) > since)) refresh();
    return listenToEvents(urls[source], eventName, {
      onData: (data) => {
        const { topics, isResync } = readChange(data);
        if (!isResync) for (const topic of topics) changedAt.set(topic, Date.now());
        if (topics.some((topic) => wanted.has(topic))) refresh();
      },
      onResume: refresh,
    });
  }, [router, topics, source]);

  return useSyncExternalStore(status[source].subscribe, status[source].getSnapshot, () => 'connecting');
}
