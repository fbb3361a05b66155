'use client';

import { X } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { Kbd } from '@/components/ui/kbd';
import { formatMsisdn } from '@/lib/sms/msisdn-za';
import type { Decision, ReplyToReview } from './review-decisions';
import { useSecondsLeft } from './use-seconds-left';

export interface LastDecision {
  reply: ReplyToReview;
  decision: Decision;
  /** When the recipient is told, in milliseconds since the epoch; null: nobody is. */
  undoUntil: number | null;
  /** The server has not answered yet. */
  isSaving: boolean;
}

interface UndoBarProps {
  last: LastDecision;
  onUndo: () => void;
  onClose: () => void;
}

/** How long it still says that the time to undo is over. */
const stayMs = 6_000;

/** What was decided last, and for how long it can be undone. */
export function UndoBar({ last: { reply, decision, undoUntil, isSaving }, onUndo, onClose }: UndoBarProps) {
  const secondsLeft = useSecondsLeft(undoUntil);
  const isOver = secondsLeft === 0;

  useEffect(() => {
    if (!isOver) return;
    const timer = setTimeout(onClose, stayMs);
    return () => clearTimeout(timer);
  }, [isOver, onClose]);

  const number = formatMsisdn(reply.msisdn);
  return (
    <div className="fixed inset-x-4 bottom-4 z-20 flex justify-center pb-[env(safe-area-inset-bottom)]">
      <div className="flex max-w-full animate-appear items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 text-sm shadow-popover">
        <div className="min-w-0 grow">
          <p role="status">
            {decision === 'OPTED_OUT' ? (
              <>
                <span className="font-semibold whitespace-nowrap">{number}</span> is opted out.
              </>
            ) : (
              <>
                <span className="font-semibold whitespace-nowrap">{number}</span>: not an opt-out.
              </>
            )}
          </p>
          {secondsLeft !== null && (
            <p className="text-xs text-ink-faint tabular-nums">
              {isOver
                ? 'The confirmation SMS is on its way.'
                : `The confirmation SMS leaves in ${secondsLeft} s.`}
            </p>
          )}
        </div>
        {!isOver && (
          <Button size="small" pending={isSaving} onClick={onUndo}>
            Undo
            <span className="max-sm:hidden">
              <Kbd>U</Kbd>
            </span>
          </Button>
        )}
        <IconButton icon={X} label="Dismiss" onClick={onClose} />
      </div>
    </div>
  );
}
