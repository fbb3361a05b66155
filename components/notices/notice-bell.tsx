import { Bell } from 'lucide-react';
import { Link } from '@/components/ui/link';

/** The way to the notices, with how many are unread. */
export function NoticeBell({ unread }: { unread: number }) {
  const label = unread === 0 ? 'Notices' : `Notices, ${unread} unread`;
  return (
    <Link
      href="/notices"
      aria-label={label}
      data-tip={label}
      className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft transition-colors hover:bg-hover hover:text-ink max-lg:size-10"
    >
      <Bell aria-hidden="true" className="size-4" />
      {unread > 0 && (
        <span
          aria-hidden="true"
          className="absolute top-0 right-0 min-w-4 rounded-full bg-accent px-1 text-center text-[0.625rem] leading-4 font-semibold text-on-accent tabular-nums"
        >
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </Link>
  );
}
