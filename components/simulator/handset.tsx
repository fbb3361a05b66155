'use client';

import { clsx } from 'clsx';
import { ArrowUp, X } from 'lucide-react';
import { useEffect, useRef, useState, type SubmitEvent, type KeyboardEvent } from 'react';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useDraft } from '@/components/actions/use-draft';
import { EmptyState } from '@/components/ui/empty-state';
import { IconButton } from '@/components/ui/icon-button';
import { Skeleton } from '@/components/ui/skeleton';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { Thread } from './thread';
import type { SimulatorActions } from './types';
import { usePhone } from './use-phone';

interface HandsetProps {
  msisdn: string;
  actions: SimulatorActions;
  timeZone: string;
  onClose: () => void;
  className?: string;
}

const quickReplies = ['Stop', 'Yes', 'No'];

export function Handset({ msisdn, actions, timeZone, onClose, className }: HandsetProps) {
  const phone = usePhone(msisdn, actions);
  const [chosenSender, setChosenSender] = useState<string | null>(null);
  const frame = useRef<HTMLElement>(null);
  const number = formatMsisdn(msisdn);

  // Opened last, it is the one to look at, also where they do not all fit.
  useEffect(() => {
    // Not returned: browsers have begun to answer with a promise, which React would take for the clean-up.
    void frame.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);

  const messages = phone.contents?.messages ?? [];
  // Newest conversation first, as on a phone.
  const senders = [...new Set(messages.map((message) => message.senderNumber).reverse())];
  const sender = chosenSender ?? senders[0];

  return (
    <section
      ref={frame}
      aria-label={`Phone ${number}`}
      className={clsx(
        'flex min-h-0 shrink-0 snap-center flex-col max-md:w-full md:max-h-184 md:w-84 md:rounded-[2.25rem] md:border md:border-control/50 md:bg-raised md:p-2 md:shadow-popover',
        className,
      )}
    >
      <div className="flex min-h-0 grow flex-col overflow-clip bg-surface md:rounded-[1.75rem] md:border md:border-line">
        <header className="flex items-start justify-between gap-2 px-4 pt-3 pb-2">
          <div>
            <h2 className="text-xl font-semibold tabular-nums">{number}</h2>
            <p className="text-xs text-ink-faint">This phone’s number</p>
          </div>
          <IconButton icon={X} label="Put back on the shelf" onClick={onClose} />
        </header>
        {senders.length > 0 && (
          <div
            role="group"
            aria-label="Conversations"
            className="flex shrink-0 gap-1.5 overflow-x-auto border-b border-line px-3 pb-2.5"
          >
            {senders.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === sender}
                onClick={() => setChosenSender(one)}
                className="h-7 shrink-0 rounded-full border border-line px-3 text-xs font-medium text-ink-soft tabular-nums transition-colors hover:bg-hover aria-pressed:border-accent-text aria-pressed:bg-accent-soft aria-pressed:text-accent-text max-md:h-9"
              >
                {formatMsisdn(one)}
              </button>
            ))}
          </div>
        )}
        {phone.problem && (
          <div className="px-3 pt-3">
            <ProblemCallout problem={phone.problem} />
          </div>
        )}
        {!phone.contents ? (
          <div className="grow space-y-3 p-4">
            <Skeleton className="h-12 w-3/4 rounded-2xl" />
            <Skeleton className="ml-auto h-9 w-1/3 rounded-2xl" />
          </div>
        ) : sender === undefined ? (
          <div className="my-auto">
            <EmptyState kind="nothing-yet" title="Nothing has arrived">
              Send a message to {number} in the Client Zone; it appears here at once.
            </EmptyState>
          </div>
        ) : (
          <>
            <Thread
              label={`Conversation with ${formatMsisdn(sender)}`}
              messages={messages.filter((message) => message.senderNumber === sender)}
              outgoing={phone.outgoing.filter((text) => text.senderNumber === sender)}
              timeZone={timeZone}
              onLoadOlder={phone.contents.older ? phone.loadOlder : undefined}
            />
            <ReplyBox
              key={sender}
              msisdn={msisdn}
              sender={sender}
              // Over a reload the box has what did not go.
              unsent={phone.outgoing.findLast((text) => text.senderNumber === sender && text.problem)?.text}
              onSend={(text) => void phone.send(sender, text)}
            />
          </>
        )}
      </div>
    </section>
  );
}

interface ReplyBoxProps {
  msisdn: string;
  sender: string;
  /** The last text that did not go. */
  unsent: string | undefined;
  onSend: (text: string) => void;
}

function ReplyBox({ msisdn, sender, unsent, onSend }: ReplyBoxProps) {
  const { value: text, change: setText } = useDraft<string>(`reply ${msisdn} ${sender}`, '', unsent);

  function send(event?: SubmitEvent) {
    event?.preventDefault();
    if (text === '') return;
    onSend(text);
    setText('');
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <div className="shrink-0 border-t border-line px-3 pt-2 pb-3">
      <div role="group" aria-label="Quick replies" className="mb-2 flex gap-1.5">
        {quickReplies.map((reply) => (
          <button
            key={reply}
            type="button"
            onClick={() => onSend(reply)}
            className="h-7 rounded-full border border-line px-3 text-xs font-medium text-ink-soft transition-colors hover:bg-hover hover:text-ink max-md:h-9"
          >
            {reply}
          </button>
        ))}
      </div>
      <form onSubmit={send} className="flex items-end gap-2">
        <textarea
          aria-label={`Reply to ${formatMsisdn(sender)}`}
          placeholder="Reply"
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-28 min-h-9 grow resize-none rounded-2xl border border-control bg-raised px-3.5 py-1.5 text-base placeholder:text-ink-faint"
        />
        <button
          type="submit"
          aria-label="Send"
          data-tip="Send"
          disabled={text === ''}
          className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-hover disabled:bg-hover disabled:text-ink-faint"
        >
          <ArrowUp aria-hidden="true" className="size-4" />
        </button>
      </form>
    </div>
  );
}
