import { Ban, Check } from 'lucide-react';
import { useId } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CutNote } from '@/components/ui/cut-note';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import type { Decision, ReplyToReview } from './review-decisions';

interface ReviewCardProps {
  reply: ReplyToReview;
  timeZone: string;
  /** The one the Tab key stops at. */
  isActive: boolean;
  onFocus?: () => void;
  /** Null: who looks decides nothing. */
  onDecide: ((decision: Decision) => void) | null;
}

export function ReviewCard({ reply, timeZone, isActive, onFocus, onDecide }: ReviewCardProps) {
  const id = useId();
  const { msisdn, text, rule, receivedAt, answered, canOptOut } = reply;
  return (
    <article
      data-reply={reply.id}
      tabIndex={onDecide === null ? undefined : isActive ? 0 : -1}
      aria-labelledby={`${id}-number ${id}-text`}
      onFocus={onFocus}
      className="scroll-my-24 rounded-lg border border-line bg-surface p-4 transition-colors focus-visible:border-accent-text focus-visible:-outline-offset-1 md:grid md:grid-cols-[minmax(0,1fr)_auto] md:items-center md:gap-x-6"
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <h2 id={`${id}-number`} className="font-semibold">
            {canOptOut ? (
              <Link
                href={`/messages/opt-outs/${msisdn}`}
                className="rounded-sm underline-offset-4 hover:underline"
              >
                <PhoneNumber msisdn={msisdn} />
              </Link>
            ) : (
              <PhoneNumber msisdn={msisdn} />
            )}
          </h2>
          <span className="text-ink-soft">
            <Time value={receivedAt} timeZone={timeZone} />
          </span>
          {rule && (
            <Badge tone="info" tip="Why it may be an opt-out">
              {describeRule(rule)}
            </Badge>
          )}
        </div>
        <p id={`${id}-text`} className="mt-2 text-lg wrap-anywhere whitespace-pre-wrap">
          {text || <span className="text-ink-faint italic">Empty text</span>}
        </p>
        <CutNote text={text} wholeLength={reply.wholeLength} href={`/api/texts/reply/${reply.id}`} />
        <p className="mt-1 line-clamp-2 text-sm text-ink-soft">
          {answered ? (
            <>
              Answers “{answered.text}”{' '}
              <span className="whitespace-nowrap">
                of <Time value={answered.sentAt} timeZone={timeZone} />
              </span>
            </>
          ) : (
            'Answers no message of yours that is known.'
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2 max-md:mt-3.5 max-sm:*:grow md:w-40 md:flex-col md:items-stretch">
        {canOptOut && onDecide && (
          <Button onClick={() => onDecide('OPTED_OUT')} aria-describedby={`${id}-number`}>
            <Ban aria-hidden="true" className="size-4" />
            Opt out
          </Button>
        )}
        {onDecide && (
          <Button onClick={() => onDecide('DISMISSED')} aria-describedby={`${id}-number`}>
            <Check aria-hidden="true" className="size-4" />
            Not an opt-out
          </Button>
        )}
        {!canOptOut && (
          <p className="text-xs text-ink-faint">
            This sender is no number that can be written to, so there is nothing to block.
          </p>
        )}
      </div>
    </article>
  );
}
