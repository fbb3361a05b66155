'use client';

import { clsx } from 'clsx';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useLinkStatus } from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { getButtonClass } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { Spinner } from '@/components/ui/spinner';
import type { ListSort } from './use-list-query';

interface PagerProps {
  newer: string | null;
  older: string | null;
  sort?: ListSort;
  children?: ReactNode;
}

/** Pages by cursor: there are no page numbers, because rows arrive while one reads. */
export function Pager({ newer, older, sort = 'newest', children }: PagerProps) {
  const pathname = usePathname();
  const parameters = useSearchParams();
  const [back, on] = sort === 'newest' ? [newer, older] : [older, newer];

  function getHref(cursor: string): string {
    const next = new URLSearchParams(parameters);
    next.set('cursor', cursor);
    return `${pathname}?${next}`;
  }

  return (
    <nav
      aria-label="Pages"
      className="flex min-h-12 items-center justify-between gap-3 px-4 py-2 text-xs text-ink-faint"
    >
      <span>{children}</span>
      <span className="flex gap-2">
        <PageLink href={back && getHref(back)} rel="prev">
          <LinkIcon icon={<ChevronLeft aria-hidden="true" className="-ml-1 size-4" />} />
          {sort === 'newest' ? 'Newer' : 'Older'}
        </PageLink>
        <PageLink href={on && getHref(on)} rel="next">
          {sort === 'newest' ? 'Older' : 'Newer'}
          <LinkIcon icon={<ChevronRight aria-hidden="true" className="-mr-1 size-4" />} />
        </PageLink>
      </span>
    </nav>
  );
}

function PageLink({ href, rel, children }: { href: string | null; rel: string; children: ReactNode }) {
  const look = clsx(getButtonClass({ size: 'small' }), 'max-sm:h-10');
  if (!href) {
    return (
      <span aria-disabled="true" role="link" className={look}>
        {children}
      </span>
    );
  }
  return (
    <Link href={href} rel={rel} className={look}>
      {children}
    </Link>
  );
}

/** The arrow of the link it stands in, or a spinner while that page is on its way. */
function LinkIcon({ icon }: { icon: ReactNode }) {
  const { pending } = useLinkStatus();
  return pending ? <Spinner /> : icon;
}
