'use client';

import { clsx } from 'clsx';
import { useAccountEvents, type LiveTopic } from './use-account-events';
import type { StreamStatus } from './event-stream';

const words: Record<StreamStatus, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  ended: 'Signed out',
};

const tips: Record<StreamStatus, string> = {
  connecting: 'Connecting: this page will update by itself.',
  live: 'This page updates by itself.',
  reconnecting: 'The connection was lost. Trying again; nothing will be missed.',
  ended: 'You are signed out. Sign in again to keep this page up to date.',
};

interface LiveProps {
  topics: readonly LiveTopic[];
}

/** Keeps the page up to date and says whether it is. */
export function LiveIndicator({ topics }: LiveProps) {
  const status = useAccountEvents(topics.join(' '));
  return (
    <span
      data-tip={tips[status]}
      className={clsx(
        'inline-flex items-center gap-1.5 text-xs font-medium',
        status === 'live' ? 'text-good-text' : 'text-ink-faint',
      )}
    >
      <span aria-hidden="true" className="relative flex size-2">
        {status === 'live' && (
          <span className="absolute inset-0 animate-ping rounded-full bg-current opacity-50 [animation-duration:2.4s]" />
        )}
        <span
          className={clsx(
            'size-2 rounded-full',
            status === 'live' ? 'bg-current' : 'ring-1 ring-current ring-inset',
          )}
        />
      </span>
      {words[status]}
    </span>
  );
}

/** Keeps a page up to date without a word: for what stands in the shell. */
export function LiveRefresh({ topics }: LiveProps) {
  useAccountEvents(topics.join(' '));
  return null;
}
