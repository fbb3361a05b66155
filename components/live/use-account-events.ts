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

function readTopics(data: string): readonly string[] {
  const change = JSON.parse(data) as { topics?: readonly string[] };
  return change.topics ?? [];
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
    return listenToEvents(urls[source], eventName, {
      onData: (data) => readTopics(data).some((topic) => wanted.has(topic)) && refresh(),
      onResume: refresh,
    });
  }, [router, topics, source]);

  return useSyncExternalStore(status[source].subscribe, status[source].getSnapshot, () => 'connecting');
}
