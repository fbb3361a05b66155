'use client';

import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';

/** "at once", or "on 23 Nov 2026 08:00": when something that is due then leaves. */
export function LeavingTime({ dueAt, timeZone }: { dueAt: string; timeZone: string }) {
  // The clocks of server and browser may differ; a minute is not worth a date.
  const isNow = Date.parse(dueAt) < useNow() + 60_000;
  return (
    <span suppressHydrationWarning>
      {isNow ? (
        'at once'
      ) : (
        <>
          on <Time value={dueAt} timeZone={timeZone} />
        </>
      )}
    </span>
  );
}
