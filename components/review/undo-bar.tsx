'use client';

import { X } from 'lucide-react';
import { useEffect } from 'react';
import { reloadPage } from '@/components/actions/draft-store';
import type { ActionProblem } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { Kbd } from '@/components/ui/kbd';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { Decision, ReplyToReview } from './review-decisions';
import { useSecondsLeft } from './use-seconds-left';

export interface LastDecision {
  reply: ReplyToReview;
  decision: Decision;
  /** When the recipient is told, in milliseconds since the epoch; null: nobody is. */
  undoUntil: number | null;
  /** The server has not answered yet. */
  isSaving: boolean;
  /** Why it has not been undone, though asked for. */
  problem: ActionProblem | null;
}

interface UndoBarProps {
  last: LastDecision;
  isUndoing: boolean;
  onUndo: () => void;
  onClose: () => void;
}

/** How long it still says that the time to undo is over. */
const stayMs = 6_000;

/** What was decided last, and for how long it can be undone. */
export function UndoBar({ last, isUndoing, onUndo, onClose }: UndoBarProps) {
  const { reply, decision, undoUntil, isSaving, problem } = last;
  const secondsLeft = useSecondsLeft(undoUntil);
  const isOver = secondsLeft === 0;
  // What went wrong stays to be read.
  const mayClose = isOver && !isUndoing && problem === null;

  useEffect(() => {
    if (!mayClose) return;
    const timer = setTimeout(onClose, stayMs);
    return () => clearTimeout(timer);
  }, [mayClose, onClose]);

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
          {problem && (
            <p role="alert" className="mt-0.5 max-w-md text-bad-text">
              Not undone. {problem.message}
            </p>
          )}
          {secondsLeft !== null && (
            <p className="text-xs text-ink-faint tabular-nums">
              {!isOver
                ? `The confirmation SMS leaves in ${secondsLeft} s.`
                : problem || isUndoing
                  ? 'The time to undo is over.'
                  : 'The confirmation SMS is on its way.'}
            </p>
          )}
        </div>
        {problem?.mustReload ? (
          <Button size="small" onClick={reloadPage}>
            Reload
          </Button>
        ) : (
          !isOver && (
            <Button size="small" pending={isSaving || isUndoing} onClick={onUndo}>
              {problem ? 'Try again' : 'Undo'}
              <span className="max-sm:hidden">
                <Kbd>U</Kbd>
              </span>
            </Button>
          )
        )}
        <IconButton icon={X} label="Dismiss" onClick={onClose} />
      </div>
    </div>
  );
}
