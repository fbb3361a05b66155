'use client';

import { useRouter } from 'next/navigation';
import { startTransition, useEffect } from 'react';
import { isOffline } from '@/components/actions/is-offline';

const everyMs = 2000;

/** Looks for e-mails that have come, as no event tells of them, for as long as the page is in sight. */
export function MailRefresh() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      // Next.js would leave the page while there is no connection.
      if (document.visibilityState === 'visible' && !isOffline()) startTransition(() => router.refresh());
    }, everyMs);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
