'use client';

import { clsx } from 'clsx';
import { Check, CheckCheck } from 'lucide-react';
import { unstable_rethrow } from 'next/navigation';
import { useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { Link } from '@/components/ui/link';
import { showToast } from '@/components/ui/toast';
import { RelativeTime } from '@/components/ui/relative-time';
import type { NoticeRow } from '@/lib/notifications/schema';

export type ReadNotices = (ids: string[] | 'all') => Promise<void>;

function useRead(read: ReadNotices) {
  const [isPending, startTransition] = useTransition();
  function mark(ids: string[] | 'all') {
    if (isPending) return;
    startTransition(async () => {
      try {
        await read(ids);
      } catch (error) {
        unstable_rethrow(error);
        showToast('That could not be done just now. Try again in a moment.');
      }
    });
  }
  return { isPending, mark };
}

interface NoticeLineProps {
  notice: NoticeRow;
  timeZone: string;
  read: ReadNotices;
}

export function NoticeLine({ notice, timeZone, read }: NoticeLineProps) {
  const { isPending, mark } = useRead(read);
  const isUnread = notice.readAt === null && !isPending;
  return (
    <li
      className={clsx(
        'grid grid-cols-[0.5rem_minmax(0,1fr)_2rem] gap-x-3 px-4 py-3 first:rounded-t-lg max-sm:grid-cols-[0.5rem_minmax(0,1fr)_2.5rem]',
        isUnread && 'bg-accent-soft/40',
      )}
    >
      <span aria-hidden="true" className={clsx('mt-1.5 size-2 rounded-full', isUnread && 'bg-accent-text')} />
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className={isUnread ? 'font-semibold' : 'font-medium'}>
            {isUnread && <span className="sr-only">Unread: </span>}
            {notice.path ? (
              <Link
                href={notice.path}
                // Whoever follows it has read it.
                onClick={() => notice.readAt === null && mark([notice.id])}
                className="rounded-sm underline-offset-4 hover:underline"
              >
                {notice.title}
              </Link>
            ) : (
              notice.title
            )}
          </span>
          <span className="text-xs text-ink-soft">
            <RelativeTime value={notice.createdAt} timeZone={timeZone} />
          </span>
        </p>
        <p className="mt-0.5 max-w-prose break-words whitespace-pre-line text-ink-soft">{notice.text}</p>
      </div>
      {isUnread && (
        <IconButton
          icon={Check}
          label="Mark as read"
          onClick={() => mark([notice.id])}
          className="-my-1 justify-self-end"
        />
      )}
    </li>
  );
}

export function ReadAllButton({ read }: { read: ReadNotices }) {
  const { isPending, mark } = useRead(read);
  return (
    <Button pending={isPending} onClick={() => mark('all')}>
      {!isPending && <CheckCheck aria-hidden="true" className="size-4" />}
      Mark all as read
    </Button>
  );
}
