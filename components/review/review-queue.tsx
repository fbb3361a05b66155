'use client';

import { clsx } from 'clsx';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { toProblem, useCaller, type ActionProblem } from '@/components/actions/use-action';
import { EmptyState } from '@/components/ui/empty-state';
import { Kbd } from '@/components/ui/kbd';
import { Link } from '@/components/ui/link';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { ActionWords } from '@/components/actions/describe-failure';
import { DecidedList } from './decided-list';
import { rememberDecision } from './recent-replies';
import { ReviewCard } from './review-card';
import type { Decision, RecentDecision, ReplyToReview, ReviewActions } from './review-decisions';
import { UndoBar, type LastDecision } from './undo-bar';

interface ReviewQueueProps extends ReviewActions {
  replies: readonly ReplyToReview[];
  recent: readonly RecentDecision[];
  timeZone: string;
}

const keys: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['O'], does: 'opt out' },
  { keys: ['N'], does: 'not an opt-out' },
  { keys: ['U'], does: 'undo' },
];

/**
 * The queue: a card for each reply, decided by a press or a key. A decided card goes at once, before the
 * server has answered; it comes back when the server refuses, or does not answer. Undo shows nothing as
 * undone before it is.
 */
export function ReviewQueue({ replies, recent, timeZone, optOut, dismiss, undo }: ReviewQueueProps) {
  const [decidedIds, setDecidedIds] = useState<ReadonlySet<string>>(new Set());
  /** Taken back, while the page still says that they are decided. */
  const [undoneIds, setUndoneIds] = useState<ReadonlySet<string>>(new Set());
  /** Being taken back. */
  const [undoingIds, setUndoingIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<LastDecision | null>(null);
  /** What went wrong, by the id of the reply: without a connection one may press on. */
  const [problems, setProblems] = useState<ReadonlyMap<string, ActionProblem>>(new Map());
  const router = useRouter();
  const makeCall = useCaller();
  const [activeId, setActiveId] = useState<string | null>(null);
  const region = useRef<HTMLDivElement>(null);
  /**
   * The card that has the focus as soon as it is there, until the next key or press: a refresh that was asked
   * for before an undo takes the card away once more, and the next one brings it back.
   */
  const focusNext = useRef<string | null>(null);

  const shown = replies.filter(({ id }) => !decidedIds.has(id));
  // The bar has the last one.
  const decided = recent.filter(({ replyId }) => !undoneIds.has(replyId) && replyId !== last?.reply.id);
  const undoable = decided.find(({ canUndo }) => canUndo);
  const isUndoingLast = last !== null && undoingIds.has(last.reply.id);
  const active = shown.find(({ id }) => id === activeId) ?? shown[0];

  useEffect(() => {
    if (focusNext.current === null) return;
    const focused = document.activeElement;
    if (focused !== document.body && !region.current?.contains(focused)) return;
    const card = findCard(region.current, focusNext.current);
    if (card?.contains(focused)) return;
    // Without a card the keys, above all U, still work.
    (card ?? region.current)?.focus();
  });

  // A first J or arrow gets into the queue; single letters do nothing outside of it.
  useEffect(() => {
    const enter = (event: globalThis.KeyboardEvent) => {
      if (document.activeElement !== document.body || hasModifier(event)) return;
      if (event.key !== 'ArrowDown' && event.key.toLowerCase() !== 'j') return;
      const first = region.current?.querySelector<HTMLElement>('article');
      if (!first) return;
      event.preventDefault();
      first.focus();
    };
    document.addEventListener('keydown', enter);
    return () => document.removeEventListener('keydown', enter);
  }, []);

  async function decide(reply: ReplyToReview, decision: Decision) {
    const index = shown.indexOf(reply);
    focusNext.current = (shown[index + 1] ?? shown[index - 1])?.id ?? '';
    setDecidedIds((ids) => withId(ids, reply.id));
    setUndoneIds((ids) => withoutId(ids, reply.id));
    showProblem(reply.id, null);
    rememberDecision(reply.id);
    setLast({ reply, decision, undoUntil: null, isSaving: true, problem: null });
    const askedAt = getNow();
    const outcome = await makeCall(prepareCall(decision === 'OPTED_OUT' ? optOut : dismiss, reply.id));
    if (!outcome) return;
    const number = formatMsisdn(reply.msisdn);
    if (!outcome.isAnswered) {
      setLast((current) => (current?.reply.id === reply.id ? null : current));
      setDecidedIds((ids) => withoutId(ids, reply.id));
      const again = () => void decide(reply, decision);
      showProblem(reply.id, toProblem(outcome.failure, getDecisionWords(number, decision), again));
      return;
    }
    const { answer } = outcome;
    if (answer.ok) {
      // Counted from before the server began to: a slow network makes the time to undo shorter, never longer
      // than it is.
      const undoUntil = answer.toldInMs === null ? null : askedAt + answer.toldInMs;
      // Only if nothing has been decided after it.
      changeLast(reply.id, { undoUntil, isSaving: false });
      return;
    }
    setLast((current) => (current?.reply.id === reply.id ? null : current));
    showProblem(reply.id, { message: `${number}: ${answer.message}` });
    // Decided by somebody else, or by a call whose answer was lost, it stays away; what is decided is shown
    // below.
    if (answer.reason === 'decided') router.refresh();
    else setDecidedIds((ids) => withoutId(ids, reply.id));
  }

  /** @param wasUnsure it has been tried before, and may have been done */
  async function takeBack(replyId: string, msisdn: string, decision: Decision, wasUnsure = false) {
    if (undoingIds.has(replyId)) return;
    const isLast = last?.reply.id === replyId;
    setUndoingIds((ids) => withId(ids, replyId));
    changeLast(replyId, { problem: null });
    showProblem(replyId, null);
    // Its button goes; the keys go on working.
    focusNext.current = replyId;
    const outcome = await makeCall(prepareCall(undo, { replyId, decision }));
    if (!outcome) return;
    setUndoingIds((ids) => withoutId(ids, replyId));
    if (!outcome.isAnswered) {
      const { failure } = outcome;
      const again = () => void takeBack(replyId, msisdn, decision, wasUnsure || !failure.isUndone);
      const problem = toProblem(failure, getUndoWords(formatMsisdn(msisdn), decision), again);
      // Beside the button that was pressed.
      if (isLast) changeLast(replyId, { problem });
      else showProblem(replyId, problem);
      return;
    }
    const { answer } = outcome;
    setLast((current) => (current?.reply.id === replyId ? null : current));
    if (answer.ok || (wasUnsure && answer.reason === 'not-decided')) {
      setUndoneIds((ids) => withId(ids, replyId));
      setDecidedIds((ids) => withoutId(ids, replyId));
      // After a reload the page has the card from the server only, and events may be slow to say so.
      router.refresh();
    } else {
      showProblem(replyId, { message: `${formatMsisdn(msisdn)}: ${answer.message}` });
    }
  }

  function changeLast(replyId: string, change: Partial<LastDecision>) {
    setLast((current) => (current?.reply.id === replyId ? { ...current, ...change } : current));
  }

  function showProblem(replyId: string, problem: ActionProblem | null) {
    setProblems((current) => {
      const next = new Map([...current].filter(([id, { tryAgain }]) => id !== replyId && tryAgain));
      return problem ? next.set(replyId, problem) : next;
    });
  }

  const takeBackLast =
    last &&
    (() => {
      if (last.problem?.mustReload) return;
      if (last.problem?.tryAgain) last.problem.tryAgain();
      else void takeBack(last.reply.id, last.reply.msisdn, last.decision);
    });
  const takeBackRecent = (recent: RecentDecision) =>
    void takeBack(recent.replyId, recent.msisdn, recent.decision);

  /** Of the latest decision that can be taken back. */
  function findUndo(): (() => void) | undefined {
    if (last && takeBackLast) return last.isSaving || isUndoingLast ? undefined : takeBackLast;
    return undoable && (() => takeBackRecent(undoable));
  }

  function onKeyDown(event: KeyboardEvent) {
    focusNext.current = null;
    if (hasModifier(event)) return;
    const index = active ? shown.indexOf(active) : -1;
    const move = (to: number) => findCard(region.current, shown[to]?.id ?? '')?.focus();
    const actions: Record<string, (() => void) | undefined> = {
      arrowdown: () => move(index + 1),
      j: () => move(index + 1),
      arrowup: () => move(index - 1),
      k: () => move(index - 1),
      home: () => move(0),
      end: () => move(shown.length - 1),
      o: active?.canOptOut ? () => void decide(active, 'OPTED_OUT') : undefined,
      n: active && (() => void decide(active, 'DISMISSED')),
      u: findUndo(),
    };
    const action = actions[event.key.toLowerCase()];
    if (!action || event.repeat) return;
    event.preventDefault();
    action();
  }

  return (
    <div
      ref={region}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onPointerDown={() => (focusNext.current = null)}
      className={clsx('max-w-4xl outline-none', last && 'pb-20')}
    >
      {problems.size > 0 && (
        <div className="mb-3 grid gap-2">
          {[...problems].map(([replyId, problem]) => (
            <ProblemCallout key={replyId} problem={problem} tone="warn" />
          ))}
        </div>
      )}
      {shown.length > 0 ? (
        <>
          <p
            aria-hidden="true"
            className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-faint max-sm:hidden"
          >
            {keys.map((hint) => (
              <span key={hint.does} className="inline-flex items-center gap-1">
                {hint.keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
                {hint.does}
              </span>
            ))}
          </p>
          <ul aria-label="Replies to review" className="space-y-3">
            {shown.map((reply) => (
              <li key={reply.id}>
                <ReviewCard
                  reply={reply}
                  timeZone={timeZone}
                  isActive={reply === active}
                  onFocus={() => setActiveId(reply.id)}
                  onDecide={(decision) => void decide(reply, decision)}
                />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState kind="nothing-yet" title="Nothing to review">
            Replies that may be opt-outs, such as “Stop please”, wait here for your decision. A plain “Stop”
            is blocked at once, without you. In <SettingsLink /> you can have these blocked at once, too.
          </EmptyState>
        </div>
      )}
      {decided.length > 0 && (
        <DecidedList decisions={decided} undoingIds={undoingIds} onUndo={takeBackRecent} />
      )}
      {last && (
        <UndoBar
          key={last.reply.id}
          last={last}
          isUndoing={isUndoingLast}
          onUndo={() => takeBackLast?.()}
          onClose={() => setLast((current) => (current?.reply.id === last.reply.id ? null : current))}
        />
      )}
    </div>
  );
}

function SettingsLink() {
  return (
    <Link href="/settings" className="text-accent-text underline underline-offset-4">
      Settings
    </Link>
  );
}

function withId(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set(ids).add(id);
}

function withoutId(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((other) => other !== id));
}

function getNow(): number {
  return Date.now();
}

function getDecisionWords(number: string, decision: Decision): ActionWords {
  return decision === 'OPTED_OUT'
    ? {
        undone: `${number} is not opted out; nothing was changed.`,
        unsure: `We do not know whether ${number} is opted out. Try again: nobody is opted out twice.`,
      }
    : {
        undone: `${number} still waits for your decision; nothing was changed.`,
        unsure: `We do not know whether your decision about ${number} was kept. Try again: it is kept once.`,
      };
}

function getUndoWords(number: string, decision: Decision): ActionWords {
  return decision === 'OPTED_OUT'
    ? {
        undone: `${number} is still opted out.`,
        unsure: `We do not know whether ${number} is still opted out. Try again: that does no harm.`,
      }
    : {
        undone: `Your decision about ${number} stands.`,
        unsure: `We do not know whether your decision about ${number} was undone. Try again: that does no harm.`,
      };
}

function findCard(region: HTMLElement | null, id: string): HTMLElement | null {
  return (
    [...(region?.querySelectorAll<HTMLElement>('article') ?? [])].find((card) => card.dataset.reply === id) ??
    null
  );
}

function hasModifier(event: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}
