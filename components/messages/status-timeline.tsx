import { clsx } from 'clsx';
import { Ban, Check, CircleX, Clock } from 'lucide-react';
import { Link } from '@/components/ui/link';
import { formatFullMoment, formatMoment } from '@/components/ui/format-time';
import type { MessageRow } from '@/lib/messages/list';
import { listSteps, type Step } from './list-steps';

const looks = {
  done: { icon: Check, className: 'bg-good-soft text-good-text' },
  now: { icon: Clock, className: 'bg-info-soft text-info-text' },
  bad: { icon: CircleX, className: 'bg-bad-soft text-bad-text' },
  blocked: { icon: Ban, className: 'bg-warn-soft text-warn-text' },
};

/** The way of a message, step by step. */
export function StatusTimeline({ message, timeZone }: { message: MessageRow; timeZone: string }) {
  return (
    <ol aria-label="Status" className="-mt-0.5">
      {listSteps(message).map((step) => (
        <li key={step.label} className="group relative flex gap-2.5 pb-3 last:pb-0">
          {/* The line to the next step. */}
          <span
            aria-hidden="true"
            className="absolute top-6 bottom-0 left-[0.6875rem] w-px bg-line group-last:hidden"
          />
          <StepIcon state={step.state} />
          <div className="min-w-0 grow">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="font-medium">{step.label}</span>
              {step.at && <StepTime value={step.at} timeZone={timeZone} />}
            </div>
            {step.note && <p className="text-ink-soft">{step.note}</p>}
            {step.state === 'blocked' && message.kind === 'NORMAL' && (
              <Link
                href={`/messages/opt-outs/${message.msisdn}`}
                className="mt-0.5 inline-block text-accent-text underline-offset-4 hover:underline"
              >
                Why it is blocked
              </Link>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function StepIcon({ state }: { state: Step['state'] }) {
  const { icon: Icon, className } = looks[state];
  return (
    <span
      aria-hidden="true"
      className={clsx('flex size-[1.375rem] shrink-0 items-center justify-center rounded-full', className)}
    >
      <Icon className="size-3.5" strokeWidth={2.25} />
    </span>
  );
}

/** To the second: a message is queued and sent within one minute. */
function StepTime({ value, timeZone }: { value: string; timeZone: string }) {
  const full = formatFullMoment(value, timeZone);
  const second = /:\d\d(?= \()/.exec(full)?.[0] ?? '';
  const { date, time } = formatMoment(value, timeZone);
  return (
    <time dateTime={value} title={full} className="text-ink-faint tabular-nums">
      {date} {time}
      {second}
    </time>
  );
}
