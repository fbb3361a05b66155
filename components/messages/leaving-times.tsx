import { formatNumberOf } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import type { Leaving } from '@/lib/messages/schema';

/** How many messages leave when, a line each. */
export function LeavingTimes({ times, timeZone }: { times: readonly Leaving[]; timeZone: string }) {
  return (
    <ul aria-label="How many leave when" className="space-y-0.5 tabular-nums">
      {times.map(({ at, messages }) => (
        <li key={at}>
          {formatNumberOf(messages, 'message')}{' '}
          {at === null ? (
            'at once'
          ) : (
            <>
              on <Time value={at} timeZone={timeZone} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
