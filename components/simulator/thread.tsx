'use client';

import { clsx } from 'clsx';
import { CheckCheck, CircleAlert, Clock } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { reloadPage } from '@/components/actions/draft-store';
import { Button } from '@/components/ui/button';
import { formatFullMoment, formatMoment } from '@/components/ui/format-time';
import type { SimulatorText } from './types';
import type { OutgoingText } from './use-phone';

interface ThreadProps {
  label: string;
  /** Oldest first. */
  messages: readonly SimulatorText[];
  outgoing: readonly OutgoingText[];
  timeZone: string;
  onLoadOlder?: () => Promise<void>;
}

export function Thread({ label, messages, outgoing, timeZone, onLoadOlder }: ThreadProps) {
  return (
    // Reversed, the box scrolls from its lower end: it opens at the newest text and stays there as more
    // arrive.
    <div
      role="log"
      aria-label={label}
      tabIndex={0}
      className="flex min-h-0 grow flex-col-reverse overflow-y-auto overscroll-contain px-3 py-3 focus-visible:-outline-offset-2"
    >
      <div className="space-y-1.5">
        {onLoadOlder && <OlderButton onLoad={onLoadOlder} />}
        {messages.map((message, index) => {
          const { date, time } = formatMoment(message.createdAt, timeZone);
          const before = messages[index - 1];
          const isNewDay = !before || formatMoment(before.createdAt, timeZone).date !== date;
          return (
            <div key={message.id}>
              {isNewDay && <p className="py-2 text-center text-xs text-ink-faint">{date}</p>}
              <Bubble
                fromPhone={message.fromPhone}
                text={message.text}
                note={
                  <time dateTime={message.createdAt} title={formatFullMoment(message.createdAt, timeZone)}>
                    {time}
                  </time>
                }
                mark={
                  message.fromPhone && (
                    <CheckCheck aria-label="Delivered" className="size-3.5 text-accent-text" />
                  )
                }
              />
            </div>
          );
        })}
        {outgoing.map((text) => (
          <Bubble
            key={text.key}
            fromPhone
            text={text.text}
            note={
              text.problem ? (
                <span role="alert" className="text-bad-text">
                  {text.problem.message}{' '}
                  <button
                    type="button"
                    className="underline underline-offset-2"
                    onClick={text.problem.mustReload ? reloadPage : text.problem.tryAgain}
                  >
                    {text.problem.mustReload ? 'Reload' : 'Send again'}
                  </button>
                </span>
              ) : (
                'Sending'
              )
            }
            mark={
              text.problem ? (
                <CircleAlert aria-hidden="true" className="size-3.5 shrink-0 text-bad-text" />
              ) : (
                <Clock aria-hidden="true" className="size-3" />
              )
            }
          />
        ))}
      </div>
    </div>
  );
}

interface BubbleProps {
  fromPhone: boolean;
  text: string;
  note: ReactNode;
  mark?: ReactNode;
}

function Bubble({ fromPhone, text, note, mark }: BubbleProps) {
  return (
    <div className={clsx('flex flex-col', fromPhone ? 'items-end' : 'items-start')}>
      <p
        className={clsx(
          'max-w-[85%] rounded-2xl px-3.5 py-2 text-base wrap-anywhere whitespace-pre-wrap',
          fromPhone ? 'rounded-br-md bg-accent text-on-accent' : 'rounded-bl-md bg-hover text-ink',
        )}
      >
        {text || ' '}
      </p>
      <p className="mt-0.5 flex items-center gap-1 px-1 text-xs text-ink-faint tabular-nums">
        {note}
        {mark}
      </p>
    </div>
  );
}

function OlderButton({ onLoad }: { onLoad: NonNullable<ThreadProps['onLoadOlder']> }) {
  const [isPending, setIsPending] = useState(false);
  return (
    <div className="text-center">
      <Button
        variant="quiet"
        size="small"
        pending={isPending}
        onClick={() => {
          setIsPending(true);
          void onLoad().finally(() => setIsPending(false));
        }}
      >
        Show older
      </Button>
    </div>
  );
}
