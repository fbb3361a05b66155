'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useSyncExternalStore, useTransition } from 'react';
import { listenToEvents, observeStatus, type StreamStatus } from './event-stream';
import { RefreshQueue } from './refresh-queue';
import { useLiveViewer, type LiveSource } from './viewer-context';

/** What of an account can change under an open page. */
export type LiveTopic =
  | 'messages'
  | 'replies'
  | 'opt-outs'
  | 'credits'
  | 'removal-requests'
  | 'notices'
  /** Staff alone hear of these. */
  | 'carriers'
  | 'registry'
  | 'unowned-replies';

const urls: Record<LiveSource, string> = { account: '/api/events', staff: '/api/admin/events' };
const eventName = 'change';

function useStreamUrl(): string {
  const { source, viewer } = useLiveViewer();
  return `${urls[source]}?${new URLSearchParams({ as: viewer })}`;
}

/** The state of the connection. Does not open it. */
export function useLiveStatus(): StreamStatus {
  const url = useStreamUrl();
  const status = useMemo(() => observeStatus(url, eventName), [url]);
  return useSyncExternalStore(status.subscribe, status.getSnapshot, () => 'connecting');
}

/**
 * When each topic changed last, as the shell, which listens on every page, has heard. A page that comes up
 * while something changes was rendered before and listens only after: what changed in between would not be
 * shown.
 */
const changedAt = new Map<string, number>();
/** The longest that a page takes from being asked for to listening. */
const comingUpMs = 10_000;

/** One for all that listen on a page. */
const refreshes = new RefreshQueue();

/** Lets the queue refresh the page through this part of it. */
function useRefreshes(): void {
  const router = useRouter();
  // Pending until what the server answered is on the page, not only until it has been asked.
  const [isPending, startTransition] = useTransition();
  const refresh = useCallback(() => startTransition(() => router.refresh()), [router]);
  useEffect(() => refreshes.join(refresh), [refresh]);
  useEffect(() => {
    if (isPending) return () => refreshes.finish(refresh);
  }, [isPending, refresh]);
}

/** `isResync`: nothing is known to have changed; the connection has only just been made. */
function readChange(data: string): { topics: readonly string[]; isResync: boolean } {
  const { topics = [], isResync = false } = JSON.parse(data) as { topics?: string[]; isResync?: boolean };
  return { topics, isResync };
}

/**
 * Keeps what the server rendered up to date: asks for it again when one of `topics` has changed, and after a
 * gap in the connection. Returns the state of the connection.
 *
 * @param topics separated by spaces, so that it stays the same between renders
 */
export function useAccountEvents(topics: string): StreamStatus {
  const url = useStreamUrl();
  useRefreshes();

  useEffect(() => {
    const wanted = new Set(topics.split(' '));
    const refresh = () => refreshes.request();
    const since = Date.now() - comingUpMs;
    if ([...wanted].some((topic) => (changedAt.get(topic) ?? 0) > since)) refresh();
    return listenToEvents(url, eventName, {
      onData: (data) => {
        const { topics, isResync } = readChange(data);
        if (!isResync) for (const topic of topics) changedAt.set(topic, Date.now());
        if (topics.some((topic) => wanted.has(topic))) refresh();
      },
      onResume: refresh,
    });
  }, [topics, url]);

  return useLiveStatus();
}
