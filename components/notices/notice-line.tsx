'use client';

import { useMay } from '@/components/permissions/permissions';
import { clsx } from 'clsx';
import { Check, CheckCheck } from 'lucide-react';
import { useState } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { NoticeRow } from '@/lib/notices/schema';

export type ReadNotices = ServerAction<[ids: string[] | 'all']>;

const words = {
  undone: 'It is still unread.',
  unsure: 'It may still be unread. Try again: that does no harm.',
};

const wordsForAll = {
  undone: 'They are still unread.',
  unsure: 'They may still be unread. Try again: that does no harm.',
};

interface NoticeLineProps {
  notice: NoticeRow;
  timeZone: string;
  read: ReadNotices;
}

export function NoticeLine({ notice, timeZone, read }: NoticeLineProps) {
  const mayRead = useMay('notices.read');
  // Shown as read at once; unread again when that is not known to be so.
  const [isMarked, setIsMarked] = useState(false);
  const { run, problem } = useAction(words);
  const isUnread = notice.readAt === null && !isMarked;

  function mark() {
    setIsMarked(true);
    run(prepareCall(read, [notice.id]), () => void setIsMarked(true), {
      onFailure: () => setIsMarked(false),
    });
  }

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
                onClick={() => isUnread && mayRead && mark()}
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
        <p className="mt-0.5 max-w-prose wrap-anywhere whitespace-pre-line text-ink-soft">{notice.text}</p>
      </div>
      {problem && (
        <div className="order-last col-span-3 mt-2">
          <ProblemCallout problem={problem} />
        </div>
      )}
      {isUnread && mayRead && (
        <IconButton icon={Check} label="Mark as read" onClick={mark} className="-my-1 justify-self-end" />
      )}
    </li>
  );
}

export function ReadAllButton({ read }: { read: ReadNotices }) {
  const { run, isPending, problem } = useAction(wordsForAll);
  return (
    <div className="relative">
      <Button pending={isPending} onClick={() => run(prepareCall(read, 'all'), () => undefined)}>
        {!isPending && <CheckCheck aria-hidden="true" className="size-4" />}
        Mark all as read
      </Button>
      {/* Over what is below: it must not move the title of the page. */}
      {problem && (
        <div className="absolute top-full right-0 z-10 mt-2 w-72 max-w-[calc(100vw-2rem)] rounded-md shadow-popover">
          <ProblemCallout problem={problem} />
        </div>
      )}
    </div>
  );
}
